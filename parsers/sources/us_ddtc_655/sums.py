"""Names and labels over several lines: "Total for El" above "Salvador", "Bosnia and" above "Herzegovina".

The reader gives words that stand close to a row as lines of their own. Here the label of a sum is put back
together, whether its figures stand at its first line, its last or its middle, and so is a country's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, product

from parsers.readers.pdf import Cell, TableRow
from parsers.readers.pdf_lines import around
from parsers.readers.pdf_marks import without_marks
from parsers.record import CellError
from parsers.sources.us_ddtc_655 import layout

_MOST_LINES = 6
# lines of one label stand closer than this share of the height of their print
_STEP = 0.9


def with_whole_labels(rows: Iterable[TableRow], figures: Iterable[str]) -> Iterator[TableRow]:
    """The rows, each sum joined with the lines that complete its label; a name over lines is one line."""
    columns = frozenset(figures)
    for _page, printed in groupby(rows, key=lambda row: row.page):
        yield from _with_whole_names(_with_whole_sums(list(printed), columns))


def _with_whole_sums(rows: list[TableRow], figures: frozenset[str]) -> Iterator[TableRow]:
    """A sum takes of the lines close to it those that make its label; others stay where they are."""
    start = 0
    for at, row in enumerate(rows):
        if row.kind != "row":
            continue
        above = _close(rows[start:at][::-1], row)[::-1]
        below = _close(rows[at + 1 :], row)
        label = _label(row, figures)
        up, down = _share(_texts(above), label, _texts(below))
        if not up + down and not _is_of_next(rows, at + 1 + len(below), figures):
            # the word of a sum below figures is theirs where it is no part of the label of the next
            down = next((n for n, text in enumerate(_texts(below), 1) if layout.is_word_of_sum(text)), 0)
        yield from rows[start : at - up]
        yield _joined(above[len(above) - up :], row, below[:down], figures)
        start = at + 1 + down
    yield from rows[start:]


def _is_of_next(rows: list[TableRow], at: int, figures: frozenset[str]) -> bool:
    """Whether a row takes of the lines above it."""
    if at >= len(rows) or rows[at].kind != "row":
        return False
    above = _close(rows[:at][::-1], rows[at])[::-1]
    below = _close(rows[at + 1 :], rows[at])
    return _share(_texts(above), _label(rows[at], figures), _texts(below))[0] > 0


def _is_whole(label: str) -> bool:
    return bool(label) and not layout.is_cut_sum(label)


def _close(lines: Sequence[TableRow], row: TableRow) -> list[TableRow]:
    """The lines of words that follow each other from a row on, upwards or downwards, without a gap."""
    found: list[TableRow] = []
    near = row.bbox
    for line in lines[:_MOST_LINES]:
        gap = max(line.bbox[1] - near[3], near[1] - line.bbox[3])
        if line.kind != "line" or gap > _STEP * (line.bbox[3] - line.bbox[1]):
            break
        found.append(line)
        near = line.bbox
    return found


def _share(above: list[str], label: str, below: list[str]) -> tuple[int, int]:
    """How many of the lines above and below a row's label belong to it; none where it is no sum.

    Of several labels that make a sum, that is taken which leaves the fewest lines without a meaning; of these
    that with its figures nearest to its middle, and the longest. A line that begins a sum above figures is
    theirs in any case: what is not known is said so.
    """
    if _begins_sum(label) and _is_whole(label):
        # "Total for Saint Vincent" may go on, unless what stands below is a name of its own
        most = next((n for n, text in enumerate(below) if _begins_sum(text)), len(below))
        longer = (n for n in range(most, 0, -1) if _is_plain(" ".join([label, *below[:n]])) is False)
        return 0, next((n for n in longer if not layout.is_name_over_lines(below[:n])), 0)
    begins = [at for at, text in enumerate(above) if _begins_sum(text)]
    if _is_whole(label) and not (begins or any(map(_begins_sum, below))):
        return 0, 0
    found: list[tuple[bool, int, int, int, int]] = []
    for up, down in product(range(len(above) + 1), range(len(below) + 1)):
        plain = _is_plain(" ".join([*above[len(above) - up :], label, *below[:down]]))
        if up + down and plain is not None:
            left = _without_meaning(above[: len(above) - up]) + _without_meaning(below[down:])
            found.append((plain, left, abs(up - down), -up - down, up))
    if found:
        *_, lines, up = min(found)
        return up, -lines - up
    return (len(above) - begins[-1] if begins else 0), 0


def _without_meaning(lines: Sequence[str]) -> int:
    """How many of these lines are neither part of a country's name nor of a sum that begins among them."""
    at = meaningless = 0
    while at < len(lines) and not _begins_sum(lines[at]):
        names = (n for n in range(len(lines), at, -1) if layout.is_name_over_lines(list(lines[at:n])))
        end = next(names, 0)
        meaningless += not end
        at = end or at + 1
    return meaningless


def _begins_sum(text: str) -> bool:
    """Whether a line without figures has the word of a sum; it is then a part of the label below it."""
    try:
        return layout.sum_of(text) is not None
    except CellError:
        return True


def _is_plain(label: str) -> bool | None:
    """Whether a label is a sum that names nothing; None where it is not one, or of no known country."""
    try:
        covered = layout.sum_of(label)
    except CellError:
        return None
    return None if covered is None else covered.plain


def _texts(lines: Iterable[TableRow]) -> list[str]:
    return [without_marks(line.text) for line in lines]


def _label(row: TableRow, figures: frozenset[str]) -> str:
    words = (cell.text for name, cell in row.cells.items() if name not in figures and cell.lines)
    return without_marks(" ".join(words))


def _joined(
    above: Sequence[TableRow], row: TableRow, below: Sequence[TableRow], figures: frozenset[str]
) -> TableRow:
    if not above and not below:
        return row
    words = [name for name in row.cells if name not in figures]
    named = [name for name in words if row.cells[name].lines] or words
    own = row.cells[named[-1]]
    box = own.bbox
    for line in (*above, *below):
        box = around(box, line.bbox)
    lines = (*(line.text for line in above), *own.lines, *(line.text for line in below))
    text = " ".join([*(line.text for line in above), row.text, *(line.text for line in below)])
    return replace(
        row,
        cells={**row.cells, named[-1]: Cell(lines, box)},
        text=text,
        bbox=around(row.bbox, box) or row.bbox,
    )


def _with_whole_names(rows: Iterable[TableRow]) -> Iterator[TableRow]:
    """The rows, each country's name that runs over close lines as one line; the longest name is taken."""
    held: list[TableRow] = []
    for row in rows:
        if held and (row.kind != "line" or not _close([row], held[-1]) or len(held) > _MOST_LINES):
            yield from _names(held)
            held = []
        if row.kind == "line":
            held.append(row)
        else:
            yield row
    yield from _names(held)


def _names(lines: list[TableRow]) -> Iterator[TableRow]:
    at = 0
    while at < len(lines):
        taken = next(
            (
                n
                for n in range(len(lines) - at, 1, -1)
                if layout.is_name_over_lines(_texts(lines[at : at + n]))
            ),
            1,
        )
        yield _one_line(lines[at : at + taken]) if taken > 1 else lines[at]
        at += taken


def _one_line(lines: Sequence[TableRow]) -> TableRow:
    box = lines[0].bbox
    for line in lines[1:]:
        box = around(box, line.bbox) or box
    return replace(lines[0], text=" ".join(line.text for line in lines), bbox=box)
