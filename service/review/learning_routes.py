"""The page of what people did with the engine's drafts, block by block."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from models.contracts import LANGUAGES
from pipelines.followup.learning import OFTEN, BlockFigures, Edit, figures
from service.auth import House, Person
from service.review.book_words import FILES, part_of, when_of
from service.review.language import _, language
from service.review.pages import render
from service.storage.lessons import lessons

router = APIRouter(prefix="/templates", include_in_schema=False)

_MOST_BLOCKS = 60


@dataclass(frozen=True)
class ShownEdit:
    """A change that people made; `offer` leads to the block with it as a new wording."""

    edit: Edit
    offer: str


@dataclass(frozen=True)
class ShownBlock:
    """A block with its figures, in words."""

    figures: BlockFigures
    part: str
    when: str
    address: str
    edits: tuple[ShownEdit, ...]


@router.get("/learning")
def learning(person: Person, odzew: House, code: str = "") -> Response:
    """Blocks that people keep least, and what they put in their place."""
    code = code if code in LANGUAGES else language()
    with odzew.database.snapshot() as session:
        found = figures(lessons(session, person.workspace))
    blocks = [_shown(one) for one in found if one.language == code][:_MOST_BLOCKS]
    return render(
        "learning.html",
        blocks=blocks,
        code=code,
        codes=LANGUAGES,
        files=[(key, _(name)) for key, name in FILES.items()],
        person=person.name,
        here="templates",
    )


def _shown(block: BlockFigures) -> ShownBlock:
    address = f"/templates/{block.language}/{block.file}/{block.name}"
    edits = tuple(
        ShownEdit(one, f"{address}?{urlencode({'new': one.after})}" if one.cases >= OFTEN else "")
        for one in block.edits
    )
    return ShownBlock(block, part_of(block), when_of(block), address, edits)
