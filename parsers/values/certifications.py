"""A certification to Congress as records: one per transmittal and destination, whatever carried the text.

Notices, communications and resolutions word the same object; here its sections, threshold, category and
parties become the fields of the record as architecture section 2, "How the fields are filled", says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal

from parsers.record import CellError, Grain, Record, Row, Stage, ValueBasis, WeaponClass
from parsers.values.control_lists import control_code, weapon_class
from parsers.values.items import Item, class_of_parts, read_items
from parsers.values.money import number
from parsers.values.transaction_onward import read_meant_for, untold
from parsers.values.transaction_parties import Place
from parsers.values.transaction_places import Transaction, stray_places
from parsers.values.transactions import check_known, read_transaction
from parsers.values.transmittals import Transmittal

_AMOUNT = re.compile(
    r"(?P<before>(?:in excess of|more than|exceeding|at least|not less than|over|a minimum of) \[?)?"
    r"\$ ?(?P<figure>\d{1,3}(?:,\d{3})+(?:\.\d{2})?|\d{1,15}(?:\.\d{1,3})?)(?P<unit> ?(?:million|billion))?"
    r"(?P<after>\]? ?,? ?(?:or (?:more|greater|above|over)|and (?:above|over)))?"
)
_LONGEST = 30_000  # characters; the longest known letters have some 3,000
_UNITS = {"": Decimal(1), "million": Decimal(10**6), "billion": Decimal(10**9)}
_ROMAN = r"[IVX]{1,5}(?: ?\([a-z]\)(?:\(\d{1,2}\))?)?"
_CATEGORY = re.compile(
    rf"\b[Cc]ategor(?:y|ies) (?P<codes>{_ROMAN}(?:(?:, and |, | and | or ){_ROMAN})*)(?![\w])"
)
_SECTION = re.compile(
    r"\b(?:Sections? |Sec\. ?|22 U\.S\.C\. )?\b(36 ?\([a-f]\)|3 ?\(d\)|27(?:76|53) ?\([a-f]\))"
)
# "a letter withdrawing Transmittal No. ...": what was notified stays notified; the word stands in verbatim.
_WITHDRAWN = re.compile(
    r"\b[Ww]ithdr(?:aw(?:al|ing|s|n)?|ew)\b[^.;]{0,60}(?=\bTransmittal\b|\bcertification\b)"
)
_SECTION_OF_CODE = {"2776": "36", "2753": "3"}
_INSTRUMENT = re.compile(
    r"\bproposed ((?:amendment to (?:a |an |the )?)?(?:export |manufacturing |technical )?"
    r"(?:licen[sc]e(?: amendment| agreement)?|assistance agreement|agreement|transfer|retransfer|re-transfer"
    r"|sale|lease|amendment))\b(?: (?:to|of) (?:a |an |the )(?P<of>licen[sc]e|agreement"
    r"|(?:manufacturing license|technical assistance) agreement))?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Certification:
    """One certification: its text, its own transmittals, the earlier ones it amends, and who carries it."""

    text: str
    transmittals: list[Transmittal]
    event_date: date | None
    published_on: date | None
    statements: list[str] = field(default_factory=list)
    amends: list[Transmittal] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)
    items_from_start: bool = False

    @property
    def known_date(self) -> date | None:
        """The day of the text, or else of its carrier: it tells the year in a number from its sequence."""
        return self.event_date or self.published_on


def records_of(row: Row, certification: Certification) -> list[Record]:
    """The records of one certification, in the order of its transmittals and destinations.

    ``statements`` are the sentences to read, the general one first and the transaction itself last; without
    any, the whole text is read. A certification without transmittal or destination still gives one record.
    Raises CellError when a destination, amount or category cannot be read strictly.
    """
    if len(certification.text) > _LONGEST:
        raise CellError(
            f"{len(certification.text)} characters are more than any letter holds: it was not cut"
        )
    statements = certification.statements or [certification.text]
    from_start = certification.items_from_start
    reads = [read_transaction(s, items_from_start=from_start, is_whole=False) for s in statements]
    deal = _combined(reads)
    whole = " ".join(statements)
    check_known(deal)
    if not deal.destinations and not deal.end_user_places:
        deal.destinations = stray_places(whole, deal)
        read_meant_for(deal, whole)
    value, basis = _threshold(whole)
    codes = _categories(whole)
    items = read_items(deal.items_text) if deal.items_text else []
    counted = items[0] if len(items) == 1 else None
    verbatim = _verbatim(certification, whole, deal, items, codes)
    transmittals: Sequence[Transmittal | None] = certification.transmittals or [None]
    places: Sequence[Place | None] = deal.destinations or [None]
    exporter = deal.source if _is_transfer(certification, deal) else None
    code = control_code("USML", codes[0].replace(" ", "")) if len(codes) == 1 else None
    return [
        row.record(
            key=_key(certification, transmittal, place, deal),
            stage=Stage.NOTIFIED,
            grain=Grain.LICENCE,
            verbatim=verbatim | ({"destination": place.raw} if place else {}),
            licence_ref=transmittal.reference(certification.known_date) if transmittal else None,
            licence_ref_raw=transmittal.raw if transmittal else None,
            exporter_country=exporter.alpha2 if exporter else "US",
            exporter_country_raw=exporter.raw if exporter else None,
            destination_country=place.alpha2 if place else None,
            destination_country_raw=place.raw if place else None,
            exporter_name=deal.exporter_name,
            consignee_raw=_consignee(deal, place),
            intermediary_raw=deal.intermediary,
            end_user_raw=deal.end_user,
            item_description=deal.items_text,
            control_list="USML" if codes else None,
            control_code=code,
            weapon_class=_class_of(
                code, items, " ".join(filter(None, [deal.items_text, deal.purpose])), whole
            ),
            quantity=number(counted.quantity, "us") if counted and counted.quantity else None,
            quantity_unit=counted.unit if counted else None,
            value=value,
            currency="USD" if value is not None else None,
            value_basis=basis,
            event_date=certification.event_date,
            published_on=certification.published_on,
        )
        for transmittal in transmittals
        for place in places
    ]


def _is_transfer(certification: Certification, deal: Transaction) -> bool:
    """Whether another country passes its arms on; else ``from Belgium`` is where the goods come from."""
    if deal.source is None:
        return False
    from_government = deal.source.party is not None
    return from_government or any(number.prefix == "RSAT" for number in certification.transmittals)


def _class_of(code: str | None, items: list[Item], text: str, whole: str) -> WeaponClass:
    """The class of all goods; of one arm (``M4 carbine, 5.56mm, automatic rifles``) the last words tell."""
    told = weapon_class("USML" if code else None, code, text)
    if told is WeaponClass.NOT_FIREARMS and not code:
        # "technical data for the manufacture of rifle barrels": the data do not hide what they are for.
        named = weapon_class(None, None, text.replace("technical data", " "))
        told = told if named is WeaponClass.UNKNOWN else named
    if told is WeaponClass.PARTS and not _CATEGORY.search(whole):
        return class_of_parts(whole)
    if told is WeaponClass.OTHER_ARMS and len(items) == 1:
        last = weapon_class(None, None, text.rsplit(", ", 1)[-1])
        return told if last is WeaponClass.UNKNOWN else last
    return told


def _key(
    certification: Certification, transmittal: Transmittal | None, place: Place | None, deal: Transaction
) -> tuple[str, ...]:
    """Transmittal and destination; without a number, a substitute of what else identifies the letter."""
    country = place.alpha2 if place else ""
    if transmittal:
        return (transmittal.reference(certification.known_date) or transmittal.key, country)
    day = certification.event_date.isoformat() if certification.event_date else ""
    parties = [deal.end_user or "", *sorted(deal.consignees)]
    return ("without number", day, country, deal.items_text or certification.text, *parties)


def _combined(reads: Sequence[Transaction]) -> Transaction:
    """The last statement is the transaction itself; the earlier, general ones fill what it leaves open."""
    deal = reads[-1]
    for general in reversed(reads[:-1]):
        known = {place.alpha2 for place in deal.destinations}
        more = [place for place in general.destinations if place.alpha2 not in known]
        hinted = {hint.alpha2 for hint in [*deal.hints, *deal.end_user_hints]}
        agree = known & {place.alpha2 for place in general.destinations}
        if known and not agree and hinted and hinted <= {place.alpha2 for place in more}:
            # "to Mexico" in general, "to X in Panama for end use by the Mexican Navy": Panama is on the way.
            deal.passed_through += deal.destinations
            deal.destinations = []
        passed = {place.alpha2 for place in deal.passed_through}
        deal.unknown = general.unknown + deal.unknown
        deal.destinations += [place for place in more if place.alpha2 not in passed]
        if deal.items_text is None:
            deal.items_text, deal.purpose = general.items_text, general.purpose
        deal.consignees = deal.consignees or general.consignees
        deal.end_user = deal.end_user or general.end_user
        deal.intermediary = deal.intermediary or general.intermediary
        deal.exporter_name = deal.exporter_name or general.exporter_name
        deal.source = deal.source or general.source
    return deal


def _consignee(deal: Transaction, place: Place | None) -> str | None:
    if place and place.party and len(deal.destinations) > 1:
        return place.party
    if place and place.party:  # "to the Secretariat, for resale to police forces in Mexico": both are there
        return "; ".join(dict.fromkeys([*deal.consignees, place.party]))
    with_place = {known.party for known in [*deal.destinations] if known.party}
    others = [name for name in dict.fromkeys(deal.consignees) if name not in with_place]
    return "; ".join(others) or None


def _threshold(text: str) -> tuple[Decimal | None, ValueBasis | None]:
    """The first printed ``$... or more``; else the one printed amount, whose basis is then not known."""
    amounts = [(match, bool(match["before"] or match["after"])) for match in _AMOUNT.finditer(text)]
    thresholds = [match for match, is_threshold in amounts if is_threshold]
    if thresholds:
        return _dollars(thresholds[0]), ValueBasis.THRESHOLD_MINIMUM
    if len({match.group() for match, _ in amounts}) == 1:
        return _dollars(amounts[0][0]), ValueBasis.UNKNOWN
    return None, None


def _dollars(amount: re.Match[str]) -> Decimal | None:
    figure = number(amount["figure"], "us")
    return None if figure is None else figure * _UNITS[(amount["unit"] or "").strip()]


def _categories(text: str) -> list[str]:
    found = [code for match in _CATEGORY.finditer(text) for code in re.findall(_ROMAN, match["codes"])]
    return list(dict.fromkeys(found))


def sections(text: str) -> list[str]:
    """Sections of the Arms Export Control Act that a text cites, by its own numbers: ``36(c)``, ``3(d)``."""
    found = []
    for match in _SECTION.finditer(text):
        section = match.group(1).replace(" ", "")
        found.append(_SECTION_OF_CODE.get(section[:4], section[:-3]) + section[-3:])
    return list(dict.fromkeys(found))


def _verbatim(
    certification: Certification, whole: str, deal: Transaction, items: list[Item], codes: list[str]
) -> dict[str, str]:
    instrument, withdrawn = _INSTRUMENT.search(whole), _WITHDRAWN.search(certification.text)
    listed = [{name: cell for name, cell in asdict(item).items() if cell is not None} for item in items]
    cells = {
        **certification.extra,
        "transmittal": "; ".join(t.raw for t in certification.transmittals),
        "amends": "; ".join(dict.fromkeys(t.raw for t in certification.amends)),
        "section": "; ".join(sections(certification.text)),
        "instrument": instrument.group() if instrument else "",
        "withdrawal": withdrawn.group().strip() if withdrawn else "",
        "category": "; ".join(codes),
        "amount": "; ".join(dict.fromkeys(m.group().strip() for m in _AMOUNT.finditer(whole))),
        "destinations": "; ".join(place.raw for place in deal.destinations),
        "beside_destination": "; ".join(place.beside for place in deal.destinations if place.beside),
        "from": deal.source.raw if deal.source else "",
        "exporter": deal.exporter_name or "",
        "consignee": "; ".join(dict.fromkeys(deal.consignees)),
        "intermediary": deal.intermediary or "",
        "end_user": deal.end_user or "",
        "end_user_country": "; ".join(dict.fromkeys(hint.alpha2 for hint in deal.end_user_hints)),
        "purpose": deal.purpose or "",
        "passed_through": "; ".join(dict.fromkeys(place.raw for place in deal.passed_through)),
        "also_named": "; ".join(dict.fromkeys(m.text for m in untold(whole, deal))),
        "items": json.dumps(listed, ensure_ascii=False) if listed else "",
        "text": certification.text,
    }
    return {name: cell for name, cell in cells.items() if cell}
