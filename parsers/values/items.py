"""The goods in a phrase, each kind with its quantity, unit and calibre. Wording: transaction_wording.yml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from parsers.record import WeaponClass
from parsers.values.control_lists import weapon_class

_SCALES = {"thousand": 1_000, "million": 1_000_000}


@dataclass(frozen=True, slots=True)
class Item:
    """One kind of goods: its words, and the printed quantity, unit and calibre where given."""

    description: str
    quantity: str | None = None
    unit: str | None = None
    calibre: str | None = None


@cache
def wording() -> dict[str, Any]:
    """How certifications word goods and parties: ``transaction_wording.yml``."""
    text = (files(__package__) / "transaction_wording.yml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def wording_pattern(name: str) -> re.Pattern[str]:
    """One pattern of that file, compiled."""
    return re.compile(wording()[name])


@cache
def regions() -> dict[str, re.Pattern[str]]:
    """Parts of countries whose names tell the country, by its code."""
    return {alpha2: re.compile(names) for alpha2, names in wording()["regions"].items()}


def read_items(text: str, *, every_comma: bool = False) -> list[Item]:
    """The items of a phrase, cut at commas and ``and``; where quantities are printed, at those.

    ``2,300 Colt M4 carbine, 5.56mm caliber, fully automatic rifles`` is one item. With ``every_comma``
    (packages of many goods) a comma always cuts, unless a calibre follows it.
    """
    # "eight hundred and fifty (850)" is one number.
    pieces = re.split(r"((?<!hundred)(?<!thousand),? and (?:also )?|; (?:and )?|, )", text)
    counted = any(wording_pattern("quantity").match(piece) for piece in pieces[::2])
    items = [pieces[0]]
    equipped = False  # "fifty (50) rifles, with tripods and cradles" are one item
    for separator, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        begins = bool(wording_pattern("quantity").match(piece))
        begins = begins and not (equipped and piece.endswith(" each"))
        equipped = not begins and (equipped or bool(wording_pattern("equipped").match(piece)))
        glued = bool(wording_pattern("glue").match(piece))
        if glued and not counted and wording_pattern("kind").match(piece):
            glued = not items[-1].endswith("s")  # "rifles, fully automatic rifles": two kinds
        if not begins and not glued:
            begins = not counted or "and" in separator or every_comma
            begins = begins and not (equipped and counted and not every_comma)
            begins = begins and not (every_comma and wording_pattern("calibre").match(piece))
        if begins and _goes_on(items[-1]):
            begins = wording_pattern("quantity").match(piece) is not None
        if begins and piece and not _belongs_to_item(piece):
            items.append(piece)
        else:
            items[-1] += separator + piece
    return [_item(item.strip(" ,;")) for item in items if item.strip(" ,;")]


def _belongs_to_item(piece: str) -> bool:
    """A model's name or a quantity after a comma (``rifles, M4, quantity 1,500``) is of the item before."""
    behind = wording_pattern("quantity_behind").match(f", {piece}")
    of_item = (wording_pattern(name).fullmatch(piece) for name in ("model", "calibre"))
    return bool(behind and behind.end() == len(piece) + 2) or any(of_item)


def _goes_on(item: str) -> bool:
    """Whether an item has no goods yet, only words or calibres before them: ``9mm and .45 pistols``."""
    names = ("incomplete", "calibre")
    return all(any(wording_pattern(name).fullmatch(part) for name in names) for part in item.split(", "))


def _number_of(words: str) -> int:
    """``three hundred and twenty-five`` as 325."""
    whole = part = 0
    for word in re.split(r"[ -](?:and )?", words):
        value = wording()["number_words"][word]
        if value == 1000:
            whole, part = whole + part * 1000, 0
        else:
            part = part * 100 if value == 100 else part + value
    return whole + part


def _item(text: str) -> Item:
    calibres = [calibre.group().strip() for calibre in wording_pattern("calibre").finditer(text)]
    calibre = "; ".join(dict.fromkeys(calibres)) or None  # "5.56mm and 7.62mm rifles" come in both
    found = wording_pattern("quantity").match(text)
    if not found:
        behind = wording_pattern("quantity_behind").search(text)
        digits = next((group for group in behind.groups() if group), None) if behind else None
        return Item(text, digits, calibre=calibre)
    rest = text[found.end() :]
    unit = wording_pattern("unit").match(rest)
    digits = found.group(1) or found.group(2) or str(_number_of(found.group(3)))
    if found.group(4):  # "25 million cartridges"
        digits = str(int(Decimal(digits.replace(",", "")) * _SCALES[found.group(4)]))
    return Item(rest, digits, unit.group(1) if unit else None, calibre)


def class_of_parts(whole: str) -> WeaponClass:
    """The class of parts: those of a firearm only where the text names one (``CH-47 components``)."""
    others = wording_pattern("general_parts").sub(" ", whole.replace("technical data", " "))
    is_arm = weapon_class(None, None, others) not in (WeaponClass.UNKNOWN, WeaponClass.NOT_FIREARMS)
    if is_arm or wording_pattern("firearm_models").search(whole):
        return WeaponClass.PARTS
    return WeaponClass.NOT_FIREARMS if wording_pattern("platform").search(whole) else WeaponClass.UNKNOWN
