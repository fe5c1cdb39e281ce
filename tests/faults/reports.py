"""What arrives night by night: several sources, a revision, new flags, a refused file, sums that differ."""

from __future__ import annotations

import os
import re
from pathlib import Path

from parsers.registry import load_source
from tests.generators import us655
from tests.workshop import uk

USERS = (
    "the Mexican Navy (SEMAR)",
    "the Secretariat of National Defense (SEDENA)",
    "the Secretariat of Public Security of the State of Mexico",
    "the Mexican Federal Police",
)


def notice(number: int) -> bytes:
    """A notice of one letter that names a Mexican unit, worded as the bundled sample is."""
    (sample,) = (path for path in load_source("us_ddtc_notices").samples if path.suffix == ".txt")
    text = sample.read_text("utf-8")
    head, letter = text[: text.index("June 30, 2020")], text[text.index("June 30, 2020") :]
    letter = letter[: letter.index("[August 1, 2020]")]
    letter = re.sub(r"the Mexi-\s+\[\[Page 9902\]\]\s+can Navy \(SEMAR\)", USERS[number % len(USERS)], letter)
    letter = letter.replace("19-039", f"20-{number:03}")
    tail = text[text.index("    Dated: January 12, 2021.") :]
    return (head + letter + tail).replace("2021-99901", f"2021-{88000 + number}").encode()


def uk_list(version: int) -> bytes:
    """The UK list as re-issued: one value of an old line is another, and a line is new, in each version."""
    lines = [f"10,2010-04-07,ML1,1,{185500 + version},Mexico,0", "12,2010-05-07,ML3,1,99,Peru,0"]
    lines += [f"{100 + n},2011-01-{1 + n % 28:02},ML1,1,{1000 + n},Mexico,0" for n in range(version)]
    return uk(*lines)


def dutch_list(version: int) -> bytes:
    """The Dutch sample with another value in it."""
    (sample,) = load_source("nl_bz_licences").samples
    return sample.read_bytes() + b"" if not version else _another_value(sample.read_bytes(), version)


def _another_value(content: bytes, version: int) -> bytes:
    header, _, rest = content.partition(b"\n")
    first, _, others = rest.partition(b"\n")
    number = re.search(rb"\d{8}", first)
    assert number is not None
    again = first.replace(number[0], b"%08d" % (29_000_000 + version))
    return b"\n".join([header, first, again, others])


def first_load(reports: Path) -> None:
    """What stands there before the first night."""
    drop(reports, "gb_ecju_licences", "v000.csv", uk_list(0), 0)
    drop(reports, "nl_bz_licences", "list-000.csv", dutch_list(0), 1)
    for number in (1, 2):
        drop(reports, "us_ddtc_notices", f"notice-{number:03}.txt", notice(number), 1 + number)
    for path in load_source("us_ddtc_655").samples:
        drop(reports, "us_ddtc_655", path.name, path.read_bytes(), 4)
    drop(reports, "us_ddtc_655", "sorry.pdf", b"<html>We are being rebuilt</html>", 5)


def arrive(reports: Path, night: int) -> str:
    """What is new in this night (1, 2, ...); answers what it is."""
    at = night * 10
    match night % 5:
        case 1:
            drop(reports, "us_ddtc_notices", f"notice-{100 + night}.txt", notice(100 + night), at)
            return "a notice that names a unit"
        case 2:
            drop(reports, "gb_ecju_licences", f"v{night:03}.csv", uk_list(night), at)
            return "a revised list"
        case 3:
            drop(reports, "us_ddtc_655", f"annual-{night}.pdf", us655.variant(night).content, at)
            drop(reports, "nl_bz_licences", f"list-{night}.csv", dutch_list(night), at + 1)
            return "an annual report and a revised list"
        case 4:
            drop(reports, "gb_ecju_licences", f"sorry-{night}.csv", b"<html>sorry %d</html>" % night, at)
            drop(reports, "us_ddtc_notices", f"notice-{100 + night}.txt", notice(100 + night), at + 1)
            return "a refused file and a notice that names a unit"
        case _:
            drop(reports, "us_ddtc_notices", f"notice-{100 + night}.txt", notice(100 + night), at)
            drop(reports, "us_ddtc_notices", f"notice-{200 + night}.txt", notice(201 + night), at + 1)
            return "two notices, and a flag is acknowledged"


def drop(reports: Path, source_id: str, name: str, content: bytes, at: int) -> None:
    """Put a file there, whole; ``at`` orders the arrivals of a source."""
    path = reports / source_id / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (1_700_000_000 + at, 1_700_000_000 + at))
