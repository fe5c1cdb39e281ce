"""Which line of a wrapped cell belongs to which row: alignment to anchor lines, solved column by column.

A row has one anchor line. The other lines of a cell stand below it (cells aligned to the top), above it (to
the bottom) or on both sides (centred). In each column the fragments between two anchors are split so that
every block of lines sits where its alignment puts it; the sum of what is off by decides between the three
alignments.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

DOWN, BOTH, UP = "down", "both", "up"
MODES = (DOWN, BOTH, UP)
# off by less than this share of the print's height is no deviation
_SLACK = 0.25
# more lines than this on one side of an anchor are no cell; it bounds the search on pages of prose
_MOST = 25
# leaving a fragment to no row costs this share of the height: less than half a line of misfit
_ORPHAN = 0.45
# lines of one cell stand at most this many heights apart ...
_STEP = 1.6
# ... and no further from each other than the page's lead and this share of the height
_LOOSE = 0.1

# a line that does not end its cell, or begins none: the sentence goes on, whatever the alignment; inverted
# names end so and are whole: "Korea, Republic of", "Congo, Democratic Republic of the", "Bahamas, the"
_UNFINISHED = re.compile(r"(?:[,(&/]|\s(?:and|or|for|(?<!of )(?<!, )the|with|to|in|by|from))$")
_GOES_ON = re.compile(r"(?:and|or|of|for|with|to|in|by|from)\s|\)")


@dataclass(frozen=True)
class Split:
    """Cost of the best split, and for each gap between anchors how many fragments go to the anchor above
    and how many to the one below; what is left in the middle is an orphan."""

    cost: float
    counts: tuple[tuple[int, int], ...]


def split_column(
    anchors: Sequence[float],
    own: Sequence[bool],
    gaps: Sequence[Sequence[float]],
    mode: str,
    scale: tuple[float, float],
) -> Split:
    """Best split of one column.

    anchors: y of the m anchor lines, downwards; own: whether the column has text on each of them;
    gaps: m + 1 lists of fragment y: above the first anchor, between each two, below the last;
    scale: the print's height and the distance of two lines in one cell.
    """
    counts = [(0, 0)] * len(gaps)
    cost = 0.0
    start = 0
    while start < len(anchors):
        # anchors that no fragment stands between have nothing to settle with each other
        stop = start + 1
        while stop < len(anchors) and gaps[stop]:
            stop += 1
        if stop - start > 1 or gaps[start] or gaps[stop]:
            part = _split_chain(anchors[start:stop], own[start:stop], gaps[start : stop + 1], mode, scale)
            cost += part.cost
            for n, (above, below) in enumerate(part.counts, start):
                counts[n] = (counts[n][0] + above, counts[n][1] + below)
        start = stop
    return Split(cost, tuple(counts))


def _split_chain(
    anchors: Sequence[float],
    own: Sequence[bool],
    gaps: Sequence[Sequence[float]],
    mode: str,
    scale: tuple[float, float],
) -> Split:
    """Best split of anchors with fragments in every gap between them, by dynamic programming."""
    if counts := _only_fit(anchors, own, gaps, mode, scale):
        return Split(0.0, counts)
    orphan = _ORPHAN * scale[0]
    # states: number of fragments of the gap above that anchor i takes; value: (cost so far, choices so far)
    states: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {}
    for take in range(min(len(gaps[0]), _MOST) + 1):
        states[take] = (orphan * (len(gaps[0]) - take), ((0, take),))
    for i, y in enumerate(anchors):
        after = gaps[i + 1]
        last = i + 1 == len(anchors)
        following: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {}
        for above, (cost, chosen) in states.items():
            before = gaps[i][len(gaps[i]) - above :]
            for below in range(min(len(after), _MOST) + 1):
                block = [*before, *([y] if own[i] else []), *after[:below]]
                here = cost + _misfit(block, y, mode, scale)
                for take in range(1 if last else min(len(after) - below, _MOST) + 1):
                    total = here + orphan * (len(after) - below - take)
                    if take not in following or total < following[take][0] - 1e-9:
                        following[take] = (total, (*chosen, (below, take)))
        states = following
    cost, chosen = min(states.values(), key=lambda s: s[0])
    return Split(cost, chosen)


def _only_fit(
    anchors: Sequence[float],
    own: Sequence[bool],
    gaps: Sequence[Sequence[float]],
    mode: str,
    scale: tuple[float, float],
) -> tuple[tuple[int, int], ...] | None:
    """The split in which every fragment goes down (or up) to its cell, where that costs nothing.

    No other split costs nothing then: a fragment of the other anchor would be off by more than the slack.
    None where the search has to decide.
    """
    if mode == DOWN and not gaps[0]:
        blocks = [[y, *gap] for y, gap in zip(anchors, gaps[1:], strict=True)]
        apart = [y - gap[-1] for y, gap in zip(anchors[1:], gaps[1:], strict=False) if gap]
        counts = ((0, 0), *((len(gap), 0) for gap in gaps[1:]))
    elif mode == UP and not gaps[-1]:
        blocks = [[*gap, y] for y, gap in zip(anchors, gaps, strict=False)]
        apart = [gap[0] - y for y, gap in zip(anchors, gaps[1:], strict=True) if gap]
        counts = (*((0, len(gap)) for gap in gaps[:-1]), (0, 0))
    else:
        return None
    if not all(mine or len(block) == 1 for mine, block in zip(own, blocks, strict=True)):
        return None
    fits = len(max(blocks, key=len)) <= _MOST and all(gap > _SLACK * scale[0] for gap in apart)
    free = fits and not any(_misfit(block, y, mode, scale) for block, y in zip(blocks, anchors, strict=True))
    return counts if free else None


def _misfit(block: Sequence[float], y: float, mode: str, scale: tuple[float, float]) -> float:
    height, lead = scale
    if not block:
        return 0.0
    at = {DOWN: block[0], UP: block[-1], BOTH: (block[0] + block[-1]) / 2}[mode]
    off = abs(at - y)
    cost = off if off > _SLACK * height else 0.0
    for a, b in pairwise(block):
        cost += 10 * height if b - a > _STEP * height else max(0.0, b - a - lead - _LOOSE * height)
    return cost


def torn_phrases(texts: Sequence[str], counts: tuple[int, int]) -> int:
    """How many phrases are torn in one gap: behind a comma or ``and``, before ``of``.

    texts: the anchor above, the gap's fragments, the anchor below; counts: how many fragments go to each.
    """
    above, below = counts
    borders = range(above, len(texts) - 1 - below)
    pairs = ((texts[at], texts[at + 1]) for at in borders)
    return sum(bool(a and b and (_UNFINISHED.search(a) or _GOES_ON.match(b))) for a, b in pairs)
