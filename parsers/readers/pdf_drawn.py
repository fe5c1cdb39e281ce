"""Tables between drawn lines: what their cells say of columns and titles."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.readers.pdf_types import Cell, Table


def in_cells(table: Table) -> bool:
    """Whether lines part the table's columns all the way down, and not the header's or a total's alone."""
    columns = len(table.rows[0])
    parted = sum(sum(cell is not None for cell in row) > columns / 2 for row in table.rows)
    return columns > 1 and parted > len(table.rows) / 2


def is_one_cell(cells: Sequence[Cell | None]) -> bool:
    return sum(cell is not None for cell in cells) == 1


def titles_of(table: Table, header: range) -> list[str]:
    """Column titles from the header's rows; a title that spans columns belongs to each of them."""
    titles = [""] * len(table.rows[0])
    for row in table.rows[header.start : header.stop]:
        across = ""
        for at, cell in enumerate(row):
            # None is covered by the cell to its left or, where that is its own title, by the one above
            across = cell.text if cell is not None else across
            if cell is not None or not titles[at]:
                titles[at] = f"{titles[at]} {across}".strip()
    return titles


def column_edges(table: Table) -> tuple[float, ...]:
    widest = max(table.rows, key=lambda row: sum(cell is not None for cell in row))
    boxes = [cell.bbox for cell in widest if cell is not None and cell.bbox]
    return (*(box[0] for box in boxes), boxes[-1][2])
