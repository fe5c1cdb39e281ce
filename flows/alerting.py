"""From the published file to the outbox: what holds now is handed over; the outbox knows who was told."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from parsers.registry import load_source
from warehouse.sql import sql_beside
from warehouse.state import all_told, failing_since

if TYPE_CHECKING:
    import duckdb

    from flows.alerts.news import DigestData, FailedCheck, FailedSource, FindingView, FlagView
    from flows.alerts.outbox import Outbox
    from flows.run import Run
    from flows.settings import Recipient, Settings

logger = logging.getLogger(__name__)

_sql = sql_beside(__file__, "queries")


def alert(run: Run) -> None:
    """Queue one digest a recipient with what each was not told yet, and deliver all that waits.

    What a mail server refuses stays queued and is said in the night's problems.
    """
    data = collect(run)
    run.night.open_flag_counts = _by_severity(run)
    outbox = outbox_of(run)
    render = renderer(run.settings)  # one for all: a picture is drawn once a flag
    for recipient in recipients_of(run.settings):
        outbox.queue(data, recipient, render, run.clock(), when_empty=run.settings.digest_when_empty)
    all_told(run.state)
    deliver(run, outbox)


def deliver(run: Run, outbox: Outbox) -> None:
    """Hand all waiting mails to the server, or to the outbox folder, and note what became of each."""
    from flows.alerts.mail import transport_for

    for result in outbox.deliver(transport_for(run.settings), run.clock):
        line = f"{result.status} to {result.recipient} {result.message_id}"
        if result.status == "sent":
            run.night.mails.append(line)
        else:
            run.night.problems.append(f"mail {line}: {result.reason}")


def tell_operator(run: Run, error: Exception) -> None:
    """Mail the operator, where one is set, that the run was broken off. Never hides the error that did it."""
    from flows.alerts.digest import operator_message
    from flows.commands.errors import sentence_and_code

    address = run.settings.operator_address
    if address is None:
        return
    try:
        sentence, _ = sentence_and_code(error)
        message = operator_message(sentence, run.run_id, run.clock().date(), run.settings)
        outbox = outbox_of(run)
        outbox.queue_notice(f"broken:{run.run_id}:{sentence}", address, message, run.clock())
        deliver(run, outbox)
    except Exception:
        logger.exception("the operator could not be told")


def outbox_of(run: Run) -> Outbox:
    """The outbox of the run's state."""
    from flows.alerts.outbox import Outbox

    return Outbox(run.state, domain=run.settings.from_address.partition("@")[2])


def recipients_of(settings: Settings) -> tuple[Recipient, ...]:
    """The recipients of the settings; where none is set, the operator gets everything."""
    from flows.settings import Recipient

    return settings.recipients or (Recipient(address=settings.operator_address or settings.from_address),)


def renderer(settings: Settings) -> Any:
    """How a digest becomes a mail under these settings, with pictures of the pages."""
    from flows.alerts.digest import Digest
    from warehouse.evidence import Crops
    from warehouse.home import Home

    return Digest.of(settings, Crops(Home(settings.home), max_memory_mb=settings.max_memory_mb))


def collect(run: Run) -> DigestData:
    """All that holds now: open flags, revisions, late reports, failing sources and checks."""
    from flows.alerts.news import DigestData, LateReport, RevisionView

    today = run.clock().date()
    news: dict[str, Any] = {}
    if run.home.database.exists():
        import duckdb

        connection = duckdb.connect(str(run.home.database), read_only=True)
        try:
            connection.execute("SET TimeZone = 'UTC'")
            news["flags"] = _flags(connection)
            news["revisions"] = tuple(
                map(RevisionView.from_row, _dicts(connection, _sql("mailed_revisions")))
            )
            news["late_reports"] = tuple(
                map(LateReport.from_row, _dicts(connection, _sql("mailed_late_reports")))
            )
            news["counts"] = {k: int(v or 0) for k, v in _dicts(connection, _sql("mailed_counts"))[0].items()}
            titles = dict(
                connection.execute("SELECT source_id, title FROM meta.sources ORDER BY 1").fetchall()
            )
            loaded = connection.execute("SELECT DISTINCT source_id FROM core.documents ORDER BY 1").fetchall()
            news["source_titles"] = titles
            news["loaded_sources"] = tuple(source_id for (source_id,) in loaded)
        finally:
            connection.close()
    verdict = run.night.verdict
    return DigestData(
        run_id=run.run_id,
        run_date=today,
        failed_sources=_failed_sources(run, today),
        failed_checks=_failed_checks(run, today),
        is_published=verdict is None or verdict.is_publishable,
        **news,
    )


def _flags(connection: duckdb.DuckDBPyConnection) -> tuple[FlagView, ...]:
    from flows.alerts.news import FindingView, FlagView

    findings: dict[str, list[FindingView]] = {}
    for row in _dicts(connection, _sql("mailed_findings")):
        findings.setdefault(row["flag_id"], []).append(FindingView.from_row(row))
    return tuple(
        FlagView.from_row(row, findings=tuple(findings.get(row["flag_id"], ())))
        for row in _dicts(connection, _sql("mailed_flags"))
    )


def _dicts(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    answer = connection.execute(sql)
    columns = [column[0] for column in answer.description or []]
    return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]


def _failed_sources(run: Run, today: date) -> tuple[FailedSource, ...]:
    from flows.alerts.news import FailedSource

    failed = {o.source_id: "; ".join(o.failures) for o in run.night.outcomes if o.failures}
    since = failing_since(run.state, "source:", sorted(failed), today)
    return tuple(
        FailedSource(
            source_id=source_id,
            source_title=load_source(source_id).meta.title,
            sentence=sentence,
            since=since[source_id],
            url=str(load_source(source_id).meta.url),
        )
        for source_id, sentence in sorted(failed.items())
    )


def _failed_checks(run: Run, today: date) -> tuple[FailedCheck, ...]:
    """Failed checks of tonight's build, or else of the published one: the run that built it may have died
    before it told them. A fatal one withholds publication and is told every day.
    """
    from flows.alerts.news import FailedCheck

    failed = run.failed_checks()
    keys = [f"{result.check_id}:{result.subject}" for result in failed]
    since = failing_since(run.state, "check:", keys, today)
    return tuple(
        FailedCheck(
            check_id=result.check_id,
            subject=result.subject,
            message=result.message,
            is_fatal=result.is_fatal,
            since=today if result.is_fatal else since[key],
        )
        for key, result in zip(keys, failed, strict=True)
    )


def _by_severity(run: Run) -> dict[str, int]:
    counted = Counter(flag["severity"] for flag in run.open_flags().values())
    return {severity: counted[severity] for severity in _ordered(counted)}


def _ordered(severities: Iterable[str]) -> list[str]:
    return sorted(severities, key=["high", "medium", "low", "review"].index)
