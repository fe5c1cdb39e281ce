"""The ``armswatch`` command. Only argparse is imported before a command is chosen: it starts at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from typing import TypeAlias

from flows.log import log_to

_EPILOG = "Exit codes: 0 done, 1 a check or source failed (what was kept is said), 2 bad usage."


def main(argv: list[str] | None = None) -> int:
    """Run one command; answers its exit code. Errors are one sentence on stderr, never a traceback."""
    arguments = _parser().parse_args(argv)
    log_to(None)
    module, function = arguments.run.split(":")
    try:
        command: Callable[[argparse.Namespace], int] = getattr(
            import_module(f"flows.commands.{module}"), function
        )
        return command(arguments)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone: nothing is left to say
        return 0
    except KeyboardInterrupt:
        print("armswatch: interrupted; what was kept is kept", file=sys.stderr)
        return 1
    except Exception as error:  # noqa: BLE001 - the edge to the user
        from flows.commands.errors import sentence_and_code

        sentence, code = sentence_and_code(error)
        print(f"armswatch: {sentence}", file=sys.stderr)
        return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="armswatch",
        description="Reads public reports on firearm exports and flags those to Mexican security units.",
        epilog=_EPILOG,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_run(commands)
    _add_reports(commands)
    _add_units(commands)
    _add_flags(commands)
    _add_looking(commands)
    _add_desk(commands)
    _add_upkeep(commands)
    return parser


_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _add(commands: _Commands, name: str, run: str, summary: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=summary, description=summary, epilog=_EPILOG)
    command.set_defaults(run=run)
    return command


def _add_home(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--home", metavar="DIR", help="where everything lives (default: ARMSWATCH_HOME or ./data)"
    )


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON document")


def _add_run(commands: _Commands) -> None:
    nightly = _add(
        commands, "nightly", "nightly:nightly", "the whole run: ingest, build, check, publish, alert"
    )
    nightly.add_argument(
        "--reports",
        metavar="sample|live|DIR",
        help="bundled samples, the publishers, or a folder of reports DIR/<source_id>/* (default: live)",
    )
    _add_home(nightly)
    alerts = _add(
        commands, "alerts", "alerts:alerts", "the digest: preview it, send what waits, show what waits"
    )
    alerts.add_argument("action", choices=["preview", "send", "status"])
    alerts.add_argument("--out", metavar="FILE.html|.eml|.txt", help="preview: write the mail to a file")
    _add_home(alerts)


def _add_reports(commands: _Commands) -> None:
    sources = _add(commands, "sources", "reports:sources", "sources, their newest report, late or not")
    _add_json(sources)
    _add_home(sources)
    parse = _add(commands, "parse", "reports:parse", "records, rejects and totals of one file, to stdout")
    parse.add_argument("source", metavar="SOURCE")
    parse.add_argument("file", metavar="FILE")
    parse.add_argument("--format", choices=["jsonl", "csv"], default="jsonl")


def _add_units(commands: _Commands) -> None:
    match = _add(commands, "match", "units:match", "which Mexican security units a text names")
    match.add_argument("text", nargs="?", metavar="TEXT")
    match.add_argument("--country", metavar="MX", help="country of destination (default: MX; '' for unknown)")
    match.add_argument("--on", metavar="DATE", help="date of the document, such as 2015-03-25")
    match.add_argument("--csv", metavar="FILE", help="match a column of a CSV file")
    match.add_argument("--column", metavar="COL")
    match.add_argument("--country-column", metavar="COL")
    match.add_argument("--on-column", metavar="COL")
    match.add_argument("--out", metavar="FILE", help="where the CSV goes (default: stdout)")
    _add_home(match)
    _add_json(match)
    units = _add(commands, "units", "units:units", "the registry of units: check it")
    units.add_argument("action", choices=["check"])
    units.add_argument("--folder", metavar="DIR", help="a copy of the registry's CSV files")


def _add_flags(commands: _Commands) -> None:
    flags = _add(commands, "flags", "flags:flags", "flags, newest first; flags ack: acknowledge one")
    flags.add_argument("action", nargs="?", choices=["ack"], help="note that a person looked at a flag")
    flags.add_argument("flag_id", nargs="?", metavar="FLAG_ID")
    flags.add_argument("--note", metavar="TEXT", help="ack: what was looked at, and with what outcome")
    flags.add_argument("--severity", choices=["high", "medium", "low", "review"])
    flags.add_argument("--since", metavar="DATE")
    flags.add_argument("--all", action="store_true", help="closed flags too")
    show = _add(commands, "show", "flags:show", "a transfer, flag, unit or document, with its evidence")
    show.add_argument("id", metavar="ID")
    review = _add(commands, "review", "flags:review", "decide texts that may name a unit, once each")
    review.add_argument("--text", metavar="TEXT", help="decide this text instead of walking through all")
    review.add_argument("--decision", choices=["match", "none"])
    review.add_argument("--unit-ids", metavar="A|B", help="units that the text names")
    review.add_argument("--country", metavar="MX", default="MX", help="destination (default: MX; '' for any)")
    review.add_argument("--note", metavar="TEXT", help="why")
    for command in (flags, show, review):
        _add_json(command)
        _add_home(command)
    for command in (flags, review):
        command.add_argument("--by", metavar="NAME", help="who decides (default: the user's name here)")


def _add_looking(commands: _Commands) -> None:
    tables = _add(commands, "tables", "looking:tables", "tables and views, and what one row of each is")
    _add_json(tables)
    changes = _add(
        commands, "changes", "looking:changes", "figures that changed between two versions of a report"
    )
    changes.add_argument("--since", metavar="DATE")
    _add_json(changes)
    _add_home(changes)
    rules = _add(commands, "rules", "looking:rules", "the flag rules")
    _add_json(rules)


def _add_desk(commands: _Commands) -> None:
    evidence = _add(
        commands,
        "evidence",
        "desk:evidence",
        "where a flag, transfer or document stands: the page, the lines",
    )
    evidence.add_argument("id", metavar="ID")
    evidence.add_argument("--out", metavar="FILE.png|.html", help="write a file (default: text to stdout)")
    _add_home(evidence)
    query = _add(commands, "query", "desk:query", "ask the published file in SQL, or a worked question")
    query.add_argument("sql", metavar="SELECT", nargs="?")
    query.add_argument("--example", metavar="NAME", help="a worked question instead of a SELECT")
    query.add_argument("--examples", action="store_true", help="list the worked questions")
    query.add_argument(
        "--set", metavar="NAME=VALUE", action="append", help="a setting of the worked question"
    )
    query.add_argument("--format", choices=["table", "csv", "json", "parquet", "xlsx"])
    query.add_argument("--out", metavar="FILE", help="write a file; its ending names the format")
    _add_home(query)
    dictionary = _add(commands, "dictionary", "desk:dictionary", "every column, its meaning and unit")
    dictionary.add_argument("--html", metavar="FILE", help="write one searchable page")
    _add_json(dictionary)
    charts = _add(commands, "charts", "desk:charts", "charts as one offline HTML page")
    charts.add_argument("--out", metavar="FILE.html", default="armswatch-charts.html")
    _add_home(charts)


def _add_upkeep(commands: _Commands) -> None:
    verify = _add(
        commands,
        "verify",
        "upkeep:verify",
        "re-hash the archive, read and build all anew, compare Parquet hashes",
    )
    _add_home(verify)
    new_source = _add(
        commands, "new-source", "upkeep:new_source", "a skeleton source folder that passes its tests"
    )
    new_source.add_argument("name", metavar="NAME", help="<iso2>_<publisher>_<report>, such as ca_gac_report")


if __name__ == "__main__":
    sys.exit(main())
