"""``armswatch flags, flags ack, show, review``: flags, what stands behind them, and what people decide."""

from __future__ import annotations

import argparse
import getpass
import os
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.commands.printing import home_of, print_card, print_table, published
from flows.ingest import UsageError
from warehouse.sql import sql_beside

if TYPE_CHECKING:
    import duckdb

    from flows.flag_card import Desk
    from warehouse.flag_memory import Acknowledgement
    from warehouse.home import Home
    from warehouse.units.records import Decision

_sql = sql_beside(__file__, "../queries")

_KINDS = {
    "flag": ("out.flags", "flag_id"),
    "transfer": ("out.transfers", "transfer_id"),
    "unit": ("out.units", "unit_id"),
    "document": ("out.documents", "document_sha256"),
}
_ID = re.compile(r"[0-9a-z][0-9a-z._-]{0,79}")
_WIDTH = 110


def flags(arguments: argparse.Namespace) -> int:
    """Flags by severity, newest first; open ones unless all are asked for. ``flags ack`` acknowledges one."""
    if arguments.action == "ack":
        return _acknowledge(arguments)
    if arguments.note is not None:
        raise UsageError("--note belongs to 'flags ack FLAG_ID'")
    asked = {"severity": arguments.severity, "since": _since(arguments.since), "everything": arguments.all}
    noted = {note.flag_id: note for note in _notes(home_of(arguments.home))}
    with published(arguments.home) as connection:
        answer = connection.execute(_sql("flags"), asked)
        columns = [column[0] for column in answer.description or []]
        rows = [_with_note(columns, row, noted) for row in answer.fetchall()]
    print_table(columns, rows, as_json=arguments.json)
    return 0


def _since(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"--since: {text!r} is not a date such as 2026-01-31") from None


def _with_note(
    columns: Sequence[str], row: tuple[Any, ...], noted: dict[str, Acknowledgement]
) -> tuple[Any, ...]:
    """The row with the newest note of the state, which the next build will publish."""
    cells = dict(zip(columns, row, strict=True))
    if note := noted.get(cells["flag_id"]):
        cells |= {"acknowledged_at": note.acknowledged_at, "acknowledged_note": note.acknowledged_note}
    return tuple(cells.values())


# -- acknowledging -----------------------------------------------------------------------------------------


def _acknowledge(arguments: argparse.Namespace) -> int:
    """Note on a flag, kept in the state. Raises UsageError for a flag that was never published."""
    from warehouse.flag_memory import Acknowledgement, acknowledge
    from warehouse.state import open_state

    if not arguments.flag_id or not (arguments.note or "").strip():
        raise UsageError("flags ack needs a FLAG_ID and --note TEXT")
    with published(arguments.home) as connection:
        known = connection.execute(
            "SELECT 1 FROM core.flags WHERE flag_id = ?", [arguments.flag_id]
        ).fetchone()
    if known is None:
        raise UsageError(f"no flag has the id {arguments.flag_id}")
    note = Acknowledgement(
        flag_id=arguments.flag_id,
        acknowledged_at=_now(arguments).isoformat(timespec="seconds"),
        acknowledged_by=arguments.by or getpass.getuser(),
        acknowledged_note=" ".join(arguments.note.split()),
    )
    with closing(open_state(home_of(arguments.home).state)) as state:
        acknowledge(state, note)
    print(f"noted on {note.flag_id}; the next run publishes it in out.flags", file=sys.stderr)
    return 0


def _notes(home: Home) -> list[Acknowledgement]:
    """Acknowledgements of the state, which may be newer than what was published."""
    from warehouse.flag_memory import acknowledgements
    from warehouse.state import open_state

    if not os.access(home.state, os.W_OK):
        return []  # no state yet, or none of this reader's business: what was published stands
    with closing(open_state(home.state)) as state:
        return acknowledgements(state)


def _now(arguments: argparse.Namespace) -> Any:
    from flows.settings import load_settings

    return load_settings(home=Path(arguments.home) if arguments.home else None).clock()()


# -- showing -----------------------------------------------------------------------------------------------


def show(arguments: argparse.Namespace) -> int:
    """One thing by its id, with what it rests on. Raises UsageError where nothing has the id."""
    if not _ID.fullmatch(arguments.id):
        raise UsageError(f"{arguments.id!r} is not an id of a flag, transfer, unit or document")
    notes = _notes(home_of(arguments.home))
    with published(arguments.home) as connection:
        for kind, (view, column) in _KINDS.items():
            answer = connection.execute(f"FROM {view} WHERE {column} = ?", [arguments.id])
            columns = [c[0] for c in answer.description or []]
            row = answer.fetchone()
            if row is not None:
                found = dict(zip(columns, row, strict=True))
                _show(connection, kind, found, notes, as_json=arguments.json)
                return 0
    raise UsageError(f"nothing published has the id {arguments.id}")


def _show(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    found: dict[str, Any],
    notes: list[Acknowledgement],
    *,
    as_json: bool,
) -> None:
    from flows.flag_card import Desk, flag_card
    from flows.flag_page import FlagPage

    desk = Desk(connection)
    if kind == "flag":
        card = flag_card(connection, found, notes)
        _print(card, FlagPage(card).lines(), as_json=as_json)
    elif kind == "unit":
        _show_unit(desk, found, as_json=as_json)
    else:
        card = {"kind": kind, **found, **(_around_transfer(desk, found) if kind == "transfer" else {})}
        print_card(card, as_json=as_json)


def _print(card: dict[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
    if as_json:
        print_card(card, as_json=True)
        return
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        print("\n".join(_folded(line, indent)))


def _folded(line: str, indent: str) -> list[str]:
    return textwrap.wrap(
        line, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    ) or [""]


def _show_unit(desk: Desk, found: dict[str, Any], *, as_json: bool) -> None:
    from flows.alerts.wording import Wording
    from flows.flag_page import finding_lines, unit_lines

    unit = desk.unit(found["unit_id"]) or found
    findings = desk.findings(desk.rows("findings_of_unit", found["unit_id"]))
    training = desk.rows("training_of_unit", found["unit_id"])
    lines = [
        *unit_lines(unit, Wording("en")),
        f"  open flags {found['open_flag_count']}, courses of US training {len(training)}",
        "",
        "ON RECORD: who attributes what",
        *finding_lines(findings),
    ]
    _print({"kind": "unit", **unit, "findings": findings, "training": training}, lines, as_json=as_json)


def _around_transfer(desk: Desk, found: dict[str, Any]) -> dict[str, Any]:
    key = found["transfer_id"]
    around = {
        "parties": "\n".join(f"{p['role']}: {p['marked']}" for p in desk.parties(key)),
        "sightings": "\n".join(_first_cells(desk, "sightings_of_transfer", key)),
        "flags": "\n".join(_first_cells(desk, "flags_of_transfer", key)),
    }
    return {name: text for name, text in around.items() if text}


def _first_cells(desk: Desk, query: str, key: str) -> list[str]:
    return [str(next(iter(row.values()))) for row in desk.rows(query, key)]


# -- reviewing ---------------------------------------------------------------------------------------------


def review(arguments: argparse.Namespace) -> int:
    """Decide doubtful texts: one that is given, or each open one in turn on the terminal."""
    if arguments.text is not None:
        units = tuple(part for part in re.split(r"[|,\s]+", arguments.unit_ids or "") if part)
        _decide(arguments, arguments.text, arguments.country, arguments.decision or "", units, arguments.note)
        return 0
    if arguments.decision or arguments.unit_ids:
        raise UsageError("review --decision and --unit-ids need --text")
    with published(arguments.home) as connection:
        from flows.flag_card import Desk

        waiting = Desk(connection).rows("review_texts")
    waiting = _undecided(home_of(arguments.home), waiting)
    if arguments.json:
        print_table(list(waiting[0]) if waiting else [], [tuple(w.values()) for w in waiting], as_json=True)
        return 0
    return _walk(arguments, waiting)


def _undecided(home: Home, waiting: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Texts that were not decided since the last run."""
    from warehouse.review_file import NAME, read_decisions
    from warehouse.units.normalise import normalise

    decided = {(normalise(d.text), d.country) for d in read_decisions(home.root / NAME)}
    keys = [(normalise(w["party_raw"]), w["destination_country"] or "") for w in waiting]
    return [
        w for w, key in zip(waiting, keys, strict=True) if key not in decided and (key[0], "") not in decided
    ]


def _walk(arguments: argparse.Namespace, waiting: list[dict[str, Any]]) -> int:
    count = 0
    for number, text in enumerate(waiting, 1):
        candidates = sorted(text["candidates"], key=lambda c: (-c["score"], c["unit_id"]))
        print(f"\n({number} of {len(waiting)})  {text['party_raw']}")
        print(f"  as {', '.join(text['roles'])}; in {', '.join(text['licences'])}")
        print(f"  {text['evidence']}")
        for place, unit in enumerate(candidates, 1):
            print(f"  {place}  {unit['unit_name']} ({unit['unit_id']}) by {unit['matched_text']!r}")
        answer = _asked(len(candidates))
        if answer is None:
            break
        if isinstance(answer, str):
            continue
        units = tuple(candidates[place - 1]["unit_id"] for place in answer)
        decision = "match" if units else "none"
        _decide(
            arguments, text["party_raw"], text["destination_country"] or "", decision, units, arguments.note
        )
        count += 1
    print(f"decided {count} of {len(waiting)} texts; the next run follows", file=sys.stderr)
    return 0


def _asked(most: int) -> list[int] | str | None:
    """Numbers of the units that are meant, [] for none, "skip", or None to stop."""
    while True:
        print("  unit numbers such as 1 or 1,2; n none of them; s skip; q stop: ", end="", flush=True)
        answer = sys.stdin.readline().strip().lower()
        if answer in {"", "q"}:  # an empty line too: nothing is decided by a slip of the hand
            return None
        if answer in {"n", "s"}:
            return [] if answer == "n" else "skip"
        parts = [part for part in re.split(r"[,\s]+", answer) if part]
        if all(part.isdigit() and 1 <= int(part) <= most for part in parts):
            return list(dict.fromkeys(int(part) for part in parts))


def _decide(
    arguments: argparse.Namespace,
    text: str,
    country: str,
    decision: str,
    unit_ids: tuple[str, ...],
    note: str | None,
) -> None:
    """Write one decision into ``<home>/review_decisions.csv``. Raises UsageError for one that cannot be."""
    from warehouse.review_file import NAME, decide
    from warehouse.units.tables import RegistryError

    path = home_of(arguments.home).root / NAME
    made = _decision(arguments, text, country, decision, unit_ids, note)
    try:
        decide(path, made)
    except RegistryError as error:
        raise UsageError(str(error)) from None
    print(f"{path}: {decision} {'|'.join(unit_ids)}".rstrip(), file=sys.stderr)


def _decision(
    arguments: argparse.Namespace,
    text: str,
    country: str,
    decision: str,
    unit_ids: tuple[str, ...],
    note: str | None,
) -> Decision:
    from warehouse.units.records import Decision

    if decision not in {"match", "none"} or (decision == "match") != bool(unit_ids):
        raise UsageError("review --text needs --decision match with --unit-ids A|B, or --decision none")
    return Decision(
        text=" ".join(text.split()),
        country=country,
        decision=decision,
        unit_ids=unit_ids,
        reviewer=arguments.by or getpass.getuser(),
        decided_on=_now(arguments).date().isoformat(),
        note=note or "",
    )
