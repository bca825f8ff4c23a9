"""Joins models, flows and storage into one running house; the only module that knows them all."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from threading import Lock, Thread
from time import monotonic

from models.concepts import ConceptSpace
from models.contracts import ModelError, Vectors
from models.encoder import encoder_name, open_encoder
from models.themes import MIN_TEXTS, ThemeModel
from pipelines import reception
from pipelines.contracts import ENGINE, PipelineError
from pipelines.followup.planning import Voice
from pipelines.insight.spikes import find_spikes, incidents
from pipelines.reception import Keyed, Taken
from pipelines.rules import Rules, unusable
from pipelines.theme_life import changes
from pipelines.theme_life.finding import find
from pipelines.theme_life.refit import is_due
from pipelines.theme_life.touchpoints import Taxonomy, Touchpoint
from pipelines.triage import Standing
from pipelines.understanding import LanguageShares, Reader
from service.meanings import Meanings
from service.own_books import OwnBooks
from service.redrafts import name_topics
from service.refits import Refit
from service.settings import Settings
from service.storage.actions import ActionRepository
from service.storage.case_tables import CaseAlert
from service.storage.cases import CaseRepository
from service.storage.database import Database
from service.storage.feedback import FeedbackRepository
from service.storage.incidents import IncidentRepository
from service.storage.rules import RuleRepository
from service.storage.theme_weeks import theme_history
from service.storage.themes import ThemeRepository
from service.storage.watch import CaseWatch
from service.taxonomies import taxonomy_in_use, touchpoints_in_use

log = logging.getLogger(__name__)

_PRIORS_FROM = 50
"""Answers a survey needs before its own languages say what the next one is likely to be in."""
_PRIORS_LIFE_S = 60.0
_WATCHED_AT_ONCE = 200
"""Cases in one transaction of the clock, so that others need not wait for long."""
_LATELY = timedelta(days=14)
"""How old the week may be in which a theme stood out for it to count in a priority."""


class Odzew:
    """One process's house: settings, database, reader and vector index, opened when needed."""

    def __init__(self, settings: Settings, reader: Reader | None = None) -> None:
        self.settings = settings
        self.voice = Voice(
            settings.company,
            settings.sender,
            settings.contact,
            settings.timezone,
            settings.english_dates,
            settings.review_link,
        )
        self.database = Database(settings.sql_url)
        self.database.migrate()
        self.books = OwnBooks(self.database)
        self._reader = reader
        self.meanings = Meanings(
            settings, self.database, lambda: self.concepts.dimensions, lambda: self.reader
        )
        self._themes: dict[str, ThemeModel | None] = {}
        self._priors: dict[str, tuple[float, dict[str, LanguageShares]]] = {}
        self._rules: dict[str, tuple[int, Rules]] = {}
        self._watched: dict[str, tuple[str | None, int]] = {}
        self._opening = Lock()
        self._refits: list[Thread] = []

    @property
    def reader(self) -> Reader:
        """The models, loaded at first use."""
        with self._opening:
            if self._reader is None:
                encoder = open_encoder(
                    self.settings.weights, self.settings.encoder, fast=self.settings.fast
                )
                self._reader = Reader.load(encoder)
            return self._reader

    @cached_property
    def concepts(self) -> ConceptSpace:
        """The concept space, which is small and needs no encoder."""
        return ConceptSpace.load(encoder_name(self.settings.encoder))

    def rest(self) -> None:
        """Let the models go; they are loaded again when next needed."""
        with self._opening:
            self._reader = None

    @property
    def is_loaded(self) -> bool:
        """Whether the models are in memory."""
        return self._reader is not None

    def themes(self, workspace: str) -> ThemeModel | None:
        """The theme model in use; read again when another process has replaced it."""
        with self.database.snapshot() as session:
            repository = ThemeRepository(session, workspace)
            version = repository.model_version()
            known = self._themes.get(workspace)
            if version is None:
                return None
            if known is None or known.version != version:
                known = repository.current_model()
                self._themes[workspace] = known
            return known

    def language_priors(self, workspace: str) -> dict[str, LanguageShares]:
        """Languages of each survey with enough answers; counted at most once a minute."""
        counted_at, priors = self._priors.get(workspace, (-_PRIORS_LIFE_S, {}))
        if monotonic() - counted_at >= _PRIORS_LIFE_S:
            with self.database.snapshot() as session:
                counts = FeedbackRepository(session, workspace).language_counts()
            priors = {
                survey: {code: count / sum(found.values()) for code, count in found.items()}
                for survey, found in counts.items()
                if sum(found.values()) >= _PRIORS_FROM
            }
            self._priors[workspace] = (monotonic(), priors)
        return priors

    def rules(self, workspace: str) -> Rules:
        """The workspace's rules; read again when somebody has changed them.

        For a stored document that cannot be used, which its page tells, the shipped one stands in.
        """
        with self.database.snapshot() as session:
            repository = RuleRepository(session, workspace)
            newest = repository.newest()
            known, rules = self._rules.get(workspace, (-1, None))
            if rules is None or known != newest:
                own = repository.in_use()
                bad = unusable(own, self.settings.zone)
                for kind, error in bad.items():
                    log.warning("The stored rules %s are not used: %s", kind, error)
                usable = {kind: content for kind, content in own.items() if kind not in bad}
                rules = Rules.of(usable, self.settings.zone)
                self._rules[workspace] = newest, rules
        return rules

    def take_in(self, workspace: str, batch: Sequence[Keyed]) -> Taken:
        """Read a batch, store it in one transaction, then index it."""
        now = datetime.now(UTC)
        with self.database.snapshot() as session:
            feedback = FeedbackRepository(session, workspace)
            known = feedback.known(keyed.key for keyed in batch)
            people = {one.answer.respondent.external_id for one in batch if one.answer.respondent}
            detractors, before = feedback.detractors(people), feedback.counts_of(people)
            actions = ActionRepository(session, workspace).in_use()
            spiking = frozenset(IncidentRepository(session, workspace).rising(now.date() - _LATELY))
        rules = self.rules(workspace)
        received = reception.understand(
            batch,
            known=known,
            reader=self.reader,
            themes=self.themes(workspace),
            priors=self.language_priors(workspace),
            voice=self.voice,
            rules=rules,
            standings={
                one: Standing(one in detractors, spiking, before.get(one, 0)) for one in people
            },
            actions=actions,
            book_of=self.books.of(workspace),
            now=now,
        )
        with self.database.transaction() as session:
            taken = reception.keep(
                batch,
                received,
                FeedbackRepository(session, workspace),
                CaseRepository(session, workspace),
                rules,
                now=now,
            )
        if taken.points:
            self.meanings.add(taken.points)
        return taken

    def refit_themes(self, workspace: str, *, who: str = ENGINE) -> changes.Refit:
        """Fit themes on all excerpts; reading, writing and editing go on meanwhile.

        Nothing is stored before the end, so that a fit that is interrupted leaves the model in use.

        Raises:
            RefitRunningError: another fit of this workspace is under way, here or in another
                process of this data folder.
            TooFewTextsError: there is too little to find themes in.
        """
        with Refit(self.settings.home, workspace, who) as refit:
            return self._refit(workspace, refit, who)

    def start_refit(self, workspace: str, *, who: str) -> None:
        """Fit themes in the background; `refits.newest_refit` says how far it is.

        Raises:
            RefitRunningError: see `refit_themes`.
        """
        refit = Refit(self.settings.home, workspace, who)

        def run() -> None:
            try:
                with refit:
                    self._refit(workspace, refit, who)
                self.watch_themes(workspace)
            except (PipelineError, ModelError) as error:
                log.info("Themes of %s were not fitted: %s", workspace, error)
            except Exception:
                log.exception("Themes of %s were not fitted.", workspace)

        self._refits = [one for one in self._refits if one.is_alive()]
        self._refits.append(Thread(target=run, name=f"refit-{workspace}"))
        self._refits[-1].start()

    def _refit(self, workspace: str, refit: Refit, who: str) -> changes.Refit:
        with self.database.snapshot() as session:
            repository = ThemeRepository(session, workspace)
            excerpts, vectors = repository.excerpts()
            model = repository.current_model()
        refit.at(1, excerpts=len(excerpts))
        taxonomy = self.taxonomy(workspace) if len(excerpts) >= MIN_TEXTS else None
        found = find(excerpts, vectors, self.concepts, model, taxonomy, read=self._read_phrases)
        refit.at(2, excerpts=len(excerpts))
        with self.database.transaction() as session:
            repository = ThemeRepository(session, workspace)
            report = changes.install(repository, found, taxonomy, who=who)
            newest = repository.history.newest()
        if newest is not None:
            refit.done(newest.id)
        named = name_topics(self, workspace, datetime.now(UTC))
        log.info("%s drafts of %s name what they are about now.", named, workspace)
        return report

    def _read_phrases(self, phrases: list[str], languages: list[str]) -> Vectors:
        reader = self.reader
        return reader.theme_vectors(reader.encoder.encode(phrases), languages)

    def watch_themes(self, workspace: str) -> int:
        """Look for weeks in which a theme stands out; gives how many incidents are new.

        Where nothing has arrived or changed since the last look, there is nothing to look for.
        """
        with self.database.snapshot() as session:
            repository = ThemeRepository(session, workspace)
            seen = repository.model_version(), repository.count()
            if self._watched.get(workspace) == seen:
                return 0
            said = theme_history(session, workspace)
        found = incidents(find_spikes(said.weeks, said.counts, said.answers))
        with self.database.transaction() as session:
            new = IncidentRepository(session, workspace).keep(found)
        self._watched[workspace] = seen
        return new

    def watch_cases(self, workspace: str, now: datetime) -> list[CaseAlert]:
        """Wake the cases whose sleep is over and tell, once, of those due soon or late."""
        alerts: list[CaseAlert] = []
        rules = self.rules(workspace)
        seen = _WATCHED_AT_ONCE
        while seen == _WATCHED_AT_ONCE:
            with self.database.transaction() as session:
                found = CaseWatch(session, workspace).look(rules, now, _WATCHED_AT_ONCE)
            alerts += [alert for alert in found if alert is not None]
            seen = len(found)
        return alerts

    def taxonomy(self, workspace: str) -> Taxonomy:
        """The touchpoints of a workspace; reading them needs the models only the first time."""
        with self.database.snapshot() as session:
            own = ThemeRepository(session, workspace).taxonomy()
        folder = self.settings.home / "taxonomies"
        return taxonomy_in_use(
            own, folder, encoder_name(self.settings.encoder), lambda: self.reader
        )

    def touchpoints(self, workspace: str) -> tuple[Touchpoint, ...]:
        """The touchpoints of a workspace, which needs no models."""
        with self.database.snapshot() as session:
            return touchpoints_in_use(ThemeRepository(session, workspace).taxonomy())

    def refit_is_due(self, workspace: str) -> bool:
        """Whether the themes of a workspace should be fitted (again)."""
        with self.database.snapshot() as session:
            fitted_on = ThemeRepository(session, workspace).fitted_on()
            excerpts = len(FeedbackRepository(session, workspace).excerpt_ids())
        return is_due(fitted_on, excerpts)

    def close(self) -> None:
        """Release what was opened, once refits in the background have ended."""
        for refit in self._refits:
            refit.join()
        self.meanings.close()
        self.database.close()
