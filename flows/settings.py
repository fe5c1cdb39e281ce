"""Every setting of armswatch, in one typed class: the environment (``ARMSWATCH_*``), then one TOML file.

``ARMSWATCH_SMTP_HOST=mail.example.org`` sets ``smtp_host``. ``ARMSWATCH_CONFIG`` names an optional TOML file
with the same names as keys; the environment wins over it. A name that is not a setting is an error in both,
so that a misspelt one is never silently ignored. Secrets are ``SecretStr``: no repr, log or error shows them.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

PREFIX = "ARMSWATCH_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"

Severity = Literal["high", "medium", "low", "review"]
Language = Literal["en", "es"]
Topic = Literal["flags", "revisions", "late_reports", "failures"]
ALL_TOPICS: tuple[Topic, ...] = ("flags", "revisions", "late_reports", "failures")

# ASCII only: an address outside ASCII needs SMTPUTF8, which many relays lack. No blank, break or list.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_HOST_PORT = re.compile(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}")


class ConfigurationError(ValueError):
    """A setting that cannot be used; the text is one sentence for the user and holds no secret."""


def _mail_address(text: str) -> str:
    if not _ADDRESS.fullmatch(text) or len(text) > 254:
        raise ValueError("is not a plain mail address such as name@example.org")
    return text


def _host_port(text: str) -> str:
    if not _HOST_PORT.fullmatch(text):
        raise ValueError("is not host:port")
    return text.lower()


def _one_line(text: str) -> str:
    if any(not character.isprintable() for character in text):
        raise ValueError("must be one printable line")
    return text


def _comma_separated(given: object) -> object:
    """``MX,GT`` in the environment is a list, as is a TOML array."""
    if isinstance(given, str):
        return [part.strip() for part in given.split(",") if part.strip()]
    return given


MailAddress = Annotated[str, AfterValidator(_mail_address)]
OneLine = Annotated[str, AfterValidator(_one_line)]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
HostPort = Annotated[str, AfterValidator(_host_port)]


class Recipient(BaseModel):
    """Who gets the digest, from which severity on, in which language, about which topics."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    address: MailAddress
    min_severity: Severity = "low"
    language: Language = "en"
    topics: tuple[Topic, ...] = ALL_TOPICS


class Settings(BaseSettings):
    """All settings with their defaults; build it with :func:`load_settings` for readable errors."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    home: Path = Path("data")
    reports: str = "live"
    now: AwareDatetime | None = None
    countries: Annotated[tuple[CountryCode, ...], NoDecode, BeforeValidator(_comma_separated)] = ("MX",)
    show_municipal_detail: bool = False

    smtp_host: OneLine | None = None
    smtp_port: int | None = Field(None, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: OneLine | None = None
    smtp_password: SecretStr | None = None
    smtp_ca_file: Path | None = None
    smtp_timeout: float = Field(30.0, gt=0, le=600)
    from_address: MailAddress = "armswatch@localhost"
    operator_address: MailAddress | None = None
    recipients: tuple[Recipient, ...] = ()
    digest_when_empty: bool = False

    congress_api_key: SecretStr | None = None
    census_api_key: SecretStr | None = None

    contact: OneLine | None = None
    allow_private_hosts: Annotated[tuple[HostPort, ...], NoDecode, BeforeValidator(_comma_separated)] = ()
    max_fetch_bytes: int = Field(200_000_000, gt=0)
    max_fetch_seconds: float = Field(600.0, gt=0)
    max_fetch_attempts: int = Field(4, ge=1, le=20)
    max_redirects: int = Field(5, ge=0, le=20)
    max_retry_after_seconds: float = Field(120.0, ge=0)

    # Limits for one document, since reports are hostile until parsed.
    max_page_seconds: float = Field(8.0, gt=0)
    max_rowless_seconds: float = Field(20.0, gt=0)
    max_document_seconds: float = Field(900.0, gt=0)
    max_memory_mb: int = Field(600, ge=100)

    max_mail_flags: int = Field(40, ge=1)
    max_mail_bytes: int = Field(8_000_000, ge=100_000)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the TOML file that ``ARMSWATCH_CONFIG`` names."""
        config = os.environ.get(CONFIG_VARIABLE)
        if not config:
            return init_settings, env_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(config))

    @model_validator(mode="after")
    def _no_password_in_clear(self) -> Self:
        if (
            self.smtp_password is not None
            and self.smtp_security == "none"
            and not _is_loopback(self.smtp_host)
        ):
            raise ValueError("smtp_password would travel in clear text: set smtp_security to starttls or tls")
        if (self.smtp_password is None) is not (self.smtp_user is None):
            raise ValueError("smtp_user and smtp_password are set together or not at all")
        addresses = [recipient.address.lower() for recipient in self.recipients]
        if len(set(addresses)) != len(addresses):
            raise ValueError("recipients: an address is named twice")
        return self

    @property
    def user_agent(self) -> str:
        """The truthful name under which publishers are asked: project, version, contact if one is set."""
        contact = f"; contact {self.contact}" if self.contact else ""
        return f"armswatch/{own_version()} (nightly reader of public arms-export reports{contact})"

    @property
    def outbox(self) -> Path:
        """Where mails are written as ``.eml`` files while no SMTP host is set."""
        return self.home / "outbox"

    def clock(self) -> Callable[[], datetime]:
        """The clock of a run, in UTC: ``now`` pins it, for runs that can be repeated exactly."""
        pinned = self.now
        if pinned is not None:
            at = pinned.astimezone(UTC)
            return lambda: at
        return lambda: datetime.now(UTC)

    def secret(self, name: str) -> str | None:
        """The plain value of a secret setting such as ``congress_api_key``, or None while it is not set.

        Raises ConfigurationError for a name that is not a secret setting (a mistake in ``source.yml``).
        """
        field = type(self).model_fields.get(name)
        value = getattr(self, name) if field is not None else None
        if field is None or field.annotation != SecretStr | None:
            raise ConfigurationError(f"{name} is not a secret setting")
        return value.get_secret_value() if isinstance(value, SecretStr) else None


def own_version() -> str:
    """The installed version of armswatch, or ``0`` from a checkout that is not installed."""
    try:
        return version("armswatch")
    except PackageNotFoundError:
        return "0"


def load_settings(**overrides: Any) -> Settings:
    """Settings from arguments (None means not given), the environment and the TOML file.

    Raises ConfigurationError with one sentence that names each wrong setting and never repeats its value.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    _refuse_unknown_variables()
    config = os.environ.get(CONFIG_VARIABLE)
    if config and not Path(config).is_file():
        raise ConfigurationError(f"{CONFIG_VARIABLE} names a file that does not exist: {config}")
    try:
        return Settings(**given)
    except ValidationError as error:
        raise ConfigurationError(_sentence(error)) from None
    except SettingsError as error:  # a list that is not JSON; the text names the field, not the value
        raise ConfigurationError(f"{error}") from None
    except ValueError as error:  # TOML syntax: its text names line and column only
        raise ConfigurationError(f"{config}: {error}") from None


def _refuse_unknown_variables() -> None:
    known = {CONFIG_VARIABLE, *(PREFIX + name.upper() for name in Settings.model_fields)}
    for variable in sorted(os.environ):
        if variable.upper().startswith(PREFIX) and variable.upper() not in known:
            near = difflib.get_close_matches(variable.upper(), sorted(known), n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ConfigurationError(f"{variable} is not a setting of armswatch{hint}")


def _sentence(error: ValidationError) -> str:
    wrong = []
    for entry in error.errors(include_input=False, include_url=False, include_context=False):
        place = ".".join(map(str, entry["loc"]))
        message = entry["msg"].removeprefix("Value error, ")
        if entry["type"] == "extra_forbidden":
            message = "is not a setting of armswatch"
        wrong.append(f"{place}: {message}" if place else message)
    return "settings: " + "; ".join(wrong)


def _is_loopback(host: str | None) -> bool:
    if host in {None, "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False
