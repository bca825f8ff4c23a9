from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

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


KEY = "whsec_" + "QUJD" * 8


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"SMTP_URL": "mail.example.com"}, "smtp://USER"),
        ({"SMTP_URL": "smtp://u:hidden@mail.example.com:99999"}, "smtp://USER"),
        ({"SMTP_URL": "smtp://u:hidden@mail.example.com"}, "ODZEW_MAIL_FROM"),
        ({"SMTP_URL": "smtp://u:hidden@a.b?tls=no", "MAIL_FROM": "a@b.cz"}, "tls=off"),
        ({"SMTP_URL": "smtp://u:hidden@a.b", "MAIL_FROM": "a@b\nBcc: c@d.e"}, "ODZEW_MAIL_FROM"),
        ({"WEBHOOK_URL": "ftp://a.b/hidden", "WEBHOOK_SECRET": KEY}, "https address"),
        ({"WEBHOOK_URL": "https://u:hidden@a.b/", "WEBHOOK_SECRET": KEY}, "without user"),
        ({"WEBHOOK_URL": "http://a.b/hidden", "WEBHOOK_SECRET": KEY}, "ODZEW_WEBHOOK_HTTP"),
        ({"WEBHOOK_URL": "https://a.b/hid den", "WEBHOOK_SECRET": KEY}, "escape blanks"),
        ({"WEBHOOK_URL": "https://a.b/"}, "ODZEW_WEBHOOK_SECRET"),
        ({"WEBHOOK_URL": "https://a.b/", "WEBHOOK_SECRET": "whsec_hidden"}, "24 to 64"),
        ({"BASE_URL": "odzew.example.com"}, "ODZEW_BASE_URL"),
        ({"IMAP_URL": "mail.example.com"}, "imaps://USER"),
        ({"IMAP_URL": "imaps://u:hidden@a.b:99999"}, "imaps://USER"),
        ({"IMAP_URL": "imaps://u@a.b"}, "imaps://USER"),
        ({"IMAP_URL": "pop3://u:hidden@a.b"}, "imaps://USER"),
        ({"IMAP_URL": "imap://u:hidden@a.b?tls=off"}, "imaps://USER"),
        ({"IMAP_URL": "imaps://u%0D%0A:hidden@a.b"}, "imaps://USER"),
    ],
)
def test_servers_of_notices_that_cannot_be_used_are_named_and_no_secret_is_shown(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], words: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"ODZEW_{name}", value)
    with pytest.raises(SettingsError) as error:
        load()
    assert words in str(error.value)
    assert "hidden" not in str(error.value)


def test_servers_of_notices_are_read_and_their_secrets_stay_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ODZEW_SMTP_URL", "smtp://odzew%40a.cz:hid%2Fden@mail.example.com")
    monkeypatch.setenv("ODZEW_MAIL_FROM", "Odzew Péče <odzew@a.cz>")
    monkeypatch.setenv("ODZEW_WEBHOOK_URL", "https://a.b/hidden?token=hidden")
    monkeypatch.setenv("ODZEW_WEBHOOK_SECRET", KEY)
    settings = load()
    server, receiver = settings.mail_server, settings.webhook
    assert server is not None
    assert receiver is not None
    assert (server.port, server.user, server.secret) == (587, "odzew@a.cz", "hid/den")
    assert (server.starts_tls, server.is_tls, server.domain) == (True, False, "a.cz")
    assert (receiver.path, receiver.is_tls) == ("/hidden?token=hidden", True)
    for shown in (repr(settings), str(settings), repr(server), repr(receiver)):
        assert "hid" not in shown.replace("hidden_", "")
        assert KEY not in shown


@pytest.mark.parametrize(
    ("url", "is_tls", "starts_tls"),
    [
        ("smtps://mail.example.com", True, False),
        ("smtp://mail.example.com?tls=off", False, False),
        ("smtp://127.0.0.1:2525", False, False),
        ("smtp://[::1]:25", False, False),
    ],
)
def test_mail_is_encrypted_but_on_this_machine_or_where_it_is_switched_off(
    url: str, is_tls: bool, starts_tls: bool
) -> None:
    server = Settings(smtp_url=SecretStr(url), mail_from="a@b.cz").mail_server
    assert server is not None
    assert (server.is_tls, server.starts_tls) == (is_tls, starts_tls)


@pytest.mark.parametrize(
    ("url", "port", "folder", "is_tls", "starts_tls"),
    [
        ("imaps://a%40b.cz:hid%2Fden@mail.b.cz", 993, "INBOX", True, False),
        ("imaps://a%40b.cz:hid%2Fden@mail.b.cz:9930/Odpov%C4%9Bdi", 9930, "Odpovědi", True, False),
        ("imap://a%40b.cz:hid%2Fden@mail.b.cz/INBOX/care", 143, "INBOX/care", False, True),
        ("imap://a%40b.cz:hid%2Fden@localhost:1143/", 1143, "INBOX", False, False),
    ],
)
def test_a_mailbox_is_read_encrypted_but_on_this_machine(
    url: str, port: int, folder: str, is_tls: bool, starts_tls: bool
) -> None:
    settings = Settings(imap_url=SecretStr(url))
    inbox = settings.inbox
    assert inbox is not None
    assert (inbox.user, inbox.secret) == ("a@b.cz", "hid/den")
    assert (inbox.port, inbox.folder) == (port, folder)
    assert (inbox.is_tls, inbox.starts_tls) == (is_tls, starts_tls)
    assert "hid" not in repr(settings) + repr(inbox)
