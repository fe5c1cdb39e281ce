"""Kills a run with SIGKILL at random moments, night after night, beside a home whose runs are never killed.

``python -m tests.faults.kills [--kills 300] [--seed N] [--keep DIR]``. Half of the kills are spread evenly over
the length of the run, half are aimed at a file event: just after the home's n-th file was made, written, moved
or deleted. After each kill what is there must be whole; after the night's healing run both homes must be equal:
Parquet, archive, the mails that a real SMTP server received. Some kills leave the children of the run alive.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

sys.path.insert(0, str(Path(__file__).parents[1] / "flows" / "alerts"))

from mailbox_server import Mailbox

from tests.faults import reports, rig
from warehouse.flag_memory import Acknowledgement, acknowledge
from warehouse.state import open_state

NIGHTS = 10
"""Nights of a season; each season begins with an empty home."""
FIRST = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
RECIPIENTS = [
    {"address": "anna@example.org"},
    {"address": "bruno@example.org", "min_severity": "medium", "language": "es"},
]


class Place:
    """One home, its reports, its mail server."""

    def __init__(self, root: Path) -> None:
        self.home, self.reports = root / "home", root / "reports"
        self.mailbox = Mailbox()

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "smtp_host": "127.0.0.1",
            "smtp_port": self.mailbox.port,
            "smtp_security": "none",
            "from_address": "armswatch@example.org",
            "recipients": RECIPIENTS,
            "operator_address": "operator@example.org",
        }

    def mails(self) -> list[bytes]:
        return [content for _, content in self.mailbox.mails]

    def arrive(self, night: int) -> str:
        if night == 0:
            reports.first_load(self.reports)
            return "the first load"
        what = reports.arrive(self.reports, night)
        if night % 5 == 0:
            self._acknowledge(night)
        return what

    def _acknowledge(self, night: int) -> None:
        with closing(duckdb.connect(str(self.home / "published" / "armswatch.duckdb"), read_only=True)) as db:
            row = db.execute("SELECT flag_id FROM out.flags ORDER BY flag_id LIMIT 1").fetchone()
        assert row is not None
        note = Acknowledgement(
            flag_id=row[0],
            acknowledged_at=(FIRST + timedelta(days=night, hours=-2)).isoformat(),
            acknowledged_by="anna",
            acknowledged_note=f"looked at in night {night}",
        )
        with closing(open_state(self.home / "state.sqlite")) as state:
            acknowledge(state, note)


@dataclass(frozen=True)
class Undisturbed:
    """What a night ends in where nothing is killed, and how long that took."""

    what: str
    usual: rig.Ended
    documents: list[tuple[str, str]]
    parquet: dict[str, str]
    alerts: set[tuple[str, str]]
    mails: set[Any]


@dataclass
class Campaign:
    """Seasons of nights until enough runs were killed. Nights without a kill are run once for all seasons."""

    root: Path
    kills_wanted: int
    seed: int
    say: Any = print
    counts: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    nights: list[Undisturbed] = field(default_factory=list)

    def run(self) -> Campaign:
        self.chance = random.Random(self.seed)
        self.rig = rig.Rig(self.root)
        self.undisturbed = Place(self.root / "undisturbed")
        season = 0
        try:
            while self.counts["kills"] < self.kills_wanted:
                self._season(self.root / f"season-{season}")
                season += 1
        finally:
            self.rig.close()
            self.undisturbed.mailbox.close()
        return self

    def _season(self, root: Path) -> None:
        killed = Place(root)
        try:
            for night in range(NIGHTS):
                if self.counts["kills"] >= self.kills_wanted:
                    break
                self._night(night, killed)
        finally:
            killed.mailbox.close()
        shutil.rmtree(root)

    def _without_kill(self, night: int) -> Undisturbed:
        if night == len(self.nights):
            place = self.undisturbed
            what = place.arrive(night)
            usual = self.rig.run(place.home, place.reports, _day(night), **place.settings)
            assert usual.code in {0, 1}, usual.said
            self.nights.append(
                Undisturbed(
                    what=what,
                    usual=usual,
                    documents=rig.documents(place.home),
                    parquet=rig.parquet(place.home),
                    alerts=set(rig.alerts_told(place.home, place.mails())),
                    mails={rig.mail(content) for content in place.mails()},
                )
            )
        return self.nights[night]

    def _night(self, night: int, killed: Place) -> None:
        wanted = self._without_kill(night)
        killed.arrive(night)
        where = f"seed {self.seed}, kill {self.counts['kills']}, night {night} ({wanted.what})"
        for _ in range(self.chance.randint(3, 7)):
            if self.counts["kills"] >= self.kills_wanted:
                break
            if not self._kill(killed, _day(night), wanted.usual, where):
                break
        healed = self.rig.run(killed.home, killed.reports, _day(night), **killed.settings)
        self.counts["nights"] += 1
        self._compare(wanted, killed, healed, where)
        self.say(
            f"night {night}: {wanted.what}; undisturbed {wanted.usual.seconds:.1f} s with {wanted.usual.events}"
            f" file events; {self.counts['kills']} kills so far; healed in {healed.seconds:.1f} s",
            flush=True,
        )

    def _kill(self, place: Place, now: datetime, usual: rig.Ended, where: str) -> bool:
        """Start a run and kill it; False where it was done before."""
        aim: dict[str, Any]
        if self.chance.random() < 0.5:
            aim = {"after_seconds": self.chance.uniform(0, usual.seconds)}
        else:
            aim = {"after_events": self.chance.randint(1, max(1, usual.events))}
        whole = self.chance.random() < 0.5
        ended = self.rig.run(place.home, place.reports, now, whole_group=whole, **aim, **place.settings)
        if not ended.was_killed:
            self.counts["done before the kill"] += 1
            self._expect(ended.code in {0, 1}, f"{where}: a run failed: {ended.said}")
            return False
        self.counts["kills"] += 1
        self.counts["aimed at a file event" if "after_events" in aim else "spread over the time"] += 1
        self.counts["tracebacks"] += ended.said.count("Traceback")
        try:
            rig.check_whole(place.home)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted and told
            self.counts["not whole"] += 1
            self.broken.append(f"{where}, {aim}: not whole: {error!r}")
        return True

    def _compare(self, wanted: Undisturbed, killed: Place, healed: rig.Ended, where: str) -> None:
        log = killed.home / "logs" / "armswatch.log"
        said = healed.said + (log.read_text("utf-8") if log.exists() else "")
        self.counts["tracebacks"] += said.count("Traceback")
        self._expect("Traceback" not in said, f"{where}: a traceback on healing: {said[-3000:]}")
        self._expect(healed.code in {0, 1}, f"{where}: healing failed ({healed.code}): {healed.said}")
        lost = set(wanted.documents) - set(rig.documents(killed.home))
        self.counts["lost documents"] += len(lost)
        self._expect(wanted.documents == rig.documents(killed.home), f"{where}: the archive differs: {lost}")
        found = rig.parquet(killed.home)
        differ = sorted(table for table in wanted.parquet if found.get(table) != wanted.parquet[table])
        self._expect(found and not differ, f"{where}: Parquet differs: {differ}")
        rig.check_whole(killed.home)
        self._compare_mails(wanted, killed, where)

    def _compare_mails(self, wanted: Undisturbed, killed: Place, where: str) -> None:
        told = rig.alerts_told(killed.home, killed.mails())
        lost, twice = wanted.alerts - told.keys(), [key for key, ids in told.items() if len(ids) > 1]
        self.counts["alerts"] = max(self.counts["alerts"], len(told))
        self.counts["lost alerts"] += len(lost)
        self.counts["doubles"] += len(twice)
        self._expect(not lost and not twice, f"{where}: lost {lost}, under two Message-IDs {twice}")
        mine = {rig.mail(content) for content in killed.mails()}
        self._expect(
            mine == wanted.mails, f"{where}: other mails: {[m[:3] for m in sorted(mine ^ wanted.mails)]}"
        )
        copies = len(killed.mails()) - len({rig.mail(content)[0] for content in killed.mails()})
        self.counts["second copies with the same Message-ID"] = max(
            self.counts["second copies with the same Message-ID"], copies
        )

    def _expect(self, holds: object, sentence: str) -> None:
        if not holds:
            self.broken.append(sentence)
            self.say(f"BROKEN: {sentence}", flush=True)
            raise BrokenError(sentence)

    def line(self) -> str:
        """The last words."""
        c = self.counts
        return (
            f"{c['kills']} kills: {c['lost documents']} lost documents, {c['lost alerts']} lost alerts,"
            f" {c['doubles']} doubles, {c['tracebacks']} tracebacks on healing"
        )


def _day(night: int) -> datetime:
    return FIRST + timedelta(days=night)


class BrokenError(AssertionError):
    """A promise that did not hold."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--keep", type=Path, default=None, help="an empty folder that is left as it ended")
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    root = given.keep or Path(tempfile.mkdtemp(prefix="kills-"))
    print(f"seed {seed}, in {root}", flush=True)
    campaign = Campaign(root, given.kills, seed)
    began = time.monotonic()
    try:
        campaign.run()
    except BrokenError:
        print(f"broken; what was found is left in {root}")
    print(", ".join(f"{count} {name}" for name, count in sorted(campaign.counts.items())))
    print(f"{campaign.counts['not whole']} times not whole; {time.monotonic() - began:.0f} s")
    print(campaign.line())
    if not campaign.broken and given.keep is None:
        shutil.rmtree(root)
    return 1 if campaign.broken else 0


if __name__ == "__main__":
    sys.exit(main())
