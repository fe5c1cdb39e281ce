"""The result of parsing one document, with every row of it accounted for."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from parsers.progress import BLOCK, tick
from parsers.record import CellError, Ignored, Outcome, Record, Reject, Row, Total

_SEPARATOR = "\x1f"


def interpret_rows(
    rows: Iterable[Row], interpret: Callable[[Row], Iterable[Record | Total | Ignored]]
) -> Iterator[Outcome]:
    """Give each row to ``interpret``; a row that it cannot read strictly becomes one Reject.

    A row is taken whole or not at all: when ``interpret`` raises CellError, nothing of the row is kept.
    Raises AssertionError when ``interpret`` answers nothing for a row, for no row may vanish.
    """
    for row in rows:
        try:
            outcomes = list(interpret(row))
        except CellError as error:
            yield row.reject(str(error))
            continue
        if not outcomes:
            raise AssertionError(f"row {row.row} was neither kept, rejected, summed nor ignored: {row.raw}")
        yield from outcomes


@dataclass(slots=True)
class Parsed:
    """Records, rejects and totals of one document; iterating gives them in that order.

    ``refused`` is the sentence that says why the whole document was refused, or None.
    """

    report_id: str = ""
    records: list[Record] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    refused: str | None = None

    def __iter__(self) -> Iterator[Record | Reject | Total]:
        yield from self.records
        yield from self.rejects
        yield from self.totals

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Parsed:
        """Sort outcomes by kind, keeping the order in which they were met."""
        parsed = cls()
        for outcome in outcomes:
            tick(rows=0 if isinstance(outcome, Ignored) else 1)
            match outcome:
                case Record():
                    parsed.records.append(outcome)
                case Reject():
                    parsed.rejects.append(outcome)
                case Total():
                    parsed.totals.append(outcome)
                case Ignored():
                    parsed.ignored.append(outcome)
        return parsed

    def row_counts(self) -> dict[str, int]:
        """Rows by what became of them: seen, records, rejects, totals, ignored; seen is the sum of the rest.

        A row counts once however many facts it holds. Raises AssertionError when one row was both kept
        and set aside, which would break the sum.
        """
        kinds: dict[str, Sequence[Outcome]] = {
            "records": self.records,
            "rejects": self.rejects,
            "totals": self.totals,
            "ignored": self.ignored,
        }
        places = {name: {(o.page, o.row) for o in outcomes} for name, outcomes in kinds.items()}
        # a row that prints its own sum across is a row of records with a total in it
        places["totals"] -= places["records"]
        seen = set().union(*places.values())
        counts = {"seen": len(seen), **{name: len(found) for name, found in places.items()}}
        if counts["seen"] != sum(counts[name] for name in kinds):
            twice = [p for p, n in Counter(p for found in places.values() for p in found).items() if n > 1]
            raise AssertionError(f"rows counted under two kinds, at (page, row) {twice[:5]}")
        return counts

    def ignored_by_rule(self) -> dict[str, int]:
        """How many rows each ignore rule left out."""
        return dict(sorted(Counter(entry.rule for entry in self.ignored).items()))


def stable_id(*parts: str) -> str:
    """A stable 24-digit hexadecimal hash of the parts, whatever they hold."""
    return hashlib.sha256(_SEPARATOR.join(parts).encode()).hexdigest()[:24]


def assign_transfer_ids(source_id: str, records: list[Record]) -> None:
    """Give each record its ``transfer_id``: a hash of source, stage and natural key, never of row order.

    Records of one document that share the key take the cells in which they differ into it; records that
    are identical in every cell are told apart by an ordinal.
    """
    groups: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for record in records:
        groups[(source_id, record.stage.value, *record.key)].append(record)
    for number, (key, group) in enumerate(groups.items()):
        if number % BLOCK == 0:
            tick()
        if len(group) == 1:
            group[0].transfer_id = stable_id(*key)
        else:
            _tell_apart(key, group)


def _tell_apart(key: tuple[str, ...], group: list[Record]) -> None:
    headers = sorted({header for record in group for header in record.verbatim})
    differing = [h for h in headers if len({record.verbatim.get(h) for record in group}) > 1]
    met: Counter[tuple[str, ...]] = Counter()
    for record in group:
        longer = (*key, *(f"{h}={record.verbatim.get(h, '')}" for h in differing))
        met[longer] += 1
        ordinal = (f"#{met[longer]}",) if met[longer] > 1 else ()
        record.transfer_id = stable_id(*longer, *ordinal)
