"""Reads YAML that people write: entries out, or an error that names the line and what to do."""

from __future__ import annotations

import re
from typing import Any

import yaml

from pipelines.contracts import PipelineError
from pipelines.messages import N_

_NO_YAML = N_(
    "The document is no YAML from line %(line)s, column %(column)s on. Indent with spaces, put a "
    "space after each colon, and close every bracket and quotation mark."
)
_TAB = N_("The document is no YAML: line %(line)s holds a tab. Indent with spaces instead.")
_TWICE = N_(
    "“%(key)s” stands twice, in lines %(first)s and %(line)s: only one would count. Take one out."
)
_PLAIN = {
    "tag:yaml.org,2002:bool": r"true|True|TRUE|false|False|FALSE",
    "tag:yaml.org,2002:null": r"null|Null|NULL|~|",
    "tag:yaml.org,2002:int": r"[-+]?(0|[1-9][0-9]*)",
    "tag:yaml.org,2002:float": r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+([eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan",
}
"""What is no text where it stands without quotes, nearly as in YAML 1.2: NO is Norway, 010 a shop's
number, 8:00 a time of day and 2026-12-31 a day as it is written."""


class _Doubled(yaml.MarkedYAMLError):  # type: ignore[misc]
    """A key stands twice in a mapping; `context` is the key."""


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """YAML's safe loader with plain values of version 1.2, and without the last key that wins."""

    yaml_implicit_resolvers: dict[str | None, list[tuple[str, re.Pattern[str]]]] = {  # noqa: RUF012
        None: [(tag, re.compile(rf"(?:{pattern})\Z")) for tag, pattern in _PLAIN.items()],
        "<": [("tag:yaml.org,2002:merge", re.compile(r"<<\Z"))],
    }

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        """A mapping as it is written, before others are merged into it."""
        node: yaml.MappingNode = super().compose_mapping_node(anchor)
        seen: dict[tuple[str, str], yaml.ScalarNode] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                first = seen.setdefault((key.tag, key.value), key)
                if first is not key:
                    raise _Doubled(key.value, first.start_mark, problem_mark=key.start_mark)
        return node


def read_yaml(content: str, error: type[PipelineError]) -> Any:
    """The entries of a YAML document.

    Args:
        content: YAML.
        error: raised where it cannot be read.
    """
    try:
        return yaml.load(content, _Loader)  # noqa: S506 - a safe loader
    except _Doubled as found:
        first, line = found.context_mark, found.problem_mark
        raise error(
            _TWICE, key=str(found.context)[:60], first=_line(first), line=_line(line)
        ) from found
    except yaml.MarkedYAMLError as found:
        mark = found.problem_mark or found.context_mark
        if "'\\t'" in (found.problem or ""):
            raise error(_TAB, line=_line(mark)) from found
        column = mark.column + 1 if mark else 1
        raise error(_NO_YAML, line=_line(mark), column=column) from found
    except yaml.reader.ReaderError as found:
        raise error(
            N_("The document is no YAML: it holds the character %(code)s. Take it out."),
            code=f"U+{ord(str(content[found.position])):04X}",
        ) from found
    except (yaml.YAMLError, ValueError, RecursionError) as found:
        raise error(
            N_("The document is no YAML that can be read. Nest it less and shorten its numbers.")
        ) from found


def _line(mark: yaml.Mark | None) -> int:
    return mark.line + 1 if mark else 1
