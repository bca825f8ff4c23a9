from __future__ import annotations

import stat
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread

from hypothesis import given
from hypothesis import strategies as st

from pipelines.notices.choices import KINDS
from service.notices.stopping import Stop, StopLinks


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(KINDS))
def test_a_link_says_what_it_was_made_of(workspace: str, person: str, kind: str) -> None:
    links = LINKS
    stop = Stop(workspace, person, kind)  # type: ignore[arg-type]
    assert links.read(links.token(stop)) == stop


@given(st.text(max_size=200))
def test_words_that_were_not_signed_end_nothing(token: str) -> None:
    assert LINKS.read(token) is None


@given(st.data())
def test_a_link_that_was_changed_anywhere_ends_nothing(data: st.DataObject) -> None:
    token = LINKS.token(Stop("wsp_1", "Anna", "daily"))
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("Aab9_-.").filter(lambda one: one != token[at]))
    read = LINKS.read(token[:at] + letter + token[at + 1 :])
    # the last letter of base64 has bits that carry nothing
    assert read is None or read == Stop("wsp_1", "Anna", "daily")


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    made: list[StopLinks] = []
    threads = [Thread(target=lambda: made.append(StopLinks(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tokens = {links.token(Stop("wsp_1", "Anna", "daily")) for links in made}
    assert len(tokens) == 1
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.stat().st_size == 32


def test_another_folder_has_another_key(tmp_path: Path) -> None:
    token = StopLinks(tmp_path / "a").token(Stop("wsp_1", "Anna", "daily"))
    assert StopLinks(tmp_path / "b").read(token) is None


LINKS = StopLinks(Path(mkdtemp()))
