"""Column titles in two levels: a word such as "Licensed" that stands above several titles of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from parsers.readers.pdf_lines import Line, box_of, squeeze
from parsers.readers.pdf_types import Word

# words of one title on one line, and the lines of one header, as in pdf_columns
_TITLE_GAP = 1.0
_HEADER_STEP = 2.2
_DEEPEST = 4


@dataclass(frozen=True)
class GroupedTitle:
    """A title below a group's word: the column's name and the words of the title itself."""

    name: str
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Groups:
    """The titles of a header's lower level, and the words of its upper level, which name no column."""

    titles: tuple[GroupedTitle, ...]
    heads: tuple[Word, ...]

    @property
    def words(self) -> frozenset[Word]:
        """All words that are accounted for."""
        return frozenset(self.heads).union(*(title.words for title in self.titles))


_Found = tuple[str, tuple[Word, ...]]


def grouped_titles(
    lines: Sequence[Line],
    groups: Mapping[str, Sequence[str]],
    parts: Mapping[str, Sequence[str]],
    height: float,
) -> Groups | None:
    """The first line with two groups and more titles below than groups; None where there is none.

    groups and parts: name -> its spellings. A column is named "<group> <part>". Each title goes to the group
    above it: titles and groups keep their order, no group has a title twice, and the middle of a group's
    titles stands as near its word as can be.
    """
    for at, line in enumerate(lines):
        heads = list(_spelled(line, groups, height))
        if len({name for name, _ in heads}) < 2 or len(heads) != len({name for name, _ in heads}):
            continue
        for over, low in pairwise(lines[at : at + _DEEPEST]):
            if low.y - over.y > _HEADER_STEP * height:
                break
            if next(_spelled(low, groups, height), None):
                break  # one title above another: "Approved" over "Licenses", beside "Approved Value"
            found = list(_spelled(low, parts, height))
            if len(found) > len(heads) and (titles := _shared_out(heads, found)):
                return Groups(tuple(titles), tuple(word for _, words in heads for word in words))
    return None


def _spelled(line: Line, spellings: Mapping[str, Sequence[str]], height: float) -> Iterator[_Found]:
    """Names whose spelling stands whole in neighbouring words, from left to right, the longest first."""
    names = {squeeze(text): name for name, texts in spellings.items() for text in texts}
    at = 0
    while at < len(line.words):
        stop = at + 1
        while stop < len(line.words) and line.words[stop].x0 - line.words[stop - 1].x1 <= _TITLE_GAP * height:
            stop += 1
        for end in range(stop, at, -1):
            words = line.words[at:end]
            if (name := names.get("".join(squeeze(word.text) for word in words))) and squeeze(words[0].text):
                yield name, tuple(words)
                at = end
                break
        else:
            at += 1


def _middle(found: Sequence[_Found]) -> float:
    x0, _, x1, _ = box_of([word for _, words in found for word in words])
    return (x0 + x1) / 2


def _shared_out(heads: Sequence[_Found], parts: Sequence[_Found]) -> list[GroupedTitle]:
    """Titles with their groups; empty where no sharing out gives every group titles that differ."""
    best: tuple[float, list[GroupedTitle]] = (float("inf"), [])
    for cuts in combinations(range(1, len(parts)), len(heads) - 1):
        shares = [parts[a:b] for a, b in pairwise((0, *cuts, len(parts)))]
        if any(len({name for name, _ in share}) < len(share) for share in shares):
            continue
        off = sum(abs(_middle([head]) - _middle(share)) for head, share in zip(heads, shares, strict=True))
        if off < best[0]:
            best = (
                off,
                [
                    GroupedTitle(f"{head[0]} {name}", words)
                    for head, share in zip(heads, shares, strict=True)
                    for name, words in share
                ],
            )
    return best[1]
