"""Countries by whole name, in six languages, as publishers print them; the unknown is refused."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.record import CellError
from parsers.values import countries
from parsers.values.countries import codes, countries_in, country, country_of_code, country_or_group, is_group
from tests.paths import SHARED, needs_shared

VALUES = Path(countries.__file__).parent
FORMER_OR_USER_ASSIGNED = {"AN", "CS", "DD", "SU", "YU", "XK"}
# ISO 3166-1, 249 officially assigned codes (2024), written down here once more on purpose.
ISO_3166_1 = set(re.findall(r"[A-Z]{2}", """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO
    JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO
    RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV
    TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"""))  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    with (VALUES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_table_covers_all_of_iso_3166_1_and_explains_every_other_code() -> None:
    table = {row["alpha2"]: row for row in rows("countries.csv")}
    assert len(ISO_3166_1) == 249
    assert set(table) == codes() == ISO_3166_1 | FORMER_OR_USER_ASSIGNED
    assert all(table[code]["note"] for code in FORMER_OR_USER_ASSIGNED)
    alpha3 = [row["alpha3"] for row in table.values() if row["alpha3"]]
    assert len(alpha3) == len(set(alpha3)) == len(table) - 1  # Kosovo has none


def test_every_name_in_every_language_is_complete_and_gives_its_own_code() -> None:
    for row in rows("countries.csv"):
        for language in ("en", "nl", "de", "fr", "es", "it"):
            assert country(row[language]) == row["alpha2"], (language, row[language])


def test_every_alias_has_a_reason_and_gives_its_code() -> None:
    for row in rows("country_aliases.csv"):
        assert row["note"], row["name"]
        assert country(row["name"]) == row["alpha2"]


def test_no_group_is_a_country() -> None:
    names = [row["name"] for row in rows("country_groups.csv")]
    assert [name for name in names if countries._look_up(name)] == []
    assert all(is_group(name) for name in names)


@pytest.mark.parametrize("name", ["Mexico", "MEXICO", "México", "MEXICO      ", "Mexiko", "Messico", "Mexique", "Méjico",
                                  "United Mexican States", "Estados Unidos Mexicanos"])  # fmt: skip
def test_mexico_by_its_names(name: str) -> None:
    assert country(name) == "MX"


@pytest.mark.parametrize(
    "trap",
    ["New Mexico", "NEW MEXICO", "Gulf of Mexico", "Mexico, MO", "Mexico, NY", "Mexico MO", "State of Mexico",
     "Estado de México", "Mexico Estado", "Mexico, State of", "Mexico, Gulf of", "Mexico, New", "Mexico City", "Ciudad de México",
     "Mexicana", "Mexican", "Nuevo México", "Nieuw Mexico", "Golfo de México", "Mexico, United States", "Mexico/USA"],
)  # fmt: skip
def test_places_that_hold_the_word_mexico_are_not_the_country(trap: str) -> None:
    with pytest.raises(CellError):
        country(trap)
    assert not is_group(trap)


@pytest.mark.parametrize("group", ["NAFTA", "TWENTY LATIN AMERICAN REPUBLICS", "Diverse landen", "Other", "Various", "NAVO+",
                                   "World", "European Union", "TOTAL FOR ALL COUNTRIES", "OECD"])  # fmt: skip
def test_group_rows_are_groups_and_never_a_country(group: str) -> None:
    assert is_group(group)
    assert country_or_group(group) is None
    with pytest.raises(CellError, match="group"):
        country(group)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Korea, South", "KR"),
        ("Korea, Republic of", "KR"),
        ("Korea (Dem Rep Of)", "KP"),
        ("Congo, Dem. Rep. of the", "CD"),
        ("Dominican Rep.", "DO"),
        ("Micronesia, Fed. States of", "FM"),
        ("Cayman Is.", "KY"),
        ("Congo, Democratic Republic of", "CD"),
        ("Congo, Democratic Republic of the Congo (formerly Za", "CD"),
        ("Congo (Republic Of)", "CG"),
        ("Iran, Islamic Republic of", "IR"),
        ("Virgin Islands, British", "VG"),
        ("China, Volksrepublik", "CN"),
        ("Burma", "MM"),
        ("Surinam", "SR"),
        ("Curaao", "CW"),
        ("CzechRepublic", "CZ"),
        ("Chrypre", "CY"),
        ("Moldavia", "MD"),
        ("Former Yugoslav Republic of Macedonia", "MK"),
        ("Former Yugoslav Republic Of Macedonia", "MK"),
        ("Russia", "RU"),
        ("Russian Federation", "RU"),
        ("United Kingdom (Bermuda)", "BM"),
        ("Netherlands Antilles", "AN"),
        ("Serbia And Montenegro", "CS"),
        ("Kosovo", "XK"),
        ("Continental Shelf: United Kingdom sector", "GB"),
        ("cote-divoire", "CI"),
        ("Côte d`Ivoire", "CI"),
        ("ISRAËL", "IL"),
        ("VS", "US"),
        ("VK", "GB"),
        ("BOSNIË-H", "BA"),
        ("Angola ", "AO"),
        ("Timor-Leste\n", "TL"),
        ("Guinea, Equatorial", "GQ"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
        ("Guinea, Republic of", "GN"),
    ],
)
def test_names_as_publishers_print_them(name: str, code: str) -> None:
    assert country(name) == code


@pytest.mark.parametrize("name", ["", "  ", "Korea", "Virgin Islands", "Saint Martin", "Czechoslovakia", "Atlantis", "MX", "MEX",
                                  "Na", "na", "TOTAL PER ML categorya", "Mali Empire", "Columbia", "?", "Mexico?", "Mexico (1)"])  # fmt: skip
def test_ambiguous_and_unknown_names_are_refused(name: str) -> None:
    with pytest.raises(CellError):
        country(name)


def test_codes_are_read_only_as_codes() -> None:
    assert country_of_code("MX") == country_of_code(" MEX ") == "MX"
    for wrong in ("mx", "Mexico", "XX", "", "484"):
        with pytest.raises(CellError):
            country_of_code(wrong)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("MEXICO", ["MX"]),
        ("EU, NAVO, ZUID-AFRIKA", [None, "ZA"]),
        ("FRANKRIJK, DUITSLAND, ITALIË", ["FR", "DE", "IT"]),
        ("CHINA, TAIWAN", ["CN", "TW"]),
        ("VS/Mexico", ["US", "MX"]),
        ("Noorwegen en Zweden", ["NO", "SE"]),
        ("Bosnië en Herzegovina", ["BA"]),
        ("Trinidad & Tobago", ["TT"]),
        ("Korea, Zuid", ["KR"]),
        ("DIVERSE LANDEN", [None]),
        ("MEXICO, MEXICO", ["MX"]),
    ],
)
def test_lists_of_destinations(cell: str, expected: list[str | None]) -> None:
    assert countries_in(cell) == expected


@pytest.mark.parametrize(
    "cell", ["EU, ATLANTIS", "Mexico, MO", "", ",", "SPANJE, CH, BE", "New Mexico en Texas"]
)
def test_list_with_an_unknown_part_is_refused_whole(cell: str) -> None:
    with pytest.raises(CellError):
        countries_in(cell)


NAMES = [(row["en"], row["alpha2"]) for row in rows("countries.csv")]


@given(
    st.sampled_from(NAMES),
    st.sampled_from([str.upper, str.lower, str.title]),
    st.sampled_from(["", " ", "  \t"]),
)
def test_case_and_padding_do_not_matter(pair: tuple[str, str], case: object, pad: str) -> None:
    name, code = pair
    assert country(f"{pad}{case(name)}{pad}") == code  # type: ignore[operator]  # one of three str methods


@given(st.sampled_from(NAMES), st.sampled_from(["New ", "Gulf of ", "Port ", "East of ", "Sub-"]))
def test_a_name_inside_a_longer_name_is_not_found(pair: tuple[str, str], before: str) -> None:
    with pytest.raises(CellError):
        country(f"{before}{pair[0]} Xyz")


@given(st.text(max_size=20))
def test_any_text_is_a_code_or_a_cell_error(text: str) -> None:
    try:
        assert country(text) in codes()
    except CellError as error:
        assert "country" in str(error)  # a refusal says what the text is not


# --- every name in the real files -----------------------------------------------------------------------------

# Names in country columns that the sources' own rules take out: sums over exporters (eu_eeas_coarm,
# sums_over_exporters) and an importer that names no country, whose rows are rejected there.
NOT_COUNTRIES = {"na", "Na", "TOTAL PER ML categorya"}


def column(path: str, *names: str, delimiter: str = ",") -> Iterator[str]:
    with (SHARED / "data" / path).open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream, delimiter=delimiter):
            yield from (row[name] for name in names)


def names_in_shared() -> Iterator[tuple[str, str]]:
    tables = {
        "us_census_exports/country.csv": (",", ["Name"]),
        "eu_coarm/eu-armsexports_2005_2009.csv": (";", ["importing-country", "exporting-country"]),
        "gb_licences/values_2008_2011.csv": (",", ["country"]),
        "gb_licences/trade-sources.csv": (",", ["source"]),
        "nl_licences/uitvoer_militaire_goederen_part1.csv": (
            ",",
            ["land van bestemming", "land van eindbestemming"],
        ),
        "ch_seco/elic.csv": (",", ["Bestimmungs-/Lieferland"]),
        "de_ruestungsexport/ruex_2000_2013.csv": (";", ["country_e"]),
    }
    for path, (delimiter, columns) in tables.items():
        for name in set(column(path, *columns, delimiter=delimiter)):
            yield path, name
    for path, key in (("us_sam_totals/arms_sales_totals.json", "country"), ("reference/unroca_countries.json", "country"),
                      ("reference/unroca_years.json", "country")):  # fmt: skip
        for name in {entry[key] for entry in json.loads((SHARED / "data" / path).read_text("utf-8"))}:
            yield path, name


@needs_shared
def test_no_country_name_in_shared_is_unknown() -> None:
    unknown: Counter[str] = Counter()
    met = 0
    for path, name in names_in_shared():
        met += 1
        if name.strip() in NOT_COUNTRIES or name.strip() == "SPANJE, CH, BE":  # nl_bz_licences, as printed
            continue
        try:
            countries_in(name)
        except CellError:
            unknown[f"{path}: {name!r}"] += 1
    assert met > 1500
    assert not unknown, "\n".join(unknown)


@needs_shared
def test_codes_agree_with_those_that_publishers_print_beside_the_name() -> None:
    census = zip(
        column("us_census_exports/country.csv", "Name"),
        column("us_census_exports/country.csv", "ISOCode"),
        strict=True,
    )
    path = "de_ruestungsexport/ruex_2000_2013.csv"
    german = zip(
        column(path, "country_e", delimiter=";"), column(path, "iso3_code", delimiter=";"), strict=True
    )
    # The Census writes WE, GZ and KV, which are no ISO codes, and one code with a letter of the name before it.
    wrong = {(n, code, country(n)) for n, code in census if code in ISO_3166_1 and country(n) != code}
    wrong |= {
        (name, code, country(name))
        for name, code in german
        if code.strip() in countries._alpha3() and country(name) != country_of_code(code)
    }
    assert sorted(wrong) == []
