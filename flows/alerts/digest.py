"""One mail: what a run found, in HTML and in a text twin that says the same, with the page's crops inline.

``Digest`` is the ``render`` of the outbox. Nothing in the mail is fetched from elsewhere: styles stand on the
elements, pictures are parts of the mail, links go to the publisher's own addresses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from flows.alerts.news import DigestData, FailedCheck, FailedSource, FlagView, LateReport, RevisionView
from flows.alerts.page import (
    CardMaker,
    CropOf,
    Line,
    Page,
    Section,
    counts_by_severity,
    first_load_section,
)
from flows.alerts.wording import Wording, plain, web_address

if TYPE_CHECKING:
    from jinja2 import Environment

    from flows.settings import Recipient, Settings

_MAX_LINES = 25
_MAX_GLANCE = 6  # what fits above the fold
_LATE_ONE_BY_ONE = 2
_SUBJECT_UNITS = 3
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Digest:
    """Renders the digest of one recipient; ``crop_of`` gives the picture of the page, when there is one."""

    from_address: str
    operator_address: str | None = None
    show_municipal_detail: bool = False
    max_flags: int = 40
    max_bytes: int = 8_000_000
    crop_of: CropOf | None = None

    @classmethod
    def of(cls, settings: Settings, crop_of: CropOf | None = None) -> Digest:
        """The digest as the settings ask for it."""
        return cls(
            from_address=settings.from_address,
            operator_address=settings.operator_address,
            show_municipal_detail=settings.show_municipal_detail,
            max_flags=settings.max_mail_flags,
            max_bytes=settings.max_mail_bytes,
            crop_of=crop_of,
        )

    def __call__(self, data: DigestData, recipient: Recipient, message_id: str) -> EmailMessage:
        """The mail: multipart/alternative of text and HTML, the HTML with its pictures."""
        page = self.page(data, recipient)
        message = _envelope(self.from_address, recipient.address, page.subject, message_id, data.run_date)
        message.set_content(text_of(page), charset="utf-8", cte="quoted-printable")
        message.add_alternative(html_of(page), subtype="html", charset="utf-8", cte="quoted-printable")
        html_part = message.get_payload(1)
        if not isinstance(html_part, EmailMessage):
            raise TypeError("the policy gave another class")
        for card in page.cards:
            if card.crop is not None:
                name = f"{card.flag_id}.png"
                html_part.add_related(
                    card.crop,
                    "image",
                    "png",
                    cid=f"<{cid_of(card.flag_id)}>",
                    filename=name,
                    disposition="inline",
                )
        _fix_boundaries(message, message_id)
        return message

    def page(self, data: DigestData, recipient: Recipient) -> Page:
        """What the mail shows, without its form."""
        w = Wording(recipient.language)
        maker = CardMaker(w, show_municipal_detail=self.show_municipal_detail)
        fresh = [flag for flag in data.flags if flag.source_id not in data.first_load]
        page = Page(
            language=recipient.language,
            subject=_subject(data, fresh, maker, w),
            headline=_headline(data, fresh, w),
            date=data.run_date.isoformat(),
            intro=_intro(data, w),
            glance_title=w("glance.title"),
            glance=[maker.glance(flag) for flag in fresh[:_MAX_GLANCE]] if len(fresh) > 1 else [],
            glance_more=w("glance.more", n=len(fresh) - _MAX_GLANCE) if len(fresh) > _MAX_GLANCE else "",
            cards=[maker.card(flag) for flag in fresh[: self.max_flags]],
        )
        self._add_crops(page, fresh, maker, w)
        if len(fresh) > self.max_flags:
            rest = fresh[self.max_flags :]
            short = [maker.short(flag) for flag in rest]
            page.sections.append(Section(w("more.flags", n=len(rest)), lines=short))
        page.sections.extend(_sections(data, maker, w))
        page.footer = self._footer(data, recipient, w)
        return page

    def _add_crops(self, page: Page, flags: Sequence[FlagView], maker: CardMaker, w: Wording) -> None:
        """Pictures in order of severity until the mail is full (base64 makes 4 bytes of 3)."""
        room = self.max_bytes * 3 // 4 - 200_000
        for card, flag in zip(page.cards, flags, strict=False):
            if maker.is_withheld(flag):
                continue  # a picture of the row would name the municipality
            crop = flag.crop or (self.crop_of(flag) if self.crop_of else None)
            if crop is None or not crop.startswith(_PNG):
                continue
            if len(crop) > room:
                card.crop_note = w("crop.omitted", flag_id=flag.flag_id)
                continue
            room -= len(crop)
            card.crop = crop

    def _footer(self, data: DigestData, recipient: Recipient, w: Wording) -> list[str]:
        lines = [w("footer.care")]
        counted = [w(f"counts.{key}", n=f"{n:,}") for key, n in data.counts.items() if w.has(f"counts.{key}")]
        if counted:
            lines.append(w("counts.title", list=", ".join(counted)))
        if self.operator_address:
            lines.append(w("footer.corrections", address=self.operator_address))
        lines.append(w("footer.why_you", address=recipient.address, run_id=plain(data.run_id)))
        return lines


def operator_message(
    sentence: str, run_id: str, run_date: date, settings: Settings, language: str = "en"
) -> EmailMessage:
    """The mail to the operator when the run itself failed; ``sentence`` says what happened, without secrets.

    Raises ValueError while no ``operator_address`` is set.
    """
    if settings.operator_address is None:
        raise ValueError("operator_address is not set")
    w = Wording(language)
    day = run_date.isoformat()
    subject = f"{w('subject.operator')}: {plain(sentence)[:80]} - {w('subject.tail', date=day)}"
    message_id = f"<operator-{run_date:%Y%m%d}@armswatch.invalid>"  # the outbox gives the mail its own
    message = _envelope(settings.from_address, settings.operator_address, subject, message_id, run_date)
    lines = (
        w("operator.headline", date=day),
        w("operator.what", sentence=plain(sentence)),
        w("operator.state"),
        w("operator.run", run_id=plain(run_id)),
    )
    message.set_content("\n\n".join(lines) + "\n", charset="utf-8", cte="quoted-printable")
    return message


def cid_of(flag_id: str) -> str:
    """The content id of a flag's picture."""
    return f"{hashlib.sha256(flag_id.encode()).hexdigest()[:24]}@armswatch"


def html_of(page: Page) -> str:
    """The mail as HTML; every foreign text is escaped by the template engine."""
    return _environment().get_template("digest.html.j2").render(page=page, cid_of=cid_of)


def text_of(page: Page) -> str:
    """The text twin."""
    return _environment().get_template("digest.txt.j2").render(page=page)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=PackageLoader("flows.alerts"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _envelope(sender: str, recipient: str, subject: str, message_id: str, run_date: date) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = plain(subject)  # one line: no foreign name can add a header
    message["Date"] = format_datetime(datetime.combine(run_date, time(), UTC))
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    return message


def _fix_boundaries(message: EmailMessage, message_id: str) -> None:
    """Boundaries from the Message-ID, so that the same news is the same mail byte for byte."""
    seed = hashlib.sha256(message_id.encode()).hexdigest()[:32]
    for number, part in enumerate(p for p in message.walk() if p.is_multipart()):
        part.set_boundary(f"=_{seed}_{number}")


def _subject(data: DigestData, fresh: Sequence[FlagView], maker: CardMaker, w: Wording) -> str:
    tail = w("subject.tail", date=data.run_date.isoformat())
    parts = [] if data.is_published else [w("subject.withheld")]
    if fresh:
        names = list(dict.fromkeys(maker.who(flag) for flag in fresh))
        shown = [name if len(name) <= 40 else f"{name[:39]}…" for name in names[:_SUBJECT_UNITS]]
        if len(names) > len(shown):
            shown.append(w("subject.and_more", n=len(names) - len(shown)))
        parts.append(w("subject.flags", counts=counts_by_severity(fresh, w), units=", ".join(shown)))
    if data.first_load:
        parts.append(w("subject.first_load", n=f"{len(data.flags) - len(fresh):,}"))
    other = (
        ("revisions", len(data.revisions)),
        ("late_reports", len(data.late_reports)),
        ("failures", len(data.failed_sources) + len(data.failed_checks)),
    )
    if not fresh and not data.first_load:
        parts.extend(w(f"subject.{key}", n=n) for key, n in other if n)
    return f"{', '.join(parts) or w('subject.nothing')} - {tail}"


def _headline(data: DigestData, fresh: Sequence[FlagView], w: Wording) -> str:
    if fresh:
        return w("headline.flags", counts=counts_by_severity(fresh, w))
    if data.first_load:
        return w("headline.first_load", n=f"{len(data.flags):,}")
    return w("headline.news") if data.items() else w("headline.nothing")


def _intro(data: DigestData, w: Wording) -> list[str]:
    intro = [] if data.is_published else [w("intro.withheld")]
    if not data.items() and not data.first_load:
        intro.append(w("intro.nothing", date=data.run_date.isoformat()))
    return intro


def _sections(data: DigestData, maker: CardMaker, w: Wording) -> list[Section]:
    """First load, revisions, late reports and failures; failures come first when nothing was published."""
    sections = [first_load_section(data, maker, w)] if data.first_load else []
    failures = [*(_check(c, w) for c in data.failed_checks), *(_source(s, w) for s in data.failed_sources)]
    lists = [
        Section(w("section.revisions"), lines=[_revision(r, w) for r in data.revisions]),
        Section(w("section.late_reports"), lines=_late(data.late_reports, w)),
        Section(w("section.failures"), lines=failures),
    ]
    if not data.is_published:
        lists.reverse()
    for section in lists:
        hidden = len(section.lines) - _MAX_LINES
        if hidden > 0:
            section.lines = [*section.lines[:_MAX_LINES], Line(w("section.more", n=hidden))]
    return sections + [section for section in lists if section.lines]


def _revision(revision: RevisionView, w: Wording) -> Line:
    key = f"revision.{revision.change}"
    ref = revision.licence_ref or revision.transfer_id
    where = " ".join(str(part) for part in (revision.report_id, ref, revision.year) if part)
    text = w(
        key if w.has(key) else "revision.other",
        title=plain(revision.source_title),
        where=plain(where),
        change=plain(revision.change),
        field=plain(revision.field or ""),
        old=plain(revision.old_value or w("blank"))[:120],
        new=plain(revision.new_value or w("blank"))[:120],
    )
    return Line(text, web_address(revision.document_url))


def _late(reports: Sequence[LateReport], w: Wording) -> list[Line]:
    """A line for each late report; many of one source, as after its first load, share a line."""
    lines: list[Line] = []
    for _, group in groupby(
        sorted(reports, key=lambda r: (r.source_id, r.due_on)), key=lambda r: r.source_id
    ):
        own = list(group)
        if len(own) <= _LATE_ONE_BY_ONE:
            lines.extend(_late_line(report, w) for report in own)
            continue
        last = own[-1]
        text = w(
            "late.group",
            title=plain(last.source_title),
            n=len(own),
            first=plain(own[0].period),
            last=plain(last.period),
            due_on=last.due_on.isoformat(),
            days=last.late_days,
        )
        lines.append(Line(text, web_address(last.url)))
    return lines


def _late_line(report: LateReport, w: Wording) -> Line:
    text = w(
        "late.line",
        title=plain(report.source_title),
        period=plain(report.period),
        due_on=report.due_on.isoformat(),
        n=report.late_days,
    )
    return Line(text, web_address(report.url))


def _source(source: FailedSource, w: Wording) -> Line:
    text = w(
        "failure.source",
        title=plain(source.source_title),
        sentence=plain(source.sentence)[:400],
        since=source.since.isoformat(),
    )
    return Line(text, web_address(source.url))


def _check(check: FailedCheck, w: Wording) -> Line:
    key = "failure.fatal" if check.is_fatal else "failure.check"
    text = w(
        key, check_id=plain(check.check_id), subject=plain(check.subject), message=plain(check.message)[:400]
    )
    return Line(text)
