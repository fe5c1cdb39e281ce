"""EU annual report (COARM): facts and printed sums apart, odd numbers refused, Mexico exact."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from parsers.document import Document
from parsers.parsed import Parsed
from parsers.record import Record, Total
from parsers.registry import load_source
from tests.generators import coarm
from tests.paths import SHARED, needs_shared

SOURCE = load_source("eu_eeas_coarm")
REAL = SHARED / "data" / "eu_coarm" / "eu-armsexports_2005_2009.csv"


def document(content: bytes | str) -> Document:
    raw = content if isinstance(content, bytes) else content.encode()
    return Document(content=raw, media_type="text/csv", name="eu.csv")


def table(*lines: str) -> Parsed:
    return SOURCE.parse(document("\r\n".join([coarm.HEADER, *lines, ""])))


def stated(fact: Record) -> coarm.Stated:
    return coarm.Stated(
        stage=fact.stage.value,
        year=fact.period_start.year if fact.period_start else 0,
        importer=fact.destination_country or "",
        exporter=fact.exporter_country or "",
        category=fact.control_code or "",
        licences=fact.licence_count,
        euros=None if fact.value is None else int(fact.value),
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("mended", [False, True])
def test_generated_table_in_any_order_gives_exactly_its_facts(seed: int, end: str, mended: bool) -> None:
    made = coarm.make(seed, end=end, mended=mended, bom=seed % 2 == 0)
    parsed = SOURCE.parse(document(made.content))
    assert parsed.rejects == []
    assert {stated(record) for record in parsed.records} == made.facts
    assert len(parsed.records) == len(made.facts)
    assert parsed.ignored_by_rule() == ({"no_figures": made.blank_rows} if made.blank_rows else {})
    sums = {(t.measure.value, t.stage.value, t.period_start.year, t.scope["destination_country"], t.scope["exporter_country"], int(t.printed))
            for t in parsed.totals if t.period_start}  # fmt: skip
    expected = set()
    for total in made.totals:
        place = (total.stage, total.year, total.importer, total.exporter)
        if total.licences is not None:
            expected.add(("count", *place, total.licences))
        if total.euros is not None:
            expected.add(("value", *place, total.euros))
    assert sums == expected


def test_one_row_gives_a_fact_for_each_stage_and_none_for_a_blank_one() -> None:
    parsed = table(
        "1;2007;Mexico;Czech Republic;ML1;5;1827138;533047",
        "2;2005;Mexico;Spain;ML1;;;2100",
        "3;2006;Mexico;Poland;ML1;3;;",
    )
    facts = [
        (r.row, r.stage.value, r.licence_count, r.value, r.currency, r.value_basis and r.value_basis.value)
        for r in parsed.records
    ]
    assert facts == [
        (2, "licensed", 5, Decimal(1827138), "EUR", "licensed_ceiling"),
        (2, "shipped", None, Decimal(533047), "EUR", "shipped_reported"),
        (3, "shipped", None, Decimal(2100), "EUR", "shipped_reported"),
        (4, "licensed", 3, None, None, None),
    ]


def test_printed_zero_is_a_fact_and_blank_is_none() -> None:
    parsed = table("1;2007;Mexico;Spain;ML1;0;0;0", "2;2007;Mexico;Spain;ML2;;;")
    assert [(r.stage.value, r.licence_count, r.value) for r in parsed.records] == [
        ("licensed", 0, 0),
        ("shipped", None, 0),
    ]
    assert [(entry.row, entry.rule) for entry in parsed.ignored] == [(3, "no_figures")]


@pytest.mark.parametrize("figure", ["7 56000", "386 000", "131.354", "32.5", "1,000", "-5", "1e6", "n/a"])
@pytest.mark.parametrize("column", [5, 6, 7])
def test_odd_number_rejects_its_row_whole_in_any_column(figure: str, column: int) -> None:
    cells = ["1", "2011", "Mexico", "Spain", "ML1", "1", "2", "3"]
    cells[column] = figure
    parsed = table(";".join(cells), "2;2011;Mexico;Spain;ML3;1;2;3")
    (reject,) = parsed.rejects
    assert reject.row == 2
    assert repr(figure) in reject.reason
    assert {record.row for record in parsed.records} == {3}


def test_line_with_three_sums_is_three_totals_with_printed_names_beside_the_codes() -> None:
    parsed = table("1;2007;Former Yugoslav Republic of Macedonia;CzechRepublic;Total;12;1003891;641506")
    assert parsed.records == []
    scope = {
        "destination_country": "MK", "destination_country_raw": "Former Yugoslav Republic of Macedonia",
        "exporter_country": "CZ", "exporter_country_raw": "CzechRepublic",
    }  # fmt: skip
    assert [(t.scope, t.measure.value, t.stage.value, t.printed, t.unit) for t in parsed.totals] == [
        (scope, "count", "licensed", 12, "licences"),
        (scope, "value", "licensed", 1003891, "EUR"),
        (scope, "value", "shipped", 641506, "EUR"),
    ]
    assert parsed.row_counts() == {"seen": 1, "records": 0, "rejects": 0, "totals": 1, "ignored": 0}


@pytest.mark.parametrize("exporter", ["TOTAL PER ML categorya", "na"])
def test_sum_over_exporters_is_a_total_by_category_and_never_a_record(exporter: str) -> None:
    parsed = table(f"1;2007;Mali;{exporter};ML1;42;333554;", f"2;2007;Mali;{exporter};Total;;;500")
    assert parsed.records == []
    assert [(t.scope.get("control_code"), t.scope.get("exporter_country"), t.printed) for t in parsed.totals] == [
        ("ML1", None, 42), ("ML1", None, 333554), (None, None, 500),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1;2005;Na;Finland;ML1;1;1;", "'Na' is not a known country name"),
        ("1;2005;New Mexico;Finland;ML1;1;1;", "'New Mexico' is not a known country name"),
        ("1;2005;Mexico;Atlantis;ML1;1;1;", "'Atlantis' is not a known country name"),
        ("1;2005;Mexico;Finland;ML23;1;1;", "'ML23' is not a code of the control list ML"),
        ("1;2005;Mexico;Finland;;1;1;", "'' is not a code of the control list ML"),
        ("1;05;Mexico;Finland;ML1;1;1;", "'05' is not a year between 1900 and 2100"),
        ("x;2005;Mexico;Finland;ML1;1;1;", "'x' is not a row number"),
        ("1;2005;Mexico;Finland;ML1;1;1", "the row has 7 cells where the header has 8"),
        ("1;2005;Mexico;Finland;ML1;1;1;;", "the row has 9 cells where the header has 8"),
    ],
)
def test_row_that_cannot_be_read_is_rejected_with_place_and_reason(line: str, reason: str) -> None:
    parsed = table(line, "2;2005;Mexico;Finland;ML3;1;1;")
    assert [(r.row, r.raw, r.reason) for r in parsed.rejects] == [(2, line, reason)]
    assert [record.row for record in parsed.records] == [3]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("importing-country", "country", "missing 'importing-country'"),
        ("val-arms-imported", "val-arms", "unknown 'val-arms'"),
        ("importing-country;exporting-country", "exporting-country;importing-country", "another order"),
        ("CML-category", "importing-country", "'importing-country' more than once"),
        (";", ",", "the header is not as known"),
    ],
)
def test_changed_header_refuses_the_document_and_says_what_changed(old: str, new: str, told: str) -> None:
    content = f"{coarm.HEADER}\n1;2005;Mexico;Finland;ML1;1;1;\n".replace(old, new)
    parsed = SOURCE.parse(document(content))
    assert parsed.refused is not None
    assert told in parsed.refused
    assert parsed.records == []


def test_headerless_table_of_another_compiler_is_refused() -> None:
    parsed = SOURCE.parse(
        document("2003; 0; AT; Austria; DZ; Algeria; AFN; North Africa; ML 4; b; 435148;\n")
    )
    assert parsed.refused is not None


def test_report_is_named_by_its_first_year_and_its_key_is_that_of_the_known_address() -> None:
    made = table("2;2013;Mexico;Spain;ML1;1;1;1", "1;2005;Mexico;Spain;ML1;1;1;1")
    assert made.report_id == "eu_eeas_coarm/from-2005"
    assert SOURCE.meta.fetch.reports[0].key == "from-2005"
    assert SOURCE.find_reports(document("<html></html>")) == []


def test_dropping_a_row_shows() -> None:
    made = coarm.make(1)
    lines = made.content.splitlines(keepends=True)
    whole = SOURCE.parse(document(made.content)).row_counts()["seen"]
    assert SOURCE.parse(document(b"".join(lines[:3] + lines[4:]))).row_counts()["seen"] == whole - 1


def test_table_without_a_row_is_refused() -> None:
    parsed = SOURCE.parse(document(f"{coarm.HEADER}\n"))
    assert parsed.refused is not None
    assert parsed.refused.endswith("so its report cannot be told")


# --- the real table, against a selection by the csv module alone -------------------------------------------------

STATES = {"Austria": "AT", "Belgium": "BE", "Bulgaria": "BG", "Chrypre": "CY", "Cyprus": "CY", "Czech Republic": "CZ", "Denmark": "DK", "Estonia": "EE",
          "Finland": "FI", "France": "FR", "Germany": "DE", "Greece": "GR", "Hungary": "HU", "Ireland": "IE", "Italy": "IT", "Latvia": "LV",
          "Lithuania": "LT", "Luxembourg": "LU", "Malta": "MT", "Netherlands": "NL", "Poland": "PL", "Portugal": "PT", "Romania": "RO",
          "Slovakia": "SK", "Slovenia": "SI", "Spain": "ES", "Sweden": "SE", "United Kingdom": "GB"}  # fmt: skip


@pytest.fixture(scope="module")
def real() -> Parsed:
    return SOURCE.parse(Document.from_file(REAL))


@pytest.fixture(scope="module")
def real_lines() -> list[list[str]]:
    with REAL.open(encoding="ascii", newline="") as stream:
        return list(csv.reader(stream, delimiter=";"))[1:]


@needs_shared
def test_real_table_has_every_row_accounted_for(real: Parsed, real_lines: list[list[str]]) -> None:
    counts = real.row_counts()
    assert counts["seen"] == len(real_lines) == 29584
    assert {reject.reason for reject in real.rejects} == {"'Na' is not a known country name"}
    sums = [line for line in real_lines if line[4] == "Total" or line[3] in {"na", "TOTAL PER ML categorya"}]
    blank = [line for line in real_lines if line[5:] == ["", "", ""]]
    nowhere = [line for line in real_lines if line[2] == "Na"]
    assert counts["ignored"] == len(blank) == 4
    assert counts["rejects"] == len(nowhere) == 9
    assert counts["totals"] == sum(line not in blank and line not in nowhere for line in sums)


@needs_shared
def test_real_mexico_rows_are_exact(real: Parsed, real_lines: list[list[str]]) -> None:
    expected = set()
    for _, year, importer, exporter, category, licences, licensed, shipped in real_lines:
        if importer != "Mexico" or category == "Total":
            continue
        place = (int(year), "MX", STATES[exporter], category)
        if licences or licensed:
            expected.add(
                coarm.Stated(
                    "licensed",
                    *place,
                    int(licences) if licences else None,
                    int(licensed) if licensed else None,
                )
            )
        if shipped:
            expected.add(coarm.Stated("shipped", *place, None, int(shipped)))
    mexico = [record for record in real.records if record.destination_country == "MX"]
    assert {stated(record) for record in mexico} == expected
    assert len(mexico) == len(expected)
    assert sum(line[2] == "Mexico" for line in real_lines) == 194


@needs_shared
def test_real_sums_of_mexico_are_printed_totals(real: Parsed, real_lines: list[list[str]]) -> None:
    expected = set()
    for _, year, importer, exporter, category, *figures in real_lines:
        if importer == "Mexico" and category == "Total":
            for (measure, stage), figure in zip(
                (("count", "licensed"), ("value", "licensed"), ("value", "shipped")), figures, strict=True
            ):
                if figure:
                    expected.add((int(year), STATES[exporter], measure, stage, int(figure)))

    def told(total: Total) -> tuple[int, str, str, str, int]:
        assert total.period_start is not None
        return (
            total.period_start.year,
            total.scope["exporter_country"],
            total.measure.value,
            total.stage.value,
            int(total.printed),
        )

    assert {told(t) for t in real.totals if t.scope["destination_country"] == "MX"} == expected


@needs_shared
def test_real_values_add_up_to_what_the_file_prints(real: Parsed, real_lines: list[list[str]]) -> None:
    kept = [
        line
        for line in real_lines
        if line[4] != "Total" and line[3] not in {"na", "TOTAL PER ML categorya"} and line[2] != "Na"
    ]
    for stage, column in (("licensed", 6), ("shipped", 7)):
        printed = sum(int(line[column]) for line in kept if line[column])
        assert sum(r.value for r in real.records if r.stage.value == stage and r.value is not None) == printed
    assert sum(r.licence_count or 0 for r in real.records) == sum(int(line[5]) for line in kept if line[5])
    assert len({record.transfer_id for record in real.records}) == len(real.records)
