"""The printed words of a Section 655 report: column titles, years, categories, countries and sums.

Layouts are data (``source.yml``, ``layout_settings``); sources.md, us_ddtc_655, marks them as unverified.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise, product
from typing import NamedTuple

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.readers.pdf import BBox, ColumnLayout, Page, PdfError, open_pdf, squeeze
from parsers.readers.pdf_headed import HeaderWords, Heading
from parsers.readers.pdf_lines import TYPED_RULE, page_lines
from parsers.readers.pdf_marks import without_marks
from parsers.record import CellError, DocumentError
from parsers.values.control_lists import control_code
from parsers.values.countries import country, is_group
from parsers.values.money import IN_THOUSANDS

FACTS = facts_beside(__file__)
SETTINGS = FACTS.layout_settings
FIGURES = tuple(
    f"{stage} {measure}".strip()
    for stage, measure in product(("", "Licensed", "Shipped"), SETTINGS["measures"])
)
_TITLE = re.compile(SETTINGS["title"])
_SUMMARY = re.compile(SETTINGS["summary"])
_SECTION = re.compile(SETTINGS["section"])
_FOOTNOTE = re.compile(SETTINGS["footnote"])
_NOTE_SENTENCE = re.compile(r"\s*(?:\d{1,2}[/).]?|[*†‡§]+|\(\d\))\s*[A-Za-z].*[a-z)]\.\s*")
_LETTERED_NOTE = re.compile(r"\s*[a-z][/)]?\s+[A-Z].*[a-z)]\.\s*")
# a note is printed smaller than the table by at least this share
_SMALL = 0.97
_PAGE_NUMBER = re.compile(SETTINGS["page_number"])
_YEARS = (re.compile(SETTINGS["fiscal_year"], re.IGNORECASE), re.compile(SETTINGS["period"], re.IGNORECASE))
_CATEGORY = re.compile(
    r"(?:USML\s*)?(?P<word>(?i:category|cat\.?))?\s*(?P<roman>[IVX]+)(?![A-Za-z])\s*"
    r"(?P<sub>(?:\([a-z0-9]+\)\s*)*)\s*(?:[-–—:.,]\s*)?(?P<title>.*)"
)
_COUNTRY_LABEL = re.compile(r"(?:country|destination)\s*[:–—-]\s*", re.IGNORECASE)
_CONTINUED = re.compile(r"\s*[-–—,]?\s*\(?\bcont(?:inued|['’]d|d|\.)?\)?\s*$", re.IGNORECASE)
_SUM = re.compile(
    r"(?i)^\W*(?:(?P<grand>grand)\s+|(?P<sub>sub)[\s-]*)?totals?\b[\s:,–—-]*"
    r"|[\s:,–—-]*\b(?:sub[\s-]*)?totals?\s*:?$"
)
_RUNNING_TITLE = re.compile(r"(?i)\bsection 655\b")
# a title uses the words of a header: "Section 655 Report - Licenses - FY 2014"
_PAGE_TITLE = re.compile(
    f"{_RUNNING_TITLE.pattern}|{SETTINGS['page_title']}|^(?:country|destination)\\s*:[^:\\d]+$"
    f"|(?=.*{_TITLE.pattern.removeprefix('(?i)')})(?=.*{SETTINGS['fiscal_year']})"
)
_LEADERS = re.compile(r"(?:\s+\.(?:\s?\.){2,}|\.{4,})\s*$")
_REPORT_OF_YEAR = re.compile(SETTINGS["report_of_year"], re.IGNORECASE)
_NO_SUM = re.compile(SETTINGS["no_sums"])
# a mark that points to a note, glued to a name; no country's name ends with a figure
_MARKS = re.compile(r"\s*(?:\(?\d{1,2}[/)]?(?:,\s?\d{1,2})*|\s?[a-z]/|[*†‡§#¹²³⁴-⁹]+|\([a-z]\)|\[\w\])$")
_ONLY_SUM = re.compile(r"(?i)\W*(?:grand|sub)?[\s-]*totals?\W*")
_HAS_FIGURE = re.compile(r"\$\s*\d|(?<![\w.])\d{1,3}(?:,\d{3})+(?![\w])")
_ALL = {"", "all countries", "all", "worldwide", "world", "overall", "report", "all categories"}
# "Country Total" says what it is a sum of, and does not name it
_OF_ONE = {"country", "this country", "the country", "destination"}
_YEARS_READ = 5


class Category(NamedTuple):
    """A printed category: its code as the list writes it, and the title that stands beside it."""

    code: str
    title: str


class Sum(NamedTuple):
    """What a printed sum says it covers; ``plain`` where it names nothing."""

    country_raw: str
    category: str
    grand: bool
    plain: bool


@cache
def header_words() -> HeaderWords:
    """All known column titles, and what makes a line of them a header."""
    aliases: dict[str, list[str]] = {name: list(texts) for name, texts in SETTINGS["titles"].items()}
    currencies: list[str] = SETTINGS["currencies"]
    for measure, words in SETTINGS["measures"].items():
        tails = currencies if measure == "Value" else [""]
        aliases[measure] = [f"{w} {t}" for w, t in product(words, tails)]
        for stage, stage_words in SETTINGS["stages"].items():
            both = [f"{a} {b} {t}" for a, b, t in product(stage_words, words, tails)]
            turned = [f"{b} {a} {t}" for a, b, t in product(stage_words, words, tails)]
            aliases[f"{stage} {measure}"] = both + turned
    for stage, stage_words in SETTINGS["stages"].items():
        aliases[f"{stage} Value"] += [f"{w} {t}" for w, t in product(stage_words, currencies)]
    kinds = ("Country", "USML Category", "Description")
    values = ("Value", "Licensed Value", "Shipped Value")
    return HeaderWords(
        aliases=aliases,
        anchors=FIGURES,
        sufficient=tuple(frozenset(pair) for pair in product(kinds, values)),
        heading=heading,
        refused=re.compile(SETTINGS["refused_in_header"]),
        scale=IN_THOUSANDS,
        groups=SETTINGS["stages"],
        title=_PAGE_TITLE,
        early=_HAS_FIGURE,
    )


def heading(page: Page, layout: ColumnLayout) -> Heading:
    """Lines that belong to no row. Where countries have a column, a wrapped name is no country line."""
    countries = "Country" not in layout.names
    categories = "USML Category" not in layout.names

    words = [column.x1 for column in layout.columns if column.name not in FIGURES]
    figures_from = max(words, default=0.0)

    def stands_alone(printed: str, box: BBox) -> bool:
        text = without_marks(printed)
        return bool(
            (countries and is_place(country_line(text)))
            or (categories and category_line(text) and not has_figure(text))
            or (_SECTION.fullmatch(text) and " " in text.strip())  # one word may be the end of a cell
            # the lower line of a header that is printed again: no name ends below a column of figures
            or (box[0] >= figures_from and squeeze(text) and line_kind(text) == "column_titles")
            or _NOTE_SENTENCE.fullmatch(text)
            or (_LETTERED_NOTE.fullmatch(text) and box[3] - box[1] < _SMALL * page.print_height)
            or (_TITLE.search(text) and (fiscal_year_of(text) or _RUNNING_TITLE.search(text)))
        )

    return stands_alone


def without_leaders(text: str) -> str:
    """A name without the row of points that leads from it to its figure."""
    return _LEADERS.sub("", text)


def country_line(text: str) -> str:
    """A country line without its label, its colon and its ``(continued)``."""
    return name_in(_COUNTRY_LABEL.sub("", without_continued(text)).strip().rstrip(":"))


def without_continued(text: str) -> str:
    """A name without ``(continued)``, ``cont'd`` or the like."""
    return _CONTINUED.sub("", text)


def name_in(text: str) -> str:
    """A country cell or line without what is no part of the name: ``(continued)`` and marks of notes."""
    name = without_continued(text)
    if is_place(name):
        return name
    unmarked = _MARKS.sub("", name)
    return unmarked if is_place(unmarked) else name


def is_place(text: str) -> bool:
    """Whether a text is the whole name of a country or of a group of countries; the word total is neither."""
    if _ONLY_SUM.fullmatch(text):
        return False
    try:
        country(text)
    except CellError:
        return is_group(text)
    return True


def category_line(text: str) -> Category | None:
    """``Category I - Firearms`` on a line of its own; the word category must be there."""
    found = _CATEGORY.fullmatch(without_continued(text).strip())
    return category_of(text) if found and found["word"] else None


def category_of(text: str) -> Category:
    """A category cell such as ``I``, ``Category I``, ``I(a)`` or ``I - Firearms``. CellError otherwise."""
    found = _CATEGORY.fullmatch(text.strip())
    if not found:
        raise CellError(f"{text!r} is not a category of the US Munitions List")
    return Category(control_code("USML", found["roman"] + found["sub"]), found["title"].strip())


def with_subcategory(category: str, text: str) -> Category:
    """The code of a category with its subcategory (``(a)``, ``a``, ``a.`` or ``I(a)``), and its title."""
    found = re.fullmatch(
        r"(?:(?P<parts>(?:\([a-z0-9]+\)\s*)+)|(?P<letter>[a-z])(?![A-Za-z])[.)]?)\s*(?:[-–—:]\s*)?(?P<title>.*)",
        text.strip(),
    )
    if found:
        code = control_code("USML", category + (found["parts"] or f"({found['letter']})"))
        return Category(code, found["title"].strip())
    whole = category_of(text)
    if not whole.code.startswith(category):
        raise CellError(f"subcategory {text!r} is not one of category {category}")
    return whole


def whole_subcategory(category: str, text: str) -> Category:
    """A cell such as ``I(a)`` that holds the category too, or ``(a)`` below the line of a category."""
    found = _CATEGORY.fullmatch(text.strip())
    if found and not (category and len(text.strip()) == 1):
        return category_of(text)
    if not category:
        raise CellError(f"subcategory {text!r} stands in no category")
    return with_subcategory(category, text)


def is_summary(text: str) -> bool:
    """Whether a title is that of a table of countries' sums."""
    return bool(_SUMMARY.search(text)) and not text.endswith(".")


def has_figure(text: str) -> bool:
    """Whether a line of words holds what only a row prints: an amount or a number in groups of three."""
    return bool(_HAS_FIGURE.search(text))


def line_kind(text: str) -> str | None:
    """The ignore rule that a line of words falls under; None when its words have no known meaning."""
    if _PAGE_NUMBER.fullmatch(text.strip()):
        return "page_number"
    if TYPED_RULE.fullmatch(text.strip()):
        return "typed_rule"
    if all(squeeze(word) in _title_words() for word in text.split()):
        return "column_titles"
    if _SECTION.fullmatch(text.strip()):
        return "section_line"
    if _FOOTNOTE.match(text):
        return "footnote"
    return "title" if _TITLE.search(text) else None


@cache
def _title_words() -> frozenset[str]:
    """All words of column titles; a title over several lines leaves its upper line alone."""
    texts = [text for spellings in header_words().aliases.values() for text in spellings]
    return frozenset({"", *(squeeze(word) for text in texts for word in text.split())})


def section_of(text: str) -> str:
    """The name of the table that a section line opens."""
    found = _SECTION.fullmatch(text.strip())
    return found["section"] if found else ""


def sum_of(label: str) -> Sum | None:
    """What a row's words say it sums: a country, a category, both, everything; None for an ordinary row.

    Raises CellError when the words beside ``total`` are neither.
    """
    found = _SUM.search(label)
    if not found or _NO_SUM.match(label):
        return None
    words = label.casefold()
    named = re.sub(r"(?i)^(?:for|of)(?:\s+|$)", "", _SUM.sub("", label, count=1)).strip(" :,-–—")
    named = _SUM.sub("", named).strip(" :,-–—")
    if "grand" in words or (named and named.casefold() in _ALL):
        return Sum("", "", True, False)
    if not named or named.casefold() in _OF_ONE:
        return Sum("", "", False, True)
    if place := _whole_place(name_in(named)):
        return Sum(place, "", False, False)
    at = re.search(
        r"(?i)\b(?:usml\s+)?cat(?:egory|\.)?\s*[IVX]+\b.*$|(?<!\w)[IVX]+(?:\([a-z0-9]+\))*$", named
    )
    if not at:
        raise CellError(f"a sum of {named!r}, which is no known country or category")
    place = name_in(named[: at.start()].strip(" :,-–—"))
    if place and not is_place(place):
        raise CellError(f"a sum of {place!r}, which is no known country")
    return Sum(place, category_of(at.group()).code, False, False)


def is_cut_sum(label: str) -> bool:
    """Whether a label begins the name of a sum and does not end it: ``Total for``, ``Total for El``."""
    if re.search(r"(?i)\btotals?\s+(?:for|of)\W*$", label):
        return True
    try:
        sum_of(label)
    except CellError:
        return True
    return False


def is_name_over_lines(lines: list[str]) -> bool:
    """Whether lines are the name of one country together, and not the names of several below each other."""
    whole = is_place(country_line(" ".join(lines))) and all(map(squeeze, lines))
    return whole and (len(lines) == 1 or not all(is_place(country_line(text)) for text in lines))


def is_word_of_sum(text: str) -> bool:
    """Whether a line is the word of a sum and nothing else."""
    return bool(_ONLY_SUM.fullmatch(text))


def _whole_place(text: str) -> str:
    """A country's name, also one that ran over a line of the table and was cut there ("Grenad ines")."""
    if is_place(text):
        return text
    joined = (text[: gap.start()] + text[gap.end() :] for gap in re.finditer(" ", text))
    whole = [name for name in joined if is_place(name)]
    return whole[0] if len(whole) == 1 else ""


def fiscal_year_of(text: str) -> int | None:
    """The fiscal year that a text names first."""
    for pattern in _YEARS:
        if found := pattern.search(text):
            year = int(found["year"])
            return year if year > 99 else year + (1900 if year > 50 else 2000)
    if found := _REPORT_OF_YEAR.search(text):
        return int(found["before"] or found["after"])
    return None


def fiscal_year(document: Document) -> int:
    """The report's fiscal year, from the first title on its first pages that names one.

    A title is preferred to running text, which may speak of other years; it may run over two lines. Raises
    DocumentError when none does.
    """
    titles: list[int] = []
    others: list[int] = []
    try:
        with open_pdf(document.content) as pdf:
            for page in pdf.pages():
                lines = page_lines(page, [])
                for printed in (*zip(lines), *pairwise(lines)):
                    if year := fiscal_year_of(" ".join(line.text for line in printed)):
                        running = any(_FOOTNOTE.match(line.text) or len(line.words) > 16 for line in printed)
                        (others if running else titles).append(year)
                if titles or page.number >= _YEARS_READ:
                    break
    except PdfError as error:
        raise DocumentError(error.reason, page=error.page) from None
    if not titles + others:
        raise DocumentError("no title of the report names its fiscal year")
    return (titles + others)[0]
