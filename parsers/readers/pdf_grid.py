"""Tables between drawn lines: edges -> snapped and joined edges -> crossings -> cells -> tables.

The steps and tolerances are those of pdfplumber's table finder with the "lines" strategy, so its cells are
our cells; the search for cells uses that edges on one line are disjoint once joined, which makes it linear
where pdfplumber tries all pairs of crossings.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from parsers.readers.pdf_glyphs import Glyphs, Ints
from parsers.readers.pdf_types import BBox, Cell, Page, PdfError, Table
from parsers.readers.pdf_words import word_arrays

SNAP = 3.0
JOIN = 3.0
CROSS = 3.0
MIN_EDGE = 3.0


@dataclass(frozen=True)
class _Edge:
    """One joined edge: `at` its fixed coordinate, from `low` to `high` along the other axis."""

    at: float
    low: float
    high: float


def ruled_tables(page: Page) -> list[Table]:
    """All tables of the page that drawn lines enclose, by their top left corner; a lone box is none.

    A cell's bbox is the drawn box; its lines hold the glyphs whose middle lies in it. PdfError when the
    lines make more cells than the page's limits allow.
    """
    cells = find_cells(page)
    groups = _tables(cells)
    return _filled(page, groups) if groups else []


def find_cells(page: Page) -> list[BBox]:
    """Boxes of all cells, in reading order of their left top corners."""
    across = _joined([(top, x0, x1) for o, x0, top, x1, _ in page.edges if o == "h"])
    down = _joined([(x0, top, bottom) for o, x0, top, _, bottom in page.edges if o == "v"])
    if len(across) * len(down) > 40 * page.limits.max_cells_per_page:
        raise PdfError(
            f"{len(across)} x {len(down)} drawn lines make a grid of more than "
            f"{page.limits.max_cells_per_page} cells",
            page.number,
        )
    return _cells(_crossings(across, down, page))


def _joined(edges: list[tuple[float, float, float]]) -> list[_Edge]:
    """Edges within SNAP of each other move to their mean; pieces on one line within JOIN become one."""
    edges.sort()
    joined: list[_Edge] = []
    start = 0
    for i in range(1, len(edges) + 1):
        if i < len(edges) and edges[i][0] <= edges[i - 1][0] + SNAP:
            continue
        cluster = edges[start:i]
        start = i
        at = sum(e[0] for e in cluster) / len(cluster)
        joined.extend(_pieces(at, sorted((e[1], e[2]) for e in cluster)))
    return [e for e in joined if e.high - e.low >= MIN_EDGE]


def _pieces(at: float, spans: list[tuple[float, float]]) -> list[_Edge]:
    found: list[_Edge] = []
    low, high = spans[0]
    for a, b in spans[1:]:
        if a <= high + JOIN:
            high = max(high, b)
        else:
            found.append(_Edge(at, low, high))
            low, high = a, b
    found.append(_Edge(at, low, high))
    return found


@dataclass(frozen=True)
class _Crossings:
    """Where edges meet: sorted coordinates, and for each crossing the numbers of the edges that touch it."""

    xs: list[float]
    ys: list[float]
    down: dict[tuple[int, int], frozenset[int]]
    across: dict[tuple[int, int], frozenset[int]]


def _crossings(across: list[_Edge], down: list[_Edge], page: Page) -> _Crossings:
    xs = sorted({e.at for e in down})
    ys = sorted({e.at for e in across})
    x_index = {x: i for i, x in enumerate(xs)}
    y_index = {y: i for i, y in enumerate(ys)}
    found_down: dict[tuple[int, int], set[int]] = defaultdict(set)
    found_across: dict[tuple[int, int], set[int]] = defaultdict(set)
    h_at = np.array([e.at for e in across])
    h_low = np.array([e.low for e in across])
    h_high = np.array([e.high for e in across])
    for v, edge in enumerate(down):
        touch = (edge.low <= h_at + CROSS) & (edge.high >= h_at - CROSS)
        touch &= (edge.at >= h_low - CROSS) & (edge.at <= h_high + CROSS)
        i = x_index[edge.at]
        for h in np.flatnonzero(touch).tolist():
            key = (i, y_index[across[h].at])
            found_down[key].add(v)
            found_across[key].add(h)
        if len(found_down) > 2 * page.limits.max_cells_per_page:
            raise PdfError(
                f"drawn lines cross more than {2 * page.limits.max_cells_per_page} times", page.number
            )
    return _Crossings(
        xs,
        ys,
        {k: frozenset(v) for k, v in found_down.items()},
        {k: frozenset(v) for k, v in found_across.items()},
    )


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
    parent = list(range(len(cells)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    owner: dict[tuple[float, float], int] = {}
    for n, (x0, top, x1, bottom) in enumerate(cells):
        for corner in ((x0, top), (x0, bottom), (x1, top), (x1, bottom)):
            if corner in owner:
                parent[root(n)] = root(owner[corner])
            else:
                owner[corner] = n
    groups: dict[int, list[BBox]] = defaultdict(list)
    for n, cell in enumerate(cells):
        groups[root(n)].append(cell)
    tables = [g for g in groups.values() if len(g) > 1]
    return sorted(tables, key=lambda g: min((cell[1], cell[0]) for cell in g))


def _filled(page: Page, groups: list[list[BBox]]) -> list[Table]:
    boxes = [cell for group in groups for cell in group]
    lines = _cell_lines(page, boxes)
    tables = []
    first = 0
    for group in groups:
        texts = dict(zip(group, lines[first : first + len(group)], strict=True))
        first += len(group)
        tables.append(_table(page.number, group, texts))
    return tables


def _table(number: int, group: list[BBox], texts: dict[BBox, tuple[str, ...]]) -> Table:
    xs = sorted({cell[0] for cell in group})
    rows: dict[float, dict[float, BBox]] = defaultdict(dict)
    for cell in group:
        rows[cell[1]][cell[0]] = cell
    shown = []
    for top in sorted(rows):
        at = rows[top]
        shown.append(tuple(Cell(texts[at[x]], _rounded(at[x])) if x in at else None for x in xs))
    box = (
        min(cell[0] for cell in group),
        min(cell[1] for cell in group),
        max(cell[2] for cell in group),
        max(cell[3] for cell in group),
    )
    return Table(number, _rounded(box), tuple(shown))


def _rounded(box: BBox) -> BBox:
    return (round(box[0], 3), round(box[1], 3), round(box[2], 3), round(box[3], 3))


def _cell_lines(page: Page, boxes: list[BBox]) -> list[tuple[str, ...]]:
    """Text lines of each box. Words are formed inside each box: what stands close beyond a line is not
    theirs.
    """
    found: list[tuple[str, ...]] = [() for _ in boxes]
    glyphs = page.glyphs
    if len(glyphs) == 0:
        return found
    words = word_arrays(glyphs, _owners(glyphs, boxes))
    by_cell: dict[int, list[list[str]]] = defaultdict(list)
    previous = (-1, -1)
    for text, group, line in zip(words.text, words.group.tolist(), words.line.tolist(), strict=True):
        if (group, line) != previous:
            by_cell[group].append([])
            previous = (group, line)
        by_cell[group][-1].append(text)
    for group, cell_lines in by_cell.items():
        found[group] = tuple(" ".join(words_of_line) for words_of_line in cell_lines)
    return found


def _owners(glyphs: Glyphs, boxes: list[BBox]) -> Ints:
    """For each glyph the box that holds its middle, -1 for none."""
    middle_x, middle_y = (glyphs.x0 + glyphs.x1) / 2, (glyphs.top + glyphs.bottom) / 2
    sides = np.array(boxes)
    xs, ys = np.unique(sides[:, (0, 2)]), np.unique(sides[:, (1, 3)])
    columns, rows = np.searchsorted(xs, sides[:, (0, 2)]), np.searchsorted(ys, sides[:, (1, 3)])
    grid = np.full((len(ys) + 1, len(xs) + 1), -1, np.int64)
    single = (columns[:, 1] - columns[:, 0] == 1) & (rows[:, 1] - rows[:, 0] == 1)
    grid[rows[single, 1], columns[single, 1]] = np.flatnonzero(single)
    for n in np.flatnonzero(~single).tolist():
        area = grid[rows[n, 0] + 1 : rows[n, 1] + 1, columns[n, 0] + 1 : columns[n, 1] + 1]
        area[area < 0] = n
    return grid[np.searchsorted(ys, middle_y, side="right"), np.searchsorted(xs, middle_x, side="right")]
