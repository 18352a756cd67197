"""A process that sends a campaign and may be killed anywhere: `python -m tests.support.touching_crash HOME`.

The provider is a file that outlives the process: what it took stands there, one line each, written before the answer.
"""

import json
import os
import sys
from pathlib import Path

from tests.support import people as persons
from tests.support.touching import ACCOUNT, MEMBERS, MORNING, FakeCarrier
from wellspring.channels.contracts.sends import Channel, Outcome, OutcomeState, Parcel
from wellspring.engagement.contracts.touches import Origin, OriginKind
from wellspring.engagement.models.touches import parcel_table, send_table
from wellspring.engagement.service import carrying, cutting, dispatching, touching
from wellspring.engagement.service.touching import Ask
from wellspring.kernel import failpoints
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Workspace


class FileCarrier(FakeCarrier):
    """Takes a parcel by writing it to a file; a key that stands there is never taken again."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.together = 2
        self.path = path

    def called(self, ws: Workspace, parcel: Parcel) -> Outcome:
        with self.path.open("a", encoding="utf-8") as taken:
            taken.write(json.dumps([parcel.key, [one.member_no for one in parcel.recipients]]) + "\n")
            taken.flush()
            os.fsync(taken.fileno())
        failpoints.hit("provider.took")
        return Outcome(OutcomeState.ACCEPTED, provider_id=f"p-{parcel.key}")

    def outcome_of(self, ws: Workspace, *, key: str) -> Outcome | None:
        known = (
            [line for line in self.path.read_text(encoding="utf-8").splitlines() if json.loads(line)[0] == key]
            if self.path.exists()
            else []
        )
        return Outcome(OutcomeState.ACCEPTED, provider_id=f"p-{key}") if known else None


def main(home: Path) -> None:
    """Goes on with whatever is there until nothing is due, with the clock moved past every lease."""
    carrying.use(FileCarrier(home / "provider"))
    ws = persons.workspace(home)
    assert isinstance(ws.clock, VirtualClock)
    started = home / "clock"
    ws.clock.move_to(MORNING + cutting.LEASE * 3 * (len(started.read_text()) if started.exists() else 0))
    started.write_text((started.read_text() if started.exists() else "") + ".")
    cutting._CUT_MAX = 8
    ask = Ask(Origin(OriginKind.CAMPAIGN, "cmp_1", 1), "cmp_1:1", "mat_1", Channel.EMAIL, ACCOUNT)
    with ws.sql.write() as tx:
        touching.ask(ws, tx, ask, MEMBERS, ws.clock.now())
        failpoints.hit("asked")
    dispatching.drain(ws)
    with ws.sql.read() as tx:
        sends = [[row.member_no, row.fate] for row in tx.execute(send_table.select().order_by(send_table.c.member_no))]
        states = sorted(tx.execute(parcel_table.select().with_only_columns(parcel_table.c.state)).scalars())
    print(json.dumps({"sends": sends, "states": states}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
