"""What a digest shows, as plain lines: made once, so that the HTML and the text twin say the same.

A licence is never called a shipment; a municipal unit is shown as its state unless the settings ask for more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from flows.alerts.findings import FindingBlock, counted_findings, statuses_of, told_findings
from flows.alerts.news import SEVERITIES, DigestData, FindingView, FlagView, severity_rank
from flows.alerts.wording import Wording, money, number, plain, web_address, when

_CLIP = 400


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled line of a card; ``marked`` splits the value into before, the matched words, after."""

    label: str
    value: str
    url: str | None = None
    marked: tuple[str, str, str] | None = None
    strong: bool = False


@dataclass(slots=True)
class Card:
    """One flag with its proof."""

    flag_id: str
    severity: str
    badge: str
    title: str
    subtitle: str
    facts: list[Fact]
    proof_title: str = ""
    proof: list[Fact] = field(default_factory=list)
    findings: list[FindingBlock] = field(default_factory=list)
    findings_title: str = ""
    findings_notes: list[str] = field(default_factory=list)
    crop: bytes | None = None
    crop_alt: str = ""
    crop_note: str = ""


@dataclass(frozen=True, slots=True)
class Glance:
    """One flag in short, for the first screen."""

    severity: str
    badge: str
    who: str
    source: str
    what: str
    stands: str
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section, with an address where there is one."""

    text: str
    url: str | None = None


@dataclass(slots=True)
class Section:
    """A titled list of lines."""

    title: str
    intro: str = ""
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """The whole mail without its form."""

    language: str
    subject: str
    headline: str
    date: str
    intro: list[str]
    glance_title: str = ""
    glance: list[Glance] = field(default_factory=list)
    glance_more: str = ""
    cards: list[Card] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)


class CardMaker:
    """Makes cards in one language."""

    def __init__(self, w: Wording, *, show_municipal_detail: bool = False) -> None:
        self._w = w
        self._show_municipal = show_municipal_detail

    def glance(self, flag: FlagView) -> Glance:
        """One flag in short."""
        findings = [finding for finding in flag.findings if web_address(finding.source_url)]
        flag = self._shown(flag)
        why = self._rule_title(flag)
        if findings:
            why = self._w("glance.why", title=why, statuses=statuses_of(findings, self._w))
        return Glance(
            severity=flag.severity,
            badge=self._w.term("severity", flag.severity).upper(),
            who=self.who(flag),
            source=self._w("glance.from", exporter=self._exporter(flag)),
            what=" · ".join(
                part for part in (self._how_many(flag), self._what(flag, 90), self._value(flag)) if part
            ),
            stands=self._stands(flag),
            why=why,
        )

    def card(self, flag: FlagView) -> Card:
        """One flag with its proof, but without the picture of the page."""
        w = self._w
        is_withheld = self.is_withheld(flag)
        findings = flag.findings
        flag = self._shown(flag)
        card = Card(
            flag_id=flag.flag_id,
            severity=flag.severity,
            badge=w.term("severity", flag.severity).upper(),
            title=w("who.unverified", unit=self.who(flag)) if flag.is_from_memory else self.who(flag),
            subtitle=self._rule_title(flag),
            facts=[*self._first_facts(flag), *self._party_facts(flag, is_withheld)],
            proof_title=w("label.proof"),
            proof=self._proof_facts(flag),
            crop_alt=w("crop.alt", name=plain(flag.document_name or ""), place=self._place(flag)),
        )
        self._add_findings(card, flag, findings)
        return card

    def who(self, flag: FlagView) -> str:
        """The unit's name as a mail may show it."""
        if self.is_withheld(flag):
            return self._w("who.municipal", state=self._w.state(flag.state_iso))
        return plain(flag.unit_name) if flag.unit_name else self._w("who.none")

    def short(self, flag: FlagView) -> Line:
        """One flag in one line."""
        flag = self._shown(flag)
        badge = self._w.term("severity", flag.severity).upper()
        parts = (
            badge,
            self.who(flag),
            self._exporter(flag),
            self._licence(flag),
            self._when(flag),
            flag.flag_id,
        )
        return Line(" · ".join(plain(part) for part in parts), web_address(flag.document_url))

    def is_withheld(self, flag: FlagView) -> bool:
        """True for a municipal unit whose detail stays out of mails."""
        is_municipal = flag.level == "municipal" or (flag.unit_id or "").startswith("mun-")
        return is_municipal and not self._show_municipal

    def _shown(self, flag: FlagView) -> FlagView:
        """The flag without what would name a municipality."""
        if not self.is_withheld(flag):
            return flag
        w = self._w
        hidden = w("party.municipal")
        named = {flag.role} if flag.role in {"consignee", "intermediary", "end_user"} else set()
        named = named or {
            role for role in ("consignee", "intermediary", "end_user") if getattr(flag, f"{role}_raw")
        }
        return replace(
            flag,
            unit_name=None,
            matched_text=None,
            alias=None,
            reason="",
            crop=None,
            consignee_raw=hidden if "consignee" in named else flag.consignee_raw,
            intermediary_raw=hidden if "intermediary" in named else flag.intermediary_raw,
            end_user_raw=hidden if "end_user" in named else flag.end_user_raw,
        )

    def _add_findings(self, card: Card, flag: FlagView, findings: Sequence[FindingView]) -> None:
        """Findings in full; those about municipal units are counted only, unless the settings show them."""
        if not findings:
            return
        w = self._w
        own = all(finding.unit_id == flag.unit_id for finding in findings)
        card.findings_title = w("label.findings" if own else "label.findings_of_relatives")
        hidden = [finding for finding in findings if finding.is_municipal and not self._show_municipal]
        told = [finding for finding in findings if finding not in hidden]
        card.findings, card.findings_notes = told_findings(told, flag.flag_id, w)
        if hidden:
            card.findings_notes.append(counted_findings(hidden, flag.flag_id, w))

    # -- lines of a card

    def _first_facts(self, flag: FlagView) -> list[Fact]:
        """What, how many, from whom, why it matters, where it stands: with the title, the first screen."""
        w = self._w
        facts = [
            Fact(w("label.what"), self._what(flag, _CLIP), strong=True),
            Fact(w("label.how_many"), self._how_many(flag) or w("quantity.none"), strong=True),
            Fact(w("label.from"), self._exporter(flag), strong=True),
            Fact(w("label.why"), self._why(flag)),
            Fact(w("label.stands"), self._stands(flag)),
        ]
        if value := self._value(flag):
            basis = w.term("value_basis", flag.value_basis or "unknown")
            facts.append(Fact(w("label.value"), w("value.basis", amount=value, basis=basis)))
        return facts

    def _party_facts(self, flag: FlagView, is_withheld: bool) -> list[Fact]:
        """The three roles, verbatim and apart; the words that were recognised are marked in theirs."""
        w = self._w
        facts = []
        for role in ("end_user", "intermediary", "consignee"):
            raw: str | None = getattr(flag, f"{role}_raw")
            label = w(f"label.{role}")
            if raw:
                marked = None if is_withheld else self._marked(flag, role, raw)
                value = "".join(marked) if marked else self._clip(plain(raw), flag)
                facts.append(Fact(label, value, marked=marked))
            elif role == "end_user":
                facts.append(Fact(label, w("party.not_named")))
        if flag.matched_text and flag.alias:
            facts.append(Fact(w("label.match"), self._match(flag)))
        if flag.relation and flag.relation != "none":
            facts.append(Fact(w("label.relation"), w.term("relation", flag.relation)))
        return facts

    def _proof_facts(self, flag: FlagView) -> list[Fact]:
        w = self._w
        url = web_address(flag.document_url)
        source = w("source.text", title=plain(flag.source_title), publisher=plain(flag.publisher))
        document = w(
            "document.text", name=plain(flag.document_name or ""), sha256=plain(flag.document_sha256 or "")
        )
        return [
            Fact(w("label.licence"), self._licence(flag)),
            Fact(w("label.source"), source, url),
            Fact(w("label.place"), self._place(flag)),
            Fact(w("label.document"), document),
            Fact(w("label.flag"), f"{flag.flag_id} ({flag.rule_id})"),
        ]

    def _match(self, flag: FlagView) -> str:
        return self._w(
            "match.text",
            text=plain(flag.matched_text),
            alias=plain(flag.alias),
            rule=plain(flag.match_rule or ""),
            score=number(round(flag.score, 2)) if flag.score is not None else "",
        )

    def _marked(self, flag: FlagView, role: str, raw: str) -> tuple[str, str, str] | None:
        """Before, the matched words, after; None when this role's text does not hold them."""
        words = flag.matched_text
        if not words or flag.role not in {role, None}:
            return None
        start = flag.span_start if flag.span_start is not None else -1
        if start < 0 or raw[start : start + len(words)] != words:
            start = raw.find(words)
        if start < 0:
            return None
        before, after = raw[:start], raw[start + len(words) :]
        if len(before) > _CLIP:
            before = "… " + before[-_CLIP:]
        if len(after) > _CLIP:
            after = after[:_CLIP] + " …"
        return _with_edges(before, right=True), plain(words), _with_edges(after, left=True)

    def _rule_title(self, flag: FlagView) -> str:
        key = f"rule.{flag.rule_id}.title"
        return self._w(key) if self._w.has(key) else plain(flag.rule_title)

    def _why(self, flag: FlagView) -> str:
        key = f"rule.{flag.rule_id}.why"
        known = self._w(key) if self._w.has(key) else ""
        # The rule's own reason is written in English.
        own = plain(flag.reason) if self._w.language == "en" or not known else ""
        if any(finding.is_municipal for finding in flag.findings) and not self._show_municipal:
            own = ""  # it may name the municipality
        return " ".join(part for part in (known, own) if part)

    def _what(self, flag: FlagView, limit: int) -> str:
        kind = flag.item_description or self._w.term("weapon_class", flag.weapon_class)
        return self._clip(plain(kind), flag, limit) or self._w("what.none")

    def _how_many(self, flag: FlagView) -> str:
        if flag.quantity is None:
            return ""
        unit = plain(self._w.term("quantity_unit", flag.quantity_unit))
        return f"{number(flag.quantity)} {unit}".strip()

    def _value(self, flag: FlagView) -> str:
        if flag.value is None:
            return ""
        amount = f"{plain(flag.currency or '')} {money(flag.value)}".strip()
        return self._w("value.at_least", amount=amount) if flag.value_basis == "threshold_minimum" else amount

    def _exporter(self, flag: FlagView) -> str:
        name = (
            self._clip(plain(flag.exporter_name), flag, 120)
            if flag.exporter_name
            else self._w("exporter.none")
        )
        country = self._w.country(flag.exporter_country)
        return f"{name} ({country})" if country else name

    def _stands(self, flag: FlagView) -> str:
        return self._w("stage.dated", stage=self._w.term("stage", flag.stage), when=self._when(flag))

    def _when(self, flag: FlagView) -> str:
        return when(flag.event_date, flag.period_start, flag.period_end) or self._w("stage.undated")

    def _licence(self, flag: FlagView) -> str:
        ref, raw = plain(flag.licence_ref or ""), plain(flag.licence_ref_raw or "")
        if not ref and not raw:
            return self._w("licence.none")
        return self._w("licence.printed", ref=ref, raw=raw) if ref and raw and ref != raw else ref or raw

    def _place(self, flag: FlagView) -> str:
        if flag.page is not None and flag.row is not None:
            return self._w("place.page_row", page=flag.page, row=flag.row)
        if flag.page is not None:
            return self._w("place.page", page=flag.page)
        return self._w("place.row", row=flag.row) if flag.row is not None else self._w("place.none")

    def _clip(self, text: str, flag: FlagView, limit: int = _CLIP) -> str:
        if len(text) <= limit:
            return text
        tail = self._w("clipped", flag_id=flag.flag_id) if limit == _CLIP else self._w("clipped.plain")
        return text[:limit].rstrip() + tail


def _with_edges(text: str, *, left: bool = False, right: bool = False) -> str:
    """As ``plain``, keeping one blank where the text touched the marked words with a blank."""
    shown = plain(text)
    if left and text[:1].isspace():
        shown = f" {shown}"
    if right and text[-1:].isspace():
        shown = f"{shown} "
    return shown


def counts_by_severity(flags: Sequence[FlagView], w: Wording) -> str:
    """``2 high, 1 medium``."""
    counts = Counter(flag.severity for flag in flags)
    named = [(f"{counts[s]:,}", w.term("severity", s)) for s in SEVERITIES if counts[s]]
    return ", ".join(w("severity.count", n=n, severity=severity) for n, severity in named)


def first_load_section(data: DigestData, maker: CardMaker, w: Wording) -> Section:
    """What sources hold that this recipient meets for the first time, counted."""
    section = Section(w("section.first_load"), w("first_load.intro"))
    flags = [flag for flag in data.flags if flag.source_id in data.first_load]
    serious = [flag for flag in flags if severity_rank(flag.severity) <= severity_rank("medium")][:5]
    if serious:
        section.lines.append(Line(f"{w('first_load.most')}:"))
        section.lines.extend(maker.short(flag) for flag in serious)
    for source_id in sorted(data.first_load):
        own = [flag for flag in flags if flag.source_id == source_id]
        title = data.source_titles.get(source_id) or (own[0].source_title if own else source_id)
        counts = counts_by_severity(own, w) or w("first_load.none")
        section.lines.append(Line(w("first_load.line", title=plain(title), counts=counts)))
    section.lines.append(Line(w("first_load.see")))
    return section


CropOf = Callable[[FlagView], bytes | None]
