"""Tables between drawn lines: edges -> snapped and joined edges -> crossings -> cells -> tables.

The steps and tolerances are those of pdfplumber's table finder with the "lines" strategy, so its cells are
our cells; the search for cells uses that edges on one line are disjoint once joined, which makes it linear
where pdfplumber tries all pairs of crossings.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, repeat

import numpy as np

from parsers.readers.pdf_glyphs import Bools, Floats, Ints
from parsers.readers.pdf_types import BBox, Cell, Page, PdfError, Table
from parsers.readers.pdf_words import line_texts

SNAP = 3.0
JOIN = 3.0
CROSS = 3.0
MIN_EDGE = 3.0
_MAX_LAYERS = 50


def ruled_tables(page: Page) -> list[Table]:
    """All tables of the page that drawn lines enclose, by their top left corner; a lone box is none.

    A cell's bbox is the drawn box; its lines hold the glyphs whose middle lies in it. PdfError when the
    lines make more cells than the page's limits allow.
    """
    groups = _cell_groups(page)
    return _filled(page, groups) if groups else []


def _cell_groups(page: Page) -> list[list[BBox]]:
    """Boxes of the cells of each table."""
    across, down = _joined(page.across), _joined(page.down)
    if len(across) * len(down) > 40 * page.limits.max_cells_per_page:
        raise PdfError(
            f"{len(across)} x {len(down)} drawn lines make a grid of more than "
            f"{page.limits.max_cells_per_page} cells",
            page.number,
        )
    if len(across) < 2 or len(down) < 2:
        return []
    touch = _touching(across, down)
    if touch.all() and (np.diff(down[:, 0]) > 0).all() and (np.diff(across[:, 0]) > 0).all():
        xs, ys = down[:, 0].tolist(), across[:, 0].tolist()
        # every line meets every other: one whole grid
        grid = [(x0, y0, x1, y1) for x0, x1 in pairwise(xs) for y0, y1 in pairwise(ys)]
        return [grid] if len(grid) > 1 else []
    return _tables(_cells(_crossings(across, down, touch, page)))


def _joined(edges: Floats) -> Floats:
    """Edges within SNAP of each other move to their mean; pieces on one line within JOIN become one.

    Rows in and out: the fixed coordinate, and from where to where along the other axis; sorted.
    """
    if len(edges) == 0:
        return edges
    at, low, high = edges[np.argsort(edges[:, 0], kind="stable")].T
    starts = np.concatenate(([True], np.diff(at) > SNAP))
    first = np.flatnonzero(starts)
    mean = np.add.reduceat(at, first) / np.diff(np.concatenate((first, [len(at)])))
    cluster = np.cumsum(starts) - 1
    order = np.lexsort((low, cluster))
    cluster, low, high = cluster[order], low[order], high[order]
    # clusters are set so far apart that one running maximum serves them all
    offset = cluster * (2.0 * (np.abs(edges[:, 1:]).max() + JOIN + 1.0))
    reach = np.maximum.accumulate(high + offset)
    pieces = np.flatnonzero(np.concatenate(([True], low[1:] + offset[1:] > reach[:-1] + JOIN)))
    found = np.stack((mean[cluster[pieces]], low[pieces], np.maximum.reduceat(high, pieces)), axis=1)
    found = np.round(found[found[:, 2] - found[:, 1] >= MIN_EDGE], 3)
    return np.asarray(found, dtype=np.float64)


def _touching(across: Floats, down: Floats) -> Bools:
    """For each vertical edge (rows) and horizontal edge (columns) whether they meet within CROSS points."""
    x, top, bottom = (v[:, None] for v in down.T)
    y, left, right = across.T
    meets = (top <= y + CROSS) & (bottom >= y - CROSS) & (x >= left - CROSS) & (x <= right + CROSS)
    return np.asarray(meets, dtype=np.bool_)


@dataclass(frozen=True)
class _Crossings:
    """Where edges meet: sorted coordinates, and for each crossing the numbers of the edges that touch it."""

    xs: list[float]
    ys: list[float]
    down: dict[tuple[int, int], set[int]]
    across: dict[tuple[int, int], set[int]]


def _crossings(across: Floats, down: Floats, touch: Bools, page: Page) -> _Crossings:
    xs, i_of = np.unique(down[:, 0], return_inverse=True)
    ys, j_of = np.unique(across[:, 0], return_inverse=True)
    vertical, horizontal = np.nonzero(touch)
    if len(vertical) > 4 * page.limits.max_cells_per_page:
        raise PdfError(f"drawn lines cross more than {4 * page.limits.max_cells_per_page} times", page.number)
    found_down: dict[tuple[int, int], set[int]] = defaultdict(set)
    found_across: dict[tuple[int, int], set[int]] = defaultdict(set)
    places = zip(i_of[vertical].tolist(), j_of[horizontal].tolist(), strict=True)
    for place, v, h in zip(places, vertical.tolist(), horizontal.tolist(), strict=True):
        found_down[place].add(v)
        found_across[place].add(h)
    return _Crossings(xs.tolist(), ys.tolist(), found_down, found_across)


def _cells(c: _Crossings) -> list[BBox]:
    """For each crossing the smallest box to its lower right whose four sides are drawn."""
    columns: dict[int, list[int]] = defaultdict(list)
    rows: dict[int, list[int]] = defaultdict(list)
    for i, j in sorted(c.down):
        columns[i].append(j)
        rows[j].append(i)
    cells: list[BBox] = []
    for i, j in sorted(c.down):
        below = columns[i][bisect_left(columns[i], j) + 1 :]
        right = rows[j][bisect_left(rows[j], i) + 1 :]
        corner = _lower_right(c, i, j, below, right)
        if corner is not None:
            cells.append((c.xs[i], c.ys[j], c.xs[corner[0]], c.ys[corner[1]]))
    return cells


def _lower_right(c: _Crossings, i: int, j: int, below: list[int], right: list[int]) -> tuple[int, int] | None:
    here_down, here_across = c.down[i, j], c.across[i, j]
    for low in below:
        if not here_down & c.down[i, low]:
            break  # edges on one line are disjoint: further down none connects either
        for far in right:
            if not here_across & c.across[far, j]:
                break
            if (
                (far, low) in c.down
                and c.down[far, low] & c.down[far, j]
                and c.across[far, low] & c.across[i, low]
            ):
                return far, low
    return None


def _tables(cells: list[BBox]) -> list[list[BBox]]:
    """Cells that share a corner, directly or through others, are one table; lone cells are dropped."""
    if len(cells) < 2:
        return []
    sides = np.array(cells)
    x_of = np.unique(sides[:, (0, 2)], return_inverse=True)[1].reshape(-1, 2).T
    y_of = np.unique(sides[:, (1, 3)], return_inverse=True)[1].reshape(-1, 2).T
    places = np.concatenate([x * (int(y_of.max()) + 1) + y for x in x_of for y in y_of])
    by_corner = np.argsort(places, kind="stable")
    new = np.diff(places[by_corner], prepend=-1) > 0
    first = np.flatnonzero(new)
    corner_of = np.empty(len(places), np.int64)
    corner_of[by_corner] = np.cumsum(new) - 1
    table = np.arange(len(cells))
    while True:
        # each corner takes the least number of its cells, each cell that of its corners, and so on
        least = np.minimum.reduceat(np.tile(table, 4)[by_corner], first)
        joined = least[corner_of].reshape(4, -1).min(axis=0)
        joined = joined[joined]
        if (joined == table).all():
            break
        table = joined
    groups: dict[int, list[BBox]] = defaultdict(list)
    for number, cell in zip(table.tolist(), cells, strict=True):
        groups[number].append(cell)
    tables = [g for g in groups.values() if len(g) > 1]
    return sorted(tables, key=lambda g: min((cell[1], cell[0]) for cell in g))


def _filled(page: Page, groups: list[list[BBox]]) -> list[Table]:
    boxes = [cell for group in groups for cell in group]
    # one call in C for all cells; a named tuple's own constructor is a function in Python
    cells = iter(list(map(tuple.__new__, repeat(Cell), zip(_cell_lines(page, boxes), boxes, strict=True))))
    return [_table(page.number, list(islice(cells, len(group)))) for group in groups]


def _table(number: int, cells: list[Cell]) -> Table:
    x0, tops, x1, bottom = zip(*(cell[1] for cell in cells), strict=True)
    column = {x: n for n, x in enumerate(sorted(set(x0)))}
    row = {y: n for n, y in enumerate(sorted(set(tops)))}
    shown: list[list[Cell | None]] = [[None] * len(column) for _ in row]
    for cell, x, y in zip(cells, x0, tops, strict=True):
        shown[row[y]][column[x]] = cell
    return Table(number, (min(x0), min(tops), max(x1), max(bottom)), tuple(map(tuple, shown)))


def _cell_lines(page: Page, boxes: list[BBox]) -> list[tuple[str, ...]]:
    """Text lines of each box. Words are formed inside each box: what stands close beyond is not theirs."""
    found: list[tuple[str, ...]] = [()] * len(boxes)
    if len(page.glyphs) == 0:
        return found
    for owner in _owners(page, boxes):
        for box, text in zip(*line_texts(page.glyphs, owner), strict=True):
            found[box] = (*found[box], text)
    return found


def _owners(page: Page, boxes: list[BBox]) -> Iterator[Ints]:
    """For each glyph the box that holds its middle, -1 for none; once more for boxes over other boxes."""
    glyphs = page.glyphs
    sides = np.array(boxes)
    xs, ys = np.unique(sides[:, (0, 2)]), np.unique(sides[:, (1, 3)])
    columns, rows = np.searchsorted(xs, sides[:, (0, 2)]), np.searchsorted(ys, sides[:, (1, 3)])
    x_slot = np.searchsorted(xs, (glyphs.x0 + glyphs.x1) / 2, side="right")
    y_slot = np.searchsorted(ys, (glyphs.top + glyphs.bottom) / 2, side="right")
    waiting = list(range(len(boxes)))
    for _ in range(_MAX_LAYERS):
        grid = np.full((len(ys) + 1, len(xs) + 1), -1, np.int64)
        waiting = _laid(grid, columns, rows, waiting)
        yield grid[y_slot, x_slot]
        if not waiting:
            return
    raise PdfError(f"drawn boxes lie over each other more than {_MAX_LAYERS} deep", page.number)


def _laid(grid: Ints, columns: Ints, rows: Ints, numbers: Sequence[int]) -> list[int]:
    """Write each box's number over its slots; returns those that would cover another box."""
    single = (np.diff(columns) == 1).all() and (np.diff(rows) == 1).all()
    if single and len(numbers) == len(columns):
        grid[rows[:, 1], columns[:, 1]] = numbers
        if int((grid >= 0).sum()) == len(numbers):
            return []  # the usual case: one slot a box
        grid[:] = -1
    over = []
    spans = zip(numbers, columns[numbers].tolist(), rows[numbers].tolist(), strict=True)
    for n, (left, right), (top, bottom) in spans:
        if right - left == 1 and bottom - top == 1:
            if grid[bottom, right] < 0:
                grid[bottom, right] = n
            else:
                over.append(n)
            continue
        area = grid[top + 1 : bottom + 1, left + 1 : right + 1]
        if (area < 0).all():
            area[:] = n
        else:
            over.append(n)
    return over
