"""What stands between the braces of a wording, and in plain words what may not stand there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from jinja2 import Environment, nodes
from jinja2 import TemplateError as JinjaError

from pipelines.contracts import PipelineError
from pipelines.followup.slots import CONDITIONS, WITH_FORMS, forms_of, slots_for, slots_of
from pipelines.messages import N_, Fact
from pipelines.words import shortened

_SHOWN: Final = 60
"""Characters of a piece that an error shows."""
_CRUDE: Final = re.compile(r"\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$)|\{#.*?(?:#\}|$)", re.DOTALL)
_TAG: Final = re.compile(r"\{%[-+]?\s*(\w*)\s*(.*?)\s*[-+]?%\}", re.DOTALL)
_CHOICES: Final = ("if", "elif", "else", "endif")
_CALCULATES: Final = (nodes.BinExpr, nodes.Neg, nodes.Pos, nodes.Concat)
_ALLOWED: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const),
    *(nodes.If, nodes.CondExpr, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand),
)
_FILTERS: Final = {"after": 1, "small": 0}
"""What may stand after a bar, and how many words in its brackets."""
_BOTH_VERBS = N_('“%(what)s”: write both verbs, as in {{ verb("pisze", "piszą") }}')
_UNREADABLE = N_("“%(what)s” cannot be read; write the name of one slot, such as {{ company }}")


class WordingError(PipelineError):
    """A wording breaks the rules of templates; the message says where and what to do."""


def check_braces(text: str, environment: Environment, language: str, when: Collection[str]) -> None:
    """See that nothing stands in a wording's braces but slots and choices between them.

    Args:
        text: as it was written.
        environment: that wordings are read with.
        language: that it is in.
        when: conditions of its block.

    Raises:
        WordingError: something else does; the message shows it.
    """
    for kind, piece in _pieces(text, environment):
        if kind == "data":
            _check_words(piece)
            continue
        readable = _readable(kind, piece, language, when)
        try:
            tree = environment.parse(readable)
        except JinjaError as error:
            raise _refused(_UNREADABLE, piece) from error
        for node in tree.find_all(nodes.Node):
            _check_node(node, piece, language, when)


def _pieces(text: str, environment: Environment) -> Iterator[tuple[str, str]]:
    """The words (`data`), slots (`variable`) and tags (`block`) of a text, in order."""
    try:
        tokens = list(environment.lex(text))
    except JinjaError as error:
        raise _refused(_UNREADABLE, _broken(text, environment)) from error
    pieces: list[list[tuple[str, str]]] = []
    for _, kind, value in tokens:
        if kind.endswith("_begin") or kind == "data":
            pieces.append([])
        pieces[-1].append((kind, value))
    for piece in pieces:
        kind, last = piece[0][0].removesuffix("_begin"), piece[-1][0]
        written = "".join(value for _, value in piece)
        if kind in ("variable", "block") and last != f"{kind}_end":
            raise _refused(
                N_("“%(what)s” is not closed; write %(end)s after it"),
                written,
                end="}}" if kind == "variable" else "%}",
            )
        if kind != "comment":
            yield kind, written


def _broken(text: str, environment: Environment) -> str:
    """The first piece of a text that cannot be told apart."""
    for one in _CRUDE.findall(text):
        try:
            list(environment.lex(one))
        except JinjaError:
            return str(one)
    return text


def _check_words(words: str) -> None:
    found = re.search(r"\S*[{}].{0,40}", words)
    if found:
        raise _refused(
            N_("“%(what)s”: a slot has two braces on both sides, such as {{ company }}"), found[0]
        )


def _readable(kind: str, piece: str, language: str, when: Collection[str]) -> str:
    """A slot or tag as a template of its own."""
    if kind == "variable":
        if not piece.strip("{}-+ \t\n"):
            raise _refused(
                N_("“%(what)s” is empty; write a slot in it, such as {{ company }}"), piece
            )
        return piece
    found = _TAG.fullmatch(piece)
    name = found[1] if found else ""
    if name == "for":
        raise _refused(N_("“%(what)s”: loops are not offered; write one sentence"), piece)
    if found is None or name not in _CHOICES:
        raise _only_slots(piece, language, when)
    return f"{{% if {found[2]} %}}{{% endif %}}" if name in ("if", "elif") else ""


def _check_node(node: nodes.Node, piece: str, language: str, when: Collection[str]) -> None:
    if isinstance(node, _CALCULATES):
        raise _refused(
            N_("“%(what)s”: templates do not calculate; write the number or the words"), piece
        )
    if isinstance(node, nodes.Name):
        _check_slot(node.name, piece, language, when)
    elif isinstance(node, nodes.Getattr):
        _check_form(node, piece, language, when)
    elif isinstance(node, nodes.Call):
        _check_call(node, piece)
    elif isinstance(node, nodes.Filter):
        _check_filter(node, piece)
    elif not isinstance(node, _ALLOWED):
        raise _only_slots(piece, language, when)
    for part in _written_out(node):
        if isinstance(part, nodes.Name):
            _check_bare(part.name, piece, language)


def _written_out(node: nodes.Node) -> Sequence[nodes.Node | None]:
    """The parts of a node that have to be text."""
    if isinstance(node, nodes.Output):
        return node.nodes
    if isinstance(node, nodes.Filter):
        return (node.node, *node.args)
    if isinstance(node, nodes.CondExpr):
        return (node.expr1, node.expr2)
    return node.args if isinstance(node, nodes.Call) else ()


def _check_call(node: nodes.Call, piece: str) -> None:
    if not isinstance(node.node, nodes.Name) or node.node.name != "verb":
        raise _refused(
            N_("“%(what)s”: a slot is written without round brackets; only verb has them"), piece
        )
    if len(node.args) != 2 or node.dyn_args is not None:
        raise _refused(_BOTH_VERBS, piece)


def _check_filter(node: nodes.Filter, piece: str) -> None:
    if _FILTERS.get(node.name) != len(node.args) or node.dyn_args is not None:
        raise _refused(
            N_('“%(what)s”: after the bar (|) only small or after("s") may stand'), piece
        )


def _check_slot(slot: str, piece: str, language: str, when: Collection[str]) -> None:
    known = slots_of(language)
    if slot not in known:
        near = get_close_matches(slot, known, 1)
        if near:
            raise _refused(
                N_("“%(what)s”: there is no slot %(slot)s; did you mean %(near)s?"),
                piece,
                slot=slot[:40],
                near=near[0],
            )
        raise _refused(
            N_("“%(what)s”: there is no slot %(slot)s; there are: %(known)s"),
            piece,
            slot=slot[:40],
            known=", ".join(slots_for(language, when)),
        )
    needed = CONDITIONS.get(slot)
    if needed and needed not in when:
        raise _refused(
            N_(
                "“%(what)s” may be empty here, for this block is said without it too; write the "
                "sentence without it"
            ),
            piece,
        )


def _check_form(node: nodes.Getattr, piece: str, language: str, when: Collection[str]) -> None:
    if not isinstance(node.node, nodes.Name):
        raise _only_slots(piece, language, when)
    slot = node.node.name
    if slot in slots_of(language) and slot not in WITH_FORMS:
        raise _refused(
            N_("“%(what)s”: %(slot)s has no forms; write {{ %(slot)s }}"), piece, slot=slot
        )
    if slot in WITH_FORMS and node.attr not in forms_of(slot, language):
        raise _refused(
            N_("“%(what)s”: there is no form %(form)s; forms of %(slot)s are %(forms)s"),
            piece,
            form=node.attr[:40],
            slot=slot,
            forms=", ".join(forms_of(slot, language)),
        )


def _check_bare(slot: str, piece: str, language: str) -> None:
    """See that what has to be text is; a slot with forms and a verb are not yet."""
    if slot in WITH_FORMS:
        forms = forms_of(slot, language)
        raise _refused(
            N_("“%(what)s”: write a form of %(slot)s (%(forms)s), such as {{ %(slot)s.%(form)s }}"),
            piece,
            slot=slot,
            forms=", ".join(forms),
            form=forms[0],
        )
    if slot == "verb":
        raise _refused(_BOTH_VERBS, piece)


def _only_slots(piece: str, language: str, when: Collection[str]) -> WordingError:
    return _refused(
        N_("“%(what)s”: only slots may be filled in: %(known)s"),
        piece,
        known=", ".join(slots_for(language, when)),
    )


def _refused(message: str, piece: str, **facts: Fact) -> WordingError:
    return WordingError(message, what=shortened(" ".join(piece.split()), _SHOWN), **facts)
