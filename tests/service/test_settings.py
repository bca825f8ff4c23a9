from __future__ import annotations

from pathlib import Path

import pytest

from service.settings import Settings, SettingsError, load

DOCUMENTED = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_stands_in_the_docs_with_its_default_and_meaning(name: str) -> None:
    field = Settings.model_fields[name]
    shown = str(field.default).lower() if isinstance(field.default, bool) else field.default
    default = "unset" if field.default is None else f"`{shown}`"
    assert f"| `ODZEW_{name.upper()}` | {default} | {field.description} |" in DOCUMENTED


def test_the_docs_name_no_setting_that_is_not_there() -> None:
    rows = [line for line in DOCUMENTED.splitlines() if line.startswith("| `ODZEW_")]
    assert len(rows) == len(Settings.model_fields)


def test_the_environment_comes_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "odzew.toml"
    file.write_text('port = 8080\ncompany = "Karu Pakk"\n', "utf-8")
    monkeypatch.setenv("ODZEW_CONFIG", str(file))
    monkeypatch.setenv("ODZEW_PORT", "8090")
    settings = load()
    assert (settings.port, settings.company) == (8090, "Karu Pakk")


@pytest.mark.parametrize(
    ("name", "value"),
    [("ODZEW_PORT", "0"), ("ODZEW_TIMEZONE", "Mars/Olympus"), ("ODZEW_FAST", "maybe")],
)
def test_a_value_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        load()


def test_a_config_file_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ODZEW_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(SettingsError, match=r"none\.toml"):
        load()


def test_a_config_file_that_is_no_toml_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "odzew.toml"
    file.write_bytes(b"port = = 1\xff")
    monkeypatch.setenv("ODZEW_CONFIG", str(file))
    with pytest.raises(SettingsError, match=r"odzew\.toml is not valid TOML"):
        load()


def test_files_lie_under_the_home_folder_unless_told_otherwise(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert settings.sql_url == f"sqlite:///{tmp_path / 'odzew.sqlite3'}"
    assert settings.weights == tmp_path / "encoder"
    assert Settings(home=tmp_path, encoder_cache=Path("/w")).weights == Path("/w")
