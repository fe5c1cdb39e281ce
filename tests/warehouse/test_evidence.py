"""Evidence: the page of a PDF around the row, the lines of any other document, from the archive alone."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from PIL import Image

from parsers.registry import load_source
from tests.generators.marked_pdf import Marked, marked_table
from tests.workshop import Workshop, moment, uk
from warehouse.archive import Archive, ArchiveError
from warehouse.evidence import Crops, EvidenceError, Place, find_place, html_of, picture_of, text_of
from warehouse.evidence_layout import MAIL_WIDTH, RowOnPage
from warehouse.evidence_lines import excerpt_of
from warehouse.evidence_page import MAX_PNG_BYTES, draw

SOURCES = Path(__file__).parents[2] / "parsers" / "sources"
LETTERS = SOURCES / "us_ddtc_notices" / "sample" / "2021-99901.txt"
TRAINING = SOURCES / "us_state_fmtr" / "sample" / "2019_western_hemisphere.pdf"

PLACE = Place(
    kind="flag",
    id="0" * 24,
    source_id="us_ddtc_655",
    source_title="A report",
    publisher="A publisher",
    licence_terms="public domain",
    report_id="us_ddtc_655/FY2012",
    document_name="report.txt",
    document_url="https://example.org/report.txt",
    document_sha256="a" * 64,
    media_type="text/plain",
    retrieved_at=moment(2),
    archived_at=moment(2),
    is_current=True,
    row=3,
)


def picture(table: Marked, **more: tuple[str, ...]) -> Image.Image:
    request = RowOnPage(
        page=table.page, bbox=table.bbox, titles=tuple(table.cells), above=tuple(table.cells.values()), **more
    )
    png = draw(table.content, request)
    assert len(png) <= MAX_PNG_BYTES
    image = Image.open(io.BytesIO(png)).convert("RGB")
    assert image.width % MAIL_WIDTH == 0
    return image


def spots(image: Image.Image, colour: str) -> list[tuple[int, int]]:
    """Pixels of a colour of the generator, or of the frame."""
    tests = {
        "blue": lambda r, g, b: abs(r - 153) < 20 and abs(g - 179) < 20 and b > 235,
        "green": lambda r, g, b: abs(r - 128) < 20 and g > 235 and abs(b - 128) < 20,
        "magenta": lambda r, g, b: r > 235 and abs(g - 128) < 20 and b > 235,
        "cyan": lambda r, g, b: abs(r - 128) < 20 and g > 235 and b > 235,
        "frame": lambda r, g, b: r > 150 and g < 70 and b < 110,
    }
    fits = tests[colour]
    pixels = image.load()
    assert pixels is not None
    return [(x, y) for y in range(image.height) for x in range(image.width) if fits(*pixels[x, y])]


def box(points: list[tuple[int, int]]) -> tuple[int, int, int, int]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


# -- PDF ---------------------------------------------------------------------------------------------------


def test_the_crop_shows_heading_titles_and_the_framed_row_and_nothing_far_away() -> None:
    image = picture(marked_table())
    assert spots(image, "cyan") and spots(image, "blue") and spots(image, "green")
    assert not spots(image, "magenta")
    left, top, right, bottom = box(spots(image, "frame"))
    x0, y0, x1, y1 = box(spots(image, "green"))
    assert left < x0 < x1 < right and top < y0 < y1 < bottom
    assert box(spots(image, "blue"))[3] < top, "titles stand above the row"


def test_nothing_but_the_page_is_in_the_picture() -> None:
    image = picture(marked_table())
    black = [
        y
        for y in range(image.height)
        if all(sum(image.getpixel((x, y))) < 60 for x in range(0, image.width, 40))
    ]  # type: ignore[arg-type]
    assert not black


def test_titles_and_heading_of_an_earlier_page_are_brought_along() -> None:
    image = picture(marked_table(header_on_first_page_only=True))
    assert spots(image, "cyan") and spots(image, "blue")
    assert not spots(image, "magenta")


def test_a_wide_table_of_small_print_is_cut_into_panels_that_can_be_read() -> None:
    wide = picture(marked_table(width=1100, size=7))
    x0, _, x1, _ = box(spots(wide, "green"))
    pixels_per_point = (x1 - x0) / 20 / (wide.width / MAIL_WIDTH)
    assert pixels_per_point * 7 >= 7.5, "print of 7 points is shown at nearly 8 pixels or more"
    narrow = picture(marked_table(width=612))
    assert wide.height > narrow.height


def test_the_frame_is_where_the_row_is_when_the_page_has_a_crop_box() -> None:
    image = picture(marked_table(crop=(30, 40)))
    left, top, right, bottom = box(spots(image, "frame"))
    x0, y0, x1, y1 = box(spots(image, "green"))
    assert left < x0 < x1 < right and top < y0 < y1 < bottom


def test_equal_requests_give_equal_bytes() -> None:
    table = marked_table()
    request = RowOnPage(
        page=1, bbox=table.bbox, titles=tuple(table.cells), caption=("report.pdf", "sha256 0")
    )
    assert draw(table.content, request) == draw(table.content, RowOnPage.from_json(request.to_json()))


def test_a_row_without_a_box_shows_its_whole_page() -> None:
    table = marked_table()
    image = Image.open(io.BytesIO(draw(table.content, RowOnPage(page=1, bbox=None)))).convert("RGB")
    assert spots(image, "magenta")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"no pdf at all", "no PDF and has no page to draw"),
        (b"%PDF-1.4 but broken", "report.txt, page 1: PDF"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_sentence(content: bytes, says: str) -> None:
    with pytest.raises(EvidenceError, match=says):
        picture_of(PLACE, content)


def test_drawing_is_ended_after_its_time() -> None:
    with pytest.raises(EvidenceError, match=r"report\.txt, page 1: drawing it (took more than|was ended)"):
        picture_of(replace(PLACE, page=1), marked_table().content, seconds=0)


# -- the archive -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    shop = Workshop(tmp_path_factory.mktemp("evidence"))
    shop.arrives("us_state_fmtr", TRAINING.name, TRAINING.read_bytes(), moment(3))
    shop.arrives("us_ddtc_notices", LETTERS.name, LETTERS.read_bytes(), moment(4))
    shop.arrives("gb_ecju_licences", "v1.csv", uk("10,2010-04-07,ML1,1,185500,Mexico,0"), moment(5))
    shop.build().rename(shop.home.database)
    return shop


def places(shop: Workshop, where: str) -> list[Place]:
    with duckdb.connect(str(shop.home.database), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        ids = connection.execute(
            f"SELECT transfer_id FROM out.transfers WHERE {where} ORDER BY ALL"
        ).fetchall()
        found = [find_place(connection, key) for (key,) in ids]
    assert found and all(found)
    return [place for place in found if place]


@pytest.mark.slow
def test_every_row_of_the_training_report_has_its_picture(shop: Workshop) -> None:
    for place in places(shop, "source_id = 'us_state_fmtr'")[:4]:
        png = picture_of(place, Archive(shop.home.raw).read(place.document_sha256))
        assert png.startswith(b"\x89PNG") and len(png) < MAX_PNG_BYTES


def test_evidence_always_says_where_it_comes_from(shop: Workshop) -> None:
    for place in places(shop, "TRUE")[:20]:
        if place.source_id == "us_state_fmtr":
            continue
        content = Archive(shop.home.raw).read(place.document_sha256)
        meta = load_source(place.source_id).meta
        for form in (text_of(place, content), html_of(place, content)):
            for said in (
                meta.publisher.name,
                meta.title,
                place.document_url or "",
                "2026-01-0",
                place.document_sha256,
            ):
                assert said in form


def test_a_flag_and_a_document_have_evidence_too(shop: Workshop) -> None:
    with duckdb.connect(str(shop.home.database), read_only=True) as connection:
        ((flag_id, sha256),) = connection.execute(
            "SELECT flag_id, document_sha256 FROM out.flags WHERE unit_id = 'mx-navy' AND rule_id = 'unit_named'"
        ).fetchall()
        flag, document = find_place(connection, flag_id), find_place(connection, sha256)
        assert find_place(connection, "nothing") is None
    assert flag and flag.kind == "flag" and ("Mexican Navy (SEMAR)", "Mexican Navy") in flag.words
    assert document and document.kind == "document" and document.row is None


def test_bytes_that_changed_on_disk_are_never_shown(shop: Workshop, tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    path = archive.path_of("b" * 64)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"changed")
    with pytest.raises(ArchiveError, match="changed on disk"):
        archive.read("b" * 64)


# -- lines -------------------------------------------------------------------------------------------------


def test_words_are_marked_across_a_hyphen_a_page_mark_and_blank_lines(shop: Workshop) -> None:
    (place,) = places(shop, "end_user_raw = 'Mexican Navy (SEMAR)'")
    text = text_of(place, Archive(shop.home.raw).read(place.document_sha256))
    assert "for end use by the «Mexi»-\n" in text
    assert ">     52  «can Navy» («SEMAR»).\n" in text
    lines = [line for line in text.splitlines() if line.startswith(">")]
    assert lines[0].endswith("June 30, 2020"), "the letter begins with its date"
    assert lines[-1].endswith("Enclosure: Transmittal No. DDTC 19-039"), (
        "and ends with its number, not with the next"
    )


def test_a_row_of_a_csv_stands_under_its_header() -> None:
    content = b"a,b,c\n1,2,3\n4,5,6\n7,8,Mexico\n9,9,9\n1,1,1\n2,2,2\n"
    place = replace(PLACE, document_name="r.csv", media_type="text/csv", row=4, parties=("Mexico",))
    excerpt = excerpt_of(place, content)
    assert [(line.number, line.is_row) for line in excerpt.lines] == [
        (1, False), (2, False), (3, False), (4, True), (5, False), (6, False)
    ]  # fmt: skip
    assert [s.text for s in excerpt.lines[3].segments if s.kind == "said"] == ["Mexico"]


def test_a_json_table_on_one_line_is_shown_an_entry_a_line() -> None:
    content = b'[["CTY","V"],["MEXICO","1"],["CANADA","2"]]'
    excerpt = excerpt_of(replace(PLACE, document_name="t.json", row=3), content)
    assert [line.text for line in excerpt.lines if line.is_row] == ['["CANADA","2"]]']
    assert "an entry a line" in excerpt.note


def test_escapes_of_json_are_found_and_shown_as_characters() -> None:
    content = b'{\n"abstract": "DDTC 23\\u2013085 to Mexico"\n}'
    place = replace(PLACE, document_name="c.json", row=1, verbatim={"transmittal": "DDTC 23–085"})
    marked = [s.text for line in excerpt_of(place, content).lines for s in line.segments if s.kind == "said"]
    assert marked == ["DDTC 23–085"]


def test_a_word_is_no_part_of_a_longer_word() -> None:
    place = replace(PLACE, row=1, words=(("Navy", "Navy"),))
    segments = [s for line in excerpt_of(place, b"The Navyard of the Navy.").lines for s in line.segments]
    assert [(s.text, s.kind) for s in segments] == [
        ("The Navyard of the ", "plain"),
        ("Navy", "words"),
        (".", "plain"),
    ]


def test_text_of_a_report_is_never_markup_of_the_page() -> None:
    hostile = '<script>alert(1)</script>" onload="x'
    place = replace(
        PLACE, publisher=hostile, document_url=f"javascript:{hostile}", verbatim={hostile: hostile}
    )
    page = html_of(place, b"one\ntwo\n'" + hostile.encode() + b"'\n")
    assert "<script" not in page and "alert(1)" in page
    assert "href=" not in page, "only web addresses are links"


def test_a_long_line_is_cut_to_what_is_marked_in_it() -> None:
    content = b"x" * 50_000 + b" Mexican Navy " + b"y" * 50_000
    place = replace(PLACE, row=1, words=(("Mexican Navy", "Mexican Navy"),))
    (line,) = excerpt_of(place, content).lines
    assert len(line.text) < 3_000 and "Mexican Navy" in line.text


# -- crops of the mail -------------------------------------------------------------------------------------


class Flag:
    def __init__(self, flag_id: str) -> None:
        self.flag_id = flag_id


def test_a_flag_without_a_page_and_one_that_does_not_exist_have_no_crop(shop: Workshop) -> None:
    crops = Crops(shop.home)
    with duckdb.connect(str(shop.home.database), read_only=True) as connection:
        flags = connection.execute("SELECT flag_id FROM out.flags").fetchall()
    assert flags and all(crops(Flag(flag_id)) is None for (flag_id,) in flags), (
        "letters and tables have no page"
    )
    assert crops(Flag("f" * 24)) is None


def test_crops_are_drawn_once_and_never_stop_a_mail(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    (place, *_) = places(shop, "source_id = 'us_state_fmtr'")
    drawn = []

    def found(_connection: object, key: str) -> Place:
        drawn.append(key)
        return place

    monkeypatch.setattr("warehouse.evidence.find_place", found)
    crops = Crops(shop.home)
    first, again = crops(Flag("a")), crops(Flag("a"))
    assert first and first is again and drawn == ["a"]
    assert Crops(shop.home, all_seconds=0)(Flag("a")) is None, "no time is left"
    broken = replace(place, page=999)
    monkeypatch.setattr("warehouse.evidence.find_place", lambda *_: broken)
    assert Crops(shop.home)(Flag("b")) is None
