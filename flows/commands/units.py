"""``armswatch match`` and ``armswatch units check``."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flows.ingest import UsageError
from warehouse.table_files import safe_cell

if TYPE_CHECKING:
    from warehouse.units.matcher import Matcher
    from warehouse.units.result import MatchResult

ADDED_COLUMNS = ("unit_ids", "band", "score", "alias", "rule")
_MOST_CANDIDATES = 5


def match(arguments: argparse.Namespace) -> int:
    """Match one text, or a column of a CSV file. Raises UsageError for what cannot be matched."""
    country = "MX" if arguments.country is None else (arguments.country or None)
    if arguments.csv:
        if arguments.text is not None or not arguments.column:
            raise UsageError("match --csv FILE needs --column COL, and no TEXT")
        return _match_csv(arguments, country)
    if arguments.text is None:
        raise UsageError("match needs a TEXT, or --csv FILE --column COL")
    result = _matcher(arguments).match(arguments.text, country, _date(arguments.on, "--on"))
    if arguments.json:
        print(result.to_json())
    else:
        _print_result(result)
    return 0


def _matcher(arguments: argparse.Namespace) -> Matcher:
    """The matcher as a build has it: with what was decided in this home."""
    from flows.commands.printing import home_of
    from warehouse.review_file import with_home_decisions
    from warehouse.units.matcher import Matcher
    from warehouse.units.registry import load_registry

    return Matcher(with_home_decisions(load_registry(), home_of(arguments.home).root))


def _date(text: str | None, place: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{place}: {text!r} is not a date such as 2015-03-25") from None


def _print_result(result: MatchResult) -> None:
    print(f"band: {result.band}")
    for unit in result.units:
        doubt = " (did not exist at the date)" if unit.out_of_time else ""
        print(
            f"  {unit.band}  {unit.unit_id}{doubt}: {unit.matched_text!r} at {unit.span[0]}-{unit.span[1]},"
            f" alias {unit.alias!r}, rule {unit.rule}, score {unit.score}"
        )
        if unit.rivals:
            print(f"         could also be: {', '.join(unit.rivals)}")
    for kind in result.undisclosed:
        print(f"  end user not disclosed: {kind}")
    for reason in result.reasons:
        print(f"  {reason}")


def _match_csv(arguments: argparse.Namespace, country: str | None) -> int:
    header, rows = _read_csv(Path(arguments.csv))
    columns = {
        name: _column(header, named, arguments.csv)
        for name in ("column", "country_column", "on_column")
        if (named := getattr(arguments, name)) is not None
    }
    items = [_item(row, number, columns, country) for number, row in enumerate(rows, 2)]
    results: Iterable[MatchResult] = _matcher(arguments).match_many(items)
    with ExitStack() as stack:
        out = (
            stack.enter_context(Path(arguments.out).open("w", encoding="utf-8", newline=""))
            if arguments.out
            else sys.stdout
        )
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*header, *ADDED_COLUMNS])
        for row, result in zip(rows, results, strict=True):
            writer.writerow([safe_cell(cell) for cell in (*row, *added_cells(result))])
    return 0


def _read_csv(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: is not CSV in UTF-8 ({error})") from None
    if not rows:
        raise UsageError(f"{path}: is empty; a header line is needed")
    header = rows[0]
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            raise UsageError(f"{path}, row {number}: {len(row)} cells under {len(header)} headers")
    return header, rows[1:]


def _column(header: Sequence[str], named: str, file: str) -> int:
    if header.count(named) != 1:
        raise UsageError(
            f"{file}: {header.count(named)} columns are named {named!r}; there are {', '.join(header)}"
        )
    return header.index(named)


def _item(
    row: list[str], number: int, columns: dict[str, int], country: str | None
) -> tuple[str, str | None, date | None]:
    if "country_column" in columns:
        country = row[columns["country_column"]].strip() or None
    on = _date(row[columns["on_column"]].strip(), f"row {number}") if "on_column" in columns else None
    return row[columns["column"]], country, on


def added_cells(result: MatchResult) -> tuple[str, str, str, str, str]:
    """unit_ids, band, score, alias and rule of one text: the matches alone, else candidates, at most five."""
    units = [unit for unit in result.units if unit.band == result.band][:_MOST_CANDIDATES]
    return (
        "|".join(unit.unit_id for unit in units),
        result.band,
        "|".join(str(unit.score) for unit in units),
        "|".join(unit.alias for unit in units),
        "|".join(unit.rule for unit in units),
    )


def units(arguments: argparse.Namespace) -> int:
    """Check the registry's CSV files: 0 where all is well, 1 with a line for each fault."""
    from warehouse.units.registry import FOLDER, check_registry

    folder = Path(arguments.folder) if arguments.folder else FOLDER
    if not folder.is_dir():
        raise UsageError(f"{folder}: is not a folder")
    problems = check_registry(folder)
    for problem in problems:
        print(problem)
    print(
        f"{folder}: {len(problems)} problems" if problems else f"{folder}: the registry is sound",
        file=sys.stderr,
    )
    return 1 if problems else 0
