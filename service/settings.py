"""Settings: environment variables prefixed ODZEW_, or the TOML file that ODZEW_CONFIG names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from pipelines.addresses import MAILBOX
from service.carriers.addresses import AddressError, MailServer, Receiver
from service.carriers.help_desk import HelpDesk
from service.carriers.inbox import Inbox


class SettingsError(Exception):
    """A setting has a value that cannot be used; the message names it."""


class Settings(BaseSettings):
    """Every setting; docs/settings.md lists them and a test holds it to that."""

    model_config = SettingsConfigDict(
        env_prefix="ODZEW_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    home: Path = Field(Path("var"), description="Folder for the database, index and weights.")
    database_url: str | None = Field(
        None, description="SQLAlchemy URL; a SQLite file under the home folder by default."
    )
    qdrant_url: str | None = Field(
        None, description="Qdrant server for vectors; embedded under the home folder by default."
    )
    qdrant_api_key: str | None = Field(None, description="Key of that server.")
    qdrant_collection: str = Field("odzew", description="Collection on that server.")
    encoder: str | None = Field(
        None, description="sentence-transformers id or folder instead of the packaged weights."
    )
    encoder_cache: Path | None = Field(
        None, description="Folder for decoded weights; `encoder` under the home folder by default."
    )
    fast: bool = Field(True, description="Serve through the int8 encoder where it can be built.")
    workspace: str = Field("Demo", description="Workspace that the command line works on.")
    company: str = Field("Zipako", description="Company name that drafts are signed with.")
    sender: str | None = Field(
        None, description="Who signs drafts; the care team in the customer's language by default."
    )
    contact: str = Field(
        "care@zipako.example", description="Direct e-mail address or number given to detractors."
    )
    timezone: str = Field("Europe/Warsaw", description="Time zone of dates without one.")
    english_dates: Literal["en_GB", "en_US"] = Field(
        "en_GB", description="How English drafts write dates and times."
    )
    review_link: str | None = Field(
        None, description="https address where promoters are asked to review you; none by default."
    )
    host: str = Field("127.0.0.1", description="Address to serve on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to serve on.")
    base_url: str | None = Field(
        None, description="Where people reach the pages; links in mails lead there."
    )
    mail_from: str | None = Field(None, description="Address that notices are mailed from.")
    smtp_url: SecretStr | None = Field(
        None,
        description="Mail server: `smtp://USER:SECRET@HOST:587` or `smtps://…:465`; no mail "
        "without it.",
    )
    webhook_url: SecretStr | None = Field(
        None, description="https address that every notice is posted to, once."
    )
    webhook_secret: SecretStr | None = Field(
        None, description="Signs what is posted: `whsec_` and 24 to 64 bytes in base64."
    )
    webhook_http: bool = Field(
        False, description="Allow a webhook by http on another machine, readable on its way."
    )
    care_from: str | None = Field(
        None, description="Address that customers are mailed from; `mail_from` by default."
    )
    reply_to: str | None = Field(
        None,
        description="Address for customers' answers; `{case}` in it becomes the case's id, as in "
        "`care+{case}@example.com`.",
    )
    imap_url: SecretStr | None = Field(
        None,
        description="Mailbox that customers' answers are fetched from: "
        "`imaps://USER:SECRET@HOST/FOLDER`; `imap://…` asks for STARTTLS, but on this machine.",
    )
    message_webhook_url: SecretStr | None = Field(
        None, description="https address that messages to customers can be posted to."
    )
    help_desk_url: str | None = Field(
        None,
        description="Address of a help desk's tickets, with `{ticket}`; the shape is Zendesk's.",
    )
    help_desk_user: str | None = Field(
        None, description="User of the help desk's API, such as `me@example.com/token`."
    )
    help_desk_secret: SecretStr | None = Field(None, description="Token of that API.")
    two_approvers: bool = Field(
        True, description="A second person approves P1, legal matters and compensation."
    )
    secure_cookies: bool = Field(False, description="Send cookies over HTTPS only.")
    max_body_bytes: int = Field(
        8_000_000, ge=10_000, description="Largest request body that is read."
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{value!r} is no IANA time zone, such as Europe/Tallinn") from error
        return value

    @field_validator("reply_to")
    @classmethod
    def _answers_go_to(cls, value: str | None) -> str | None:
        if value is not None and not MAILBOX.fullmatch(value.replace("{case}", "cas_0")):
            raise ValueError("write an e-mail address such as care+{case}@example.com")
        return value

    @field_validator("base_url")
    @classmethod
    def _address_of_pages(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "http://a")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise ValueError("write an address such as https://odzew.example.com")
        return value.rstrip("/") if value else None

    @model_validator(mode="after")
    def _addresses(self) -> Settings:
        try:
            # They raise where they cannot be used.
            self.mail_server, self.webhook, self.care, self.message_webhook, self.help_desk  # noqa: B018
            self.inbox  # noqa: B018
        except AddressError as error:
            raise ValueError(str(error)) from error
        return self

    @property
    def pages(self) -> str:
        """Where people reach the pages, without a slash at the end."""
        return self.base_url or f"http://{self.host}:{self.port}"

    @property
    def mail_server(self) -> MailServer | None:
        """Where mail is handed in; None where none is sent."""
        if self.smtp_url is None:
            return None
        return MailServer.of(self.smtp_url.get_secret_value(), self.mail_from)

    @property
    def webhook(self) -> Receiver | None:
        """Who is posted notices; None where nobody is."""
        if self.webhook_url is None:
            return None
        secret = self.webhook_secret.get_secret_value() if self.webhook_secret else ""
        url = self.webhook_url.get_secret_value()
        return Receiver.of(url, secret, is_plain_allowed=self.webhook_http)

    @property
    def care(self) -> MailServer | None:
        """Where mail to customers is handed in, and whom it is from; None where none is sent."""
        if self.smtp_url is None:
            return None
        url = self.smtp_url.get_secret_value()
        return MailServer.of(url, self.care_from or self.mail_from)

    def reply_address(self, case_id: str) -> str | None:
        """Where a customer's answer in a case goes; None for the sender's address."""
        return self.reply_to.replace("{case}", case_id) if self.reply_to else None

    @property
    def inbox(self) -> Inbox | None:
        """Where customers' answers are fetched from; None where none are."""
        return Inbox.of(self.imap_url.get_secret_value()) if self.imap_url else None

    @property
    def message_webhook(self) -> Receiver | None:
        """Who is posted messages to customers; None where nobody is."""
        if self.message_webhook_url is None:
            return None
        secret = self.webhook_secret.get_secret_value() if self.webhook_secret else ""
        url = self.message_webhook_url.get_secret_value()
        return Receiver.of(
            url, secret, is_plain_allowed=self.webhook_http, name="ODZEW_MESSAGE_WEBHOOK_URL"
        )

    @property
    def help_desk(self) -> HelpDesk | None:
        """Where tickets are answered; None where none are."""
        if self.help_desk_url is None:
            return None
        secret = self.help_desk_secret.get_secret_value() if self.help_desk_secret else ""
        return HelpDesk.of(self.help_desk_url, self.help_desk_user or "", secret)

    @property
    def sql_url(self) -> str:
        """The database to open."""
        return self.database_url or f"sqlite:///{self.home / 'odzew.sqlite3'}"

    @property
    def weights(self) -> Path:
        """Folder for the encoder's decoded weights and its fast path."""
        return self.encoder_cache or self.home / "encoder"

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment first, then the TOML file."""
        path = os.environ.get("ODZEW_CONFIG")
        if path is None:
            return init_settings, env_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(path))


def load(**overrides: object) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a value cannot be used, or the TOML file cannot be read.
    """
    path = os.environ.get("ODZEW_CONFIG")
    if path is not None and not Path(path).is_file():
        raise SettingsError(f"ODZEW_CONFIG names {path}, which is not a file.")
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [
            f"ODZEW_{'_'.join(str(part) for part in one['loc']).upper()}: {one['msg']}"
            if one["loc"]
            else one["msg"].removeprefix("Value error, ")
            for one in error.errors()
        ]
        raise SettingsError("; ".join(lines)) from error
    except ValueError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
