"""Colours of the map's legends, as colour-blind eyes see them, in light and in dark mode."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from service.review.pages import STATIC

Colours = npt.NDArray[np.float64]

APART = 0.1
"""Distance in OKLab; the palette of Okabe and Ito, made for colour-blind eyes, keeps 0.076."""
CONTRAST = 2.5
SIGHT = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
"""Linear RGB as seen; Machado, Oliveira and Fernandes 2009, severity 1."""
LEGENDS = {
    "theme": [*(f"--map-{at}" for at in range(1, 9)), "--map-other"],
    "mood": ["--mood-negative", "--mood-neutral", "--mood-positive"],
}


def palette(name: str, mode: str) -> dict[str, str]:
    """Colours by custom property, of a style sheet's part for light or dark."""
    light, _, rest = (STATIC / name).read_text().partition("@media (prefers-color-scheme: dark)")
    text = light if mode == "light" else rest.partition("\n}")[0]
    return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{3,6})\b", text))


def linear(code: str) -> Colours:
    """Linear RGB, 0-1, of `#rgb` or `#rrggbb`."""
    digits = code[1:] if len(code) == 7 else "".join(2 * one for one in code[1:])
    parts = np.array([int(digits[at : at + 2], 16) for at in (0, 2, 4)]) / 255
    return np.asarray(np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4))


def oklab(colour: Colours) -> Colours:
    """OKLab of a linear RGB colour (Ottosson 2020)."""
    cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    sides = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return np.asarray(sides @ np.cbrt(cones @ colour))


def luminance(code: str) -> float:
    return float(linear(code) @ np.array([0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("legend", LEGENDS)
@pytest.mark.parametrize("sight", SIGHT)
def test_colours_of_a_legend_stay_apart(mode: str, legend: str, sight: str) -> None:
    colours = palette("map.css", mode)
    seen = {
        name: oklab(np.clip(SIGHT[sight] @ linear(colours[name]), 0, 1)) for name in LEGENDS[legend]
    }
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) >= APART, (one, other)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_points_stand_out_from_the_panel(mode: str) -> None:
    panel = luminance(palette("odzew.css", mode)["--panel"])
    for name, code in palette("map.css", mode).items():
        high, low = max(panel, luminance(code)), min(panel, luminance(code))
        assert (high + 0.05) / (low + 0.05) >= CONTRAST, name
