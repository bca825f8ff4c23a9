"""Themes: clusters of excerpts, the model that assigns them, their names and their map."""

from models.themes.atlas import Atlas, fit_atlas
from models.themes.fit import MIN_TEXTS, Clusters, find_clusters
from models.themes.model import ThemeModel
from models.themes.theme import Examples, Pin, Prototypes, Theme

__all__ = [
    "MIN_TEXTS",
    "Atlas",
    "Clusters",
    "Examples",
    "Pin",
    "Prototypes",
    "Theme",
    "ThemeModel",
    "find_clusters",
    "fit_atlas",
]
