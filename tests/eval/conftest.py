"""The tiny folder of data files that evaluation and training are tried on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.eval.data_folder import write_all


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_all(tmp_path_factory.mktemp("data"))
