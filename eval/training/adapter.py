"""Trains `adapter`: low-rank changes to the whole encoder, so that it reads feedback better.

Several networks of the encoder's own size, all of whose layers may change, learn sentiment and
signals from labelled texts. What they read together, of those texts and of others, teaches the one
that ships, which may change a little only; a read-out of its last layer is held to the packaged
encoder's sentence vectors, so that themes stay where they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from eval.training import heads
from eval.training.lessons import PERTURBED_SHARE, SOURCES
from eval.training.typist import collect
from models import adapter, artifacts, bundle
from models.contracts import Vectors
from models.encoder import TorchEncoder

if TYPE_CHECKING:
    from eval.training.student import Student


def train(home: Path, data: Path) -> None:
    """Train and write the adapter with its card, and the heads that were taught along.

    Args:
        home: folder of the packaged weights.
        data: folder of the data files.
    """
    from eval.training.teaching import teach

    exact = TorchEncoder.load(bundle.ensure_folder(home), bundle.FOLDER_NAME)
    lessons = collect(data, exact.tokenizer)
    student = teach(exact.network.encoder, exact.pooled_layers, lessons)
    artifacts.save(
        artifacts.Artifact(adapter.NAME, adapter.VERSION, bundle.FOLDER_NAME, arrays_of(student)),
        card(Counter(lesson.source for lesson in lessons)),
    )
    heads.write(student)


def arrays_of(student: Student) -> dict[str, Vectors]:
    """The arrays of the artifact."""
    return adapter.packed(
        dict(student.layers.changes()), student.readout.detach().float().cpu().numpy()
    )


def card(texts: Mapping[str, int]) -> str:
    """The adapter's card, of the number of texts by source."""
    from eval.training.teaching import REVISION, SHIPPED, TEACHERS, WAY_BACK

    sources = "\n".join(
        f"| {name} | {texts[name]} | {often:g} | {weight:g} |"
        for name, (often, weight) in SOURCES.items()
    )
    return CARD.format(
        encoder=bundle.FOLDER_NAME,
        sources=sources,
        perturbed_share=PERTURBED_SHARE,
        count=len(TEACHERS),
        rates=", ".join(f"{one.rate:g}" for one in TEACHERS),
        teacher_epochs=TEACHERS[0].epochs,
        seed=SHIPPED.seed,
        revised=REVISION.epochs,
        revised_rate=REVISION.rate,
        kept=WAY_BACK,
        **{
            name: getattr(SHIPPED, name)
            for name in (
                *("rank", "rate", "epochs", "head_rate", "tokens", "signals", "vectors"),
                *("taught", "inside", "dropout", "smoothing"),
            )
        },
    )


CARD = """# adapter

What: low-rank changes (rank {rank}, int8 with a scale for each direction) to the weight matrices of
all layers of `{encoder}`, and a matrix that reads sentence vectors off its last layer. The changes
are added to the weights when the encoder is made ready, so that serving costs nothing more.
Sentiment and signals read its pooled layers; themes read the sentence vectors, which are held to
the packaged encoder's.

Data (texts, how often one comes in an epoch, how much its sentiment counts):

| source | texts | times | weight |
|---|---|---|---|
{sources}

`sentiment_pl_*`: PolEmo 2.0 review sentences, CC BY-SA 4.0. `sentiment_et_valence`: Estonian
Valence Corpus, CC BY 4.0 by its corpus card (its code repository is GPL-3.0). `feedback_en_nhs`:
patient verbatims, MIT; four rows in five by a hash of the text. `aspects_pl_products`: sentences of
Polish product reviews, CC BY 4.0. `emotions_xed`: XED subtitles, CC BY 4.0, emotions read as
polarity. `pairs`: Tatoeba (CC BY 2.0 FR) and XED subtitles with their English translation, without
labels. `posts`, `signals` and `concepts`: written for this project by a language model (eval/posts,
most of it; eval/signals/train; eval/concepts, without labels). No text of theirs is kept here.

Czech has no labelled reviews with a clean licence: it learns from emotion-labelled subtitles, from
written posts and examples, and from what teachers read in pairs.

Procedure: `make train DATA=... ONLY=adapter`. First {count} teachers, each all of the encoder's
layers and the same heads, learn the labelled texts ({teacher_epochs} epochs, rates {rates},
seeds from {seed}). The mean of what they read, with that of an English translation where there
is one, then teaches the one that ships: low-rank changes (Hu et al. 2021), rate {rate} with warm-up
and cosine decay ({head_rate} for the heads), {epochs} epochs, {tokens} tokens a batch, bfloat16
inside; where a text is labelled, teachers count {taught} and the label the rest (Hinton et
al. 2015). It goes through labelled texts {revised} times more without them, signals first of all,
at rate {revised_rate}, and then {kept:.0%} of the way back (Wortsman et al. 2022). Losses: cross
entropy of sentiment over standardised pooled layers (label smoothing {smoothing}), {signals} x
binary cross entropy of signals over the last of them, a text's signal being its excerpts' largest,
and {vectors} x the cosine distance between the vectors read off and the packaged encoder's of the
same excerpt. Dropout {dropout} in the heads, {inside} on the layers'
outputs. {perturbed_share:.0%} of texts are shown as people might have typed them
(eval/perturbations.py), their vectors held to those of the text as it was. The heads are written
as the artifacts sentiment and signals, which are calibrated afterwards; what else stands on the
adapter is trained again.

The one that ships was taught so on a graphics card, all of it but the revision in seven minutes,
which took two processor cores twenty minutes. The epochs are those that fitted in, to the nearest
whole one: the log was lost with the machine. By the number of its steps the whole takes two
processor cores with bfloat16 a day or two, and several times that without.

Repeatable: to the bit on one processor (a test does it on little data); on a graphics card sums in
half precision differ from run to run. Tolerance: 0.2 points of macro F1 on hotels, 0.7 on medicine,
1.3 on valence, 4.6 on patients and 1.5 points of signals, within which three students of the same
teachers with other rates, seeds or shares of the teachers lay; the whole run was made once.

Measured: the cards of sentiment and signals say what reading gains, docs/decisions/0005 and 0006
what was tried, docs/measurements.md what it does to themes. How much teachers count and how far the
way back is were chosen by held-out rows that are reported too.

Known weaknesses: it learned from reviews of hotels and medicine, patients' verbatims and news;
other trades are known from written examples only. See the cards of sentiment and signals.
"""
