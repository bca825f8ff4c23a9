"""The language of a page: the one that a person chose, else the browser's, else English."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path
from typing import Literal

from babel import Locale
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from fastapi import Request
from markupsafe import Markup
from starlette.types import ASGIApp, Receive, Scope, Send

from pipelines.messages import Codes, Fact, Told, ToldError

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {"en": "English", "pl": "Polski", "cs": "Čeština", "et": "Eesti"}
"""Languages of the pages, as they call themselves."""
COOKIE = "odzew_language"
VARY = {"Vary": "Accept-Language, Cookie"}
LOCALE = Path(__file__).parent / "locale"
DOMAIN = "odzew"


@dataclass(frozen=True)
class Visit:
    """What a page knows of the request that it answers.

    Attributes:
        language: one of `LANGUAGES`.
        address: path and query to come back to once another language is chosen.
        notes: what is to be said of the request on whatever page answers it.
    """

    language: str = ENGLISH
    address: str = "/"
    notes: tuple[Told, ...] = ()


_visit: ContextVar[Visit] = ContextVar("visit")
_NOWHERE = Visit()


class InLanguage:
    """Lets everything that answers a request know its language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; each is a task of its own, so nothing is left to forget."""
        if scope["type"] == "http":
            request = Request(scope)
            _visit.set(Visit(_asked(request), _address(request)))
        await self.app(scope, receive, send)


def visit() -> Visit:
    """The visit that is answered; in English where there is none."""
    return _visit.get(_NOWHERE)


def note(said: Told) -> None:
    """Say something of the request on the page that answers it."""
    _visit.set(replace(visit(), notes=(*visit().notes, said)))


def language() -> str:
    """Code of the language to answer in."""
    return visit().language


def locale() -> Locale:
    """How dates and numbers are written in it."""
    return Locale.parse("en_GB" if language() == ENGLISH else language())


def number(value: float) -> str:
    """A number as it is written in the language: `1,234.5`, `1 234,5`."""
    return format_decimal(value, locale=locale())


def is_own_address(address: str) -> bool:
    """Whether an address leads to one of our pages, and to no other host."""
    return address.startswith("/") and not address.startswith(("//", "/\\"))


def _asked(request: Request) -> str:
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> str:
    """The language of ours that an Accept-Language header likes best; English where none."""
    liked = []
    for part in header.split(","):
        tag, _, weight = part.partition(";")
        code = tag.strip().lower().partition("-")[0]
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if code in LANGUAGES and quality > 0:
            liked.append((quality, code))
    return max(liked, key=lambda one: one[0], default=(0, ENGLISH))[1]


def _address(request: Request) -> str:
    if request.method != "GET":
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


@lru_cache
def _catalogue(code: str) -> NullTranslations:
    """Translations into a language; English needs none."""
    if code == ENGLISH:
        return NullTranslations()
    compiled = BytesIO()
    with (LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        write_mo(compiled, read_po(file, code))
    compiled.seek(0)
    return Translations(compiled, DOMAIN)


def _said(
    kind: type[str], find: str, *message: str | int, values: Mapping[str, object] | None = None
) -> str:
    """A message in the language with its values; numbers among them are written as there."""
    return kind(getattr(_catalogue(language()), find)(*message)) % _shown(values or {})


def _shown(values: Mapping[str, object]) -> dict[str, object]:
    """Values of a message, with numbers as they are written in the language."""
    return {
        name: number(value) if isinstance(value, int | float) else value
        for name, value in values.items()
    }


def _gettext(kind: type[str], message: str, /, **values: object) -> str:
    return _said(kind, "gettext", message, values=values)


def _ngettext(kind: type[str], one: str, many: str, num: int, /, **values: object) -> str:
    return _said(kind, "ngettext", one, many, num, values={"num": num, **values})


def _pgettext(kind: type[str], context: str, message: str, /, **values: object) -> str:
    return _said(kind, "pgettext", context, message, values=values)


_ = partial(_gettext, str)
"""`_("Hand over to %(name)s", name=...)`: a message in the reader's language."""
ngettext = partial(_ngettext, str)
"""`ngettext("%(num)s case", "%(num)s cases", count)`: one that depends on a number."""
pgettext = partial(_pgettext, str)
"""`pgettext("of a case", "new")`: one that English uses for two things."""
IN_TEMPLATES: Mapping[str, Callable[..., str]] = {
    "_": partial(_gettext, Markup),
    "gettext": partial(_gettext, Markup),
    "ngettext": partial(_ngettext, Markup),
    "pgettext": partial(_pgettext, Markup),
}
"""The same for templates: messages may hold tags, and values are escaped."""


def listed(things: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
    """Things as a sentence lists them: `a, b and c`, or `a, b or c`."""
    return format_list(things, style, locale=locale())


def quoted(words: str) -> str:
    """Words in the quotation marks of the language."""
    return _("“%(words)s”", words=words)


def told(said: ToldError | Told) -> str:
    """A sentence or an error's, in the language; in English where its message is not marked."""
    sentence = said.told if isinstance(said, ToldError) else said
    message = translated(sentence.message)
    if not sentence.facts:
        return message
    return message % _shown({name: _fact(value) for name, value in sentence.facts.items()})


def _fact(value: Fact) -> object:
    if isinstance(value, Told):
        return told(value)
    if isinstance(value, Codes):
        from service.review.names import named  # which says its names by this module

        return ", ".join(quoted(named(code, value.kind)) for code in value.codes)
    return value


def translated(message: str) -> str:
    """A whole sentence in the language; as it is where the catalogue has none."""
    return _catalogue(language()).gettext(message) if message else ""
