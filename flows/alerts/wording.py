"""The sentences of the mails in each language, and how foreign text, numbers and dates are shown in them."""

from __future__ import annotations

import csv
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml

_LOCALE = Path(__file__).with_name("locale")
LANGUAGES = ("en", "es")
# Characters that turn the direction of the text around could make a mail show what the report does not say.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class Wording:
    """The catalogue of one language. ``w("label.what")`` gives the sentence with its places filled."""

    def __init__(self, language: str) -> None:
        """Raises KeyError for a language without a catalogue."""
        if language not in LANGUAGES:
            raise KeyError(language)
        self.language = language
        self._sentences = sentences(language)

    def __call__(self, key: str, **places: object) -> str:
        """The sentence. Raises KeyError for an unknown key or a place that was not given."""
        return self._sentences[key].format(**places)

    def term(self, group: str, value: str | None) -> str:
        """The words for a value of a closed list; a value that the catalogue lacks is shown as it is."""
        key = f"{group}.{value}"
        return self._sentences[key] if key in self._sentences else (value or "").replace("_", " ")

    def has(self, key: str) -> bool:
        """True when the catalogue has this sentence."""
        return key in self._sentences

    def country(self, code: str | None) -> str:
        """The country's name in this language."""
        return _countries(self.language).get(code or "", code or "")

    def state(self, state_iso: str | None) -> str:
        """The name of a Mexican state from its ISO 3166-2 code."""
        return _states().get(state_iso or "", state_iso or self.country("MX"))


@cache
def sentences(language: str) -> dict[str, str]:
    """The whole catalogue of a language."""
    loaded: dict[str, str] = yaml.safe_load((_LOCALE / f"{language}.yml").read_text("utf-8"))
    return loaded


@cache
def _countries(language: str) -> dict[str, str]:
    import parsers.values

    path = Path(parsers.values.__path__[0]) / "countries.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["alpha2"]: row[language] for row in csv.DictReader(file)}


@cache
def _states() -> dict[str, str]:
    import warehouse.units

    path = Path(warehouse.units.__path__[0]) / "places.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "state"]
    return {row["state_iso"]: row["name"] for row in reversed(rows)}  # the first name of a state wins


def plain(text: object) -> str:
    """Foreign text for one line: blanks joined, characters without a face of their own shown as U+FFFD."""
    joined = " ".join(str(text).split())
    return "".join("\ufffd" if unicodedata.category(c) in _UNSEEN else c for c in joined)


def web_address(url: str | None) -> str | None:
    """The address if a mail may link to it (http or https, no blank or control character), else None."""
    if not url or any(not c.isprintable() or c.isspace() for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def number(value: Decimal | int | float) -> str:
    """Digits with thousands' commas, as both English and Mexican readers write them, never an exponent."""
    exact = Decimal(str(value))
    if exact == exact.to_integral_value():
        return f"{int(exact):,}"
    return f"{exact.normalize():,f}"


def money(value: Decimal | int | float) -> str:
    """As ``number``, but a fraction has at least two digits."""
    exact = Decimal(str(value))
    two = exact.quantize(Decimal("0.01"))
    return f"{two:,f}" if two == exact != exact.to_integral_value() else number(exact)


def when(event_date: date | None, start: date | None, end: date | None) -> str | None:
    """A day, a whole year or month, or an interval, in ISO form; None where nothing is known."""
    if event_date is not None:
        return event_date.isoformat()
    if start is None or end is None:
        known = start or end
        return known.isoformat() if known else None
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
        return str(start.year)
    if (start.year, start.month, start.day) == (end.year, end.month, 1) and (end + timedelta(1)).day == 1:
        return f"{start:%Y-%m}"
    return f"{start.isoformat()} – {end.isoformat()}"
