"""Settings: environment over file, strict names, and no secret in any text that could be logged."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.settings import ConfigurationError, Recipient, Settings, load_settings

SECRET = "hunter2-very-secret"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("ARMSWATCH_"):
            monkeypatch.delenv(name)


def test_the_defaults_need_no_configuration() -> None:
    settings = load_settings()
    assert settings.home == Path("data")
    assert settings.smtp_host is None
    assert settings.countries == ("MX",)
    assert settings.recipients == ()
    assert settings.show_municipal_detail is False
    assert settings.allow_private_hosts == ()


def test_the_environment_wins_over_the_file_and_arguments_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "armswatch.toml"
    config.write_text(
        'home = "/srv/from-file"\nsmtp_host = "file.example.org"\ncountries = ["MX", "GT"]\n'
        '[[recipients]]\naddress = "oversight@example.org"\nmin_severity = "high"\nlanguage = "es"\n',
        "utf-8",
    )
    monkeypatch.setenv("ARMSWATCH_CONFIG", str(config))
    monkeypatch.setenv("ARMSWATCH_SMTP_HOST", "env.example.org")
    settings = load_settings(home=tmp_path, reports=None)
    assert settings.home == tmp_path
    assert settings.smtp_host == "env.example.org"
    assert settings.countries == ("MX", "GT")
    assert settings.recipients == (
        Recipient(address="oversight@example.org", min_severity="high", language="es"),
    )


def test_lists_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARMSWATCH_COUNTRIES", "MX, GT")
    monkeypatch.setenv("ARMSWATCH_ALLOW_PRIVATE_HOSTS", "127.0.0.1:8080")
    monkeypatch.setenv(
        "ARMSWATCH_RECIPIENTS", json.dumps([{"address": "a@example.org", "topics": ["flags"]}])
    )
    settings = load_settings()
    assert settings.countries == ("MX", "GT")
    assert settings.allow_private_hosts == ("127.0.0.1:8080",)
    assert settings.recipients[0].topics == ("flags",)


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("ARMSWATCH_SMTP_HSOT", "x", "ARMSWATCH_SMTP_HSOT is not a setting of armswatch; did you mean ARMSWATCH_SMTP_HOST?"),
        ("ARMSWATCH_SMTP_PORT", "many", "smtp_port"),
        ("ARMSWATCH_FROM_ADDRESS", "a@b.org\r\nBcc: x@y.z", "from_address"),
        ("ARMSWATCH_RECIPIENTS", '[{"address": "a@b.org", "language": "fr"}]', "recipients.0.language"),
        ("ARMSWATCH_RECIPIENTS", "not json", "recipients"),
        ("ARMSWATCH_COUNTRIES", "Mexico", "countries.0"),
        ("ARMSWATCH_NOW", "2026-11-24T05:00:00", "now"),
        ("ARMSWATCH_CONFIG", "/no/such/file.toml", "ARMSWATCH_CONFIG names a file that does not exist"),
        ("ARMSWATCH_ALLOW_PRIVATE_HOSTS", "localhost", "allow_private_hosts.0: is not host:port"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_one_sentence_that_names_it(
    variable: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ['colour = "red"\n', "home = \n"])
def test_a_wrong_file_is_one_sentence(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "armswatch.toml"
    config.write_text(text, "utf-8")
    monkeypatch.setenv("ARMSWATCH_CONFIG", str(config))
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert "\n" not in str(caught.value)


def test_an_address_named_twice_is_refused() -> None:
    twice = [{"address": "a@example.org"}, {"address": "A@example.org"}]
    with pytest.raises(ConfigurationError, match="named twice"):
        load_settings(recipients=twice)


def test_a_password_never_travels_in_clear_text() -> None:
    with pytest.raises(ConfigurationError, match="clear text"):
        load_settings(smtp_host="mail.example.org", smtp_security="none", smtp_user="u", smtp_password=SECRET)
    assert load_settings(
        smtp_host="127.0.0.1", smtp_security="none", smtp_user="u", smtp_password=SECRET
    ).smtp_password
    with pytest.raises(ConfigurationError, match="together"):
        load_settings(smtp_host="mail.example.org", smtp_user="u")


def test_no_secret_in_repr_str_json_or_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARMSWATCH_CONGRESS_API_KEY", SECRET)
    monkeypatch.setenv("ARMSWATCH_SMTP_USER", "u")
    monkeypatch.setenv("ARMSWATCH_SMTP_PASSWORD", SECRET)
    settings = load_settings()
    assert settings.secret("congress_api_key") == SECRET
    assert settings.secret("census_api_key") is None
    for text in (repr(settings), str(settings), settings.model_dump_json(), str(settings.model_dump())):
        assert SECRET not in text
    monkeypatch.setenv("ARMSWATCH_SMTP_PORT", SECRET)
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("name", ["home", "no_such_setting", "model_fields"])
def test_only_a_secret_setting_is_a_secret(name: str) -> None:
    with pytest.raises(ConfigurationError, match="is not a secret setting"):
        load_settings().secret(name)


def test_now_pins_the_clock() -> None:
    pinned = load_settings(now="2026-11-24T05:00:00-06:00").clock()
    assert pinned() == pinned() == datetime(2026, 11, 24, 11, tzinfo=UTC)
    assert Settings().clock()().tzinfo is UTC


def test_the_user_agent_is_truthful_and_one_line() -> None:
    assert load_settings(contact="desk@example.org").user_agent.startswith("armswatch/")
    assert "contact desk@example.org" in load_settings(contact="desk@example.org").user_agent
    with pytest.raises(ConfigurationError, match="one printable line"):
        load_settings(contact="a\nX-Evil: 1")


def test_nothing_heavy_is_imported_with_the_alert_package() -> None:
    code = (
        "import flows, sys; heavy = {'httpx','pydantic_settings','jinja2','prefect'} & set(sys.modules); "
        "raise SystemExit(1 if heavy else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
