"""Fits themes as the product does, and as default BERTopic would, for tasks that compare both."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.metrics import SEED
from models.contracts import Vectors
from models.themes import ThemeModel
from models.themes.fit import SEED as OUR_SEED
from pipelines.page import Comment
from pipelines.ports import StoredExcerpt
from pipelines.theme_life.finding import find
from pipelines.theme_life.refit import settle
from pipelines.theme_life.touchpoints import shipped, taxonomy_of
from pipelines.understanding import Reader


@dataclass(frozen=True)
class Corpus:
    """n excerpts with the sentence vectors (n, e) and theme vectors (n, d) of each."""

    texts: list[str]
    languages: list[str]
    raw: Vectors
    vectors: Vectors

    @classmethod
    def of_texts(cls, reader: Reader, texts: list[str], languages: list[str]) -> Corpus:
        """Each text as one excerpt, whatever its length."""
        encoded = reader.encoder.encode(texts)
        return cls(texts, languages, encoded.vectors, reader.theme_vectors(encoded, languages))

    @classmethod
    def of_comments(cls, reader: Reader, comments: Sequence[str]) -> Corpus:
        """The excerpts of comments."""
        read = reader.read([Comment(text) for text in comments], None)
        texts = [one.text for said in read for one in said.excerpts]
        codes = [said.language.code for said in read for _ in said.excerpts]
        return cls(
            texts,
            codes,
            reader.encoder.encode(texts).vectors,
            np.concatenate([said.vectors for said in read]),
        )

    def of(self, rows: Sequence[int] | np.ndarray[Any, Any]) -> Corpus:
        """Some of the excerpts."""
        chosen = np.asarray(rows)
        return Corpus(
            [self.texts[at] for at in chosen],
            [self.languages[at] for at in chosen],
            self.raw[chosen],
            self.vectors[chosen],
        )


def fit(
    reader: Reader,
    corpus: Corpus,
    model: ThemeModel | None = None,
    *,
    made_from: int | None = None,
    seed: int = OUR_SEED,
) -> ThemeModel:
    """The product's themes of a corpus; with a model, those that follow it after a refit.

    Args:
        reader: names them.
        corpus: all excerpts there are.
        model: the one in use.
        made_from: excerpts it was made from; as many as there are where it is not given.
        seed: of the search.
    """
    excerpts = [
        StoredExcerpt(at, str(at), code, text)
        for at, (code, text) in enumerate(zip(corpus.languages, corpus.texts, strict=True))
    ]
    taxonomy = taxonomy_of(shipped(), reader)

    def read(phrases: list[str], languages: list[str]) -> Vectors:
        return reader.theme_vectors(reader.encoder.encode(phrases), languages)

    found = find(excerpts, corpus.vectors, reader.concepts, model, taxonomy, read=read, seed=seed)
    made_from = len(excerpts) if made_from is None else made_from
    return settle(found, model, taxonomy, made_from=made_from).model


def themes_of(model: ThemeModel, corpus: Corpus) -> list[str | None]:
    """Theme id of each excerpt, None where the model abstains."""
    return [
        one.first.id if one.first else None
        for one in model.assign(corpus.vectors, corpus.texts, corpus.languages)
    ]


def bertopic(*, seed: int | None = SEED) -> Any:
    """BERTopic as it comes, but for the seed of UMAP; None leaves that out too."""
    from bertopic import BERTopic
    from umap import UMAP

    if seed is None:
        return BERTopic()
    return BERTopic(
        umap_model=UMAP(
            n_neighbors=15,
            n_components=5,
            min_dist=0.0,
            metric="cosine",
            random_state=seed,
            n_jobs=1,
        )
    )


def bertopic_themes(corpus: Corpus, model: Any | None = None) -> list[str | None]:
    """Topics of default BERTopic on the encoder's own vectors; its outliers have none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        topics, _ = (model or bertopic()).fit_transform(corpus.texts, corpus.raw)
    return names_of(topics)


def names_of(topics: Sequence[int]) -> list[str | None]:
    """BERTopic's numbers as names, None for its outliers."""
    return [None if topic < 0 else str(topic) for topic in topics]


def bertopic_again(model: Any, corpus: Corpus, folder: Path) -> list[str | None]:
    """Topics of a corpus after a BERTopic model was saved and loaded."""
    from bertopic import BERTopic

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save(str(folder), serialization="safetensors", save_ctfidf=True)
        topics, _ = BERTopic.load(str(folder)).transform(corpus.texts, corpus.raw)
    return names_of(topics)
