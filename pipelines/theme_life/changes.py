"""Puts a change of themes in place: a refit, a person's edit, or an undo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

from models.contracts import Themed, Vectors
from models.themes import ThemeModel
from pipelines.messages import N_
from pipelines.ports import Change, StoredExcerpt, ThemeStore
from pipelines.theme_life.edits import Edit, ThemeEditError
from pipelines.theme_life.fates import Fate, counted, kept_share, shown
from pipelines.theme_life.finding import Found
from pipelines.theme_life.membership import PinPhrase
from pipelines.theme_life.refit import settle, with_touchpoints
from pipelines.theme_life.touchpoints import Taxonomy

_SHOWN = 8
"""Excerpts that a preview shows of each move."""


@dataclass(frozen=True)
class Refit:
    """What a refit did.

    Attributes:
        themes: how many there are now.
        excerpts: in all, and the share of them without a theme.
        kept_share: of the excerpts that had a theme before, the share that has the same one.
        fates: what became of each theme.
    """

    version: str
    themes: int
    excerpts: int
    unthemed_share: float
    kept_share: float
    fates: tuple[Fate, ...] = field(repr=False, default=())


@dataclass(frozen=True)
class Moved:
    """Excerpts that a change takes from one theme (None: from none) to another."""

    source: str | None
    target: str | None
    count: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Effect:
    """What a change does to excerpts.

    Attributes:
        moved: most first.
        unthemed_share: before and after.
        made: id of the theme that it makes, if it makes one.
        note: what else somebody should know of it before doing it.
        change: its number in the history; None for a preview.
    """

    moved: tuple[Moved, ...]
    unthemed_share: tuple[float, float]
    made: str | None = None
    note: str = ""
    change: int | None = field(default=None, compare=False)


def install(store: ThemeStore, found: Found, taxonomy: Taxonomy | None, *, who: str) -> Refit:
    """Match what a fit found with the model in use and put the outcome in place.

    The model is read here and not before the fit, so that what people changed meanwhile counts.
    """
    model = store.current_model()
    excerpts, vectors = store.excerpts()
    before = store.themes_of_excerpts()
    settled = settle(
        found, model, taxonomy, made_from=store.made_from(), in_use=set(filter(None, before))
    )
    assigned = _assign(settled.model, excerpts, vectors)
    after = [one.first.id if one.first else None for one in assigned]
    fates = counted(settled.fates, before, after)
    fates = shown(fates, [one.id for one in excerpts], vectors, before, after)
    refit = Refit(
        settled.model.version,
        sum(theme.retired is None for theme in settled.model.themes),
        len(excerpts),
        round(after.count(None) / max(len(after), 1), 4),
        round(kept_share(before, after), 4),
        fates,
    )
    store.put(
        Change(
            "refit",
            who,
            settled.model,
            tuple(fate.theme for fate in fates),
            asdict(refit),
            assigned,
            made_from=len(excerpts) if settled.measured else store.made_from(),
        )
    )
    return refit


def preview(store: ThemeStore, edit: Edit) -> Effect:
    """What an edit would do.

    Raises:
        ThemeEditError: it cannot be made.
    """
    return _tried(store, edit)[1]


def make(store: ThemeStore, edit: Edit, *, kind: str, who: str, note: str = "") -> Effect:
    """Make an edit and put it in place.

    The history keeps what the themes were called then, and counts it to every theme that excerpts
    left or came to.

    Args:
        store: where themes are.
        edit: what to change.
        kind: one word for the history.
        who: the person.
        note: why.

    Raises:
        ThemeEditError: it cannot be made.
    """
    before = store.current_model()
    model, effect, assigned = _tried(store, edit)
    ends = (end for one in effect.moved for end in (one.source, one.target))
    themes = tuple(dict.fromkeys((*edit.themes, *(end for end in ends if end is not None))))
    names = {one.id: one.label for known in (model, before) if known for one in known.themes}
    report = {
        "moved": sum(one.count for one in effect.moved),
        "note": note,
        "edit": _said(edit),
        "names": {theme: names[theme] for theme in themes if theme in names},
    }
    put = store.put(Change(kind, who, model, themes, report, assigned, made_from=store.made_from()))
    return replace(effect, change=put)


def undo(store: ThemeStore, change_id: int, *, who: str) -> Effect:
    """Take the newest change back; what came before is in effect again, new excerpts included.

    Raises:
        ThemeEditError: it is not the newest change that can be taken back.
    """
    model = store.model_before(change_id)
    if model is None:
        raise ThemeEditError(N_("Only the newest change can be undone, and the first fit cannot."))
    excerpts, vectors = store.excerpts()
    assigned = _assign(model, excerpts, vectors)
    effect = _effect(excerpts, store.themes_of_excerpts(), assigned)
    store.put_back(change_id, model, assigned, who=who)
    return effect


def sort_under(store: ThemeStore, taxonomy: Taxonomy, *, who: str) -> None:
    """Sort the themes there are under another taxonomy."""
    model = store.current_model()
    if model is None:
        return
    sorted_model = with_touchpoints(model, taxonomy)
    excerpts, vectors = store.excerpts()
    store.put(
        Change(
            "taxonomy",
            who,
            sorted_model,
            (),
            {"touchpoints": len(taxonomy.touchpoints)},
            _assign(sorted_model, excerpts, vectors),
            made_from=store.made_from(),
        )
    )


def _tried(store: ThemeStore, edit: Edit) -> tuple[ThemeModel, Effect, list[Themed]]:
    model = store.current_model()
    if model is None:
        raise ThemeEditError(N_("There are no themes yet: odzew themes refit"))
    changed = edit.apply(model)
    excerpts, vectors = store.excerpts()
    assigned = _assign(changed, excerpts, vectors)
    effect = _effect(excerpts, store.themes_of_excerpts(), assigned)
    made = next((one.id for one in changed.themes if one.id not in model.places), None)
    note = edit.note(model) if isinstance(edit, PinPhrase) else ""
    return changed, replace(effect, made=made, note=note), assigned


def _assign(model: ThemeModel, excerpts: Sequence[StoredExcerpt], vectors: Vectors) -> list[Themed]:
    return model.assign(vectors, [one.text for one in excerpts], [one.language for one in excerpts])


def _effect(
    excerpts: Sequence[StoredExcerpt], before: Sequence[str | None], assigned: Sequence[Themed]
) -> Effect:
    after = [one.first.id if one.first else None for one in assigned]
    moves: Counter[tuple[str | None, str | None]] = Counter()
    texts: dict[tuple[str | None, str | None], list[str]] = {}
    for excerpt, old, new in zip(excerpts, before, after, strict=True):
        if old != new:
            moves[old, new] += 1
            shown = texts.setdefault((old, new), [])
            if len(shown) < _SHOWN:
                shown.append(excerpt.text)
    moved = tuple(
        Moved(old, new, count, tuple(texts[old, new]))
        for (old, new), count in sorted(moves.items(), key=lambda one: (-one[1], str(one[0])))
    )
    count = max(len(after), 1)
    return Effect(
        moved,
        (round(list(before).count(None) / count, 4), round(after.count(None) / count, 4)),
    )


def _said(edit: Edit) -> dict[str, object]:
    """An edit for the history: its words, without vectors."""
    fields = vars(edit)
    return {
        name: value
        for name, value in fields.items()
        if name
        in {
            "theme",
            "into",
            "name",
            "language",
            "names",
            "phrase",
            "taken_away",
            "reason",
            "changes",
            "source",
        }
    }
