"""A carrier whose mood tests set, and workspaces with members for tests of touching."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from tests.support import people as persons
from wellspring.channels.contracts.sends import (
    Capabilities,
    Channel,
    Outcome,
    OutcomeState,
    Parcel,
    Receipt,
    ReceiptState,
    Report,
)
from wellspring.content.contracts import Body, Rendered
from wellspring.engagement.service import carrying
from wellspring.kernel.sets.columns import Column, to_column
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

# A Tuesday, ten in the morning in Shanghai.
MORNING = dt.datetime(2026, 3, 10, 2, tzinfo=dt.UTC)
MEMBERS = BitMap(range(1, 21))
ACCOUNT = "acc_1"


def _can(channel: Channel, **said: object) -> Capabilities:
    known = Capabilities(
        channel=channel,
        batch_max=1000,
        has_key=False,
        has_query=True,
        is_confirmed_by_staff=False,
        can_recall=False,
        reports=frozenset({Report.SENT, Report.DELIVERED}),
        reminders_max=0,
        per_second=None,
        text_bytes_max=4000,
        attachments_max=9,
        needs_account=None,
        consent_channel=channel.value,
    )
    return dataclasses.replace(known, **said)  # type: ignore[arg-type]


class FakeCarrier:
    """Remembers every parcel; `moods` are what the next calls end with, then everything is accepted."""

    def __init__(self, members: BitMap = MEMBERS, guides: Sequence[str] = ("gina", "hugo")) -> None:
        self.members = BitMap(members)
        self.agreed = BitMap(members)
        self.guides = tuple(guides)
        self.moods: list[str] = []
        # So many calls end together.
        self.together = 1
        self.parcels: list[Parcel] = []
        self.taken: dict[str, Parcel] = {}
        self.receipts: dict[str, list[Receipt]] = {}
        self.reminded: list[str] = []
        self.uses: list[tuple[str, BitMap]] = []
        self.recalled: list[str] = []
        self.shared: dict[int, str] = {}
        self.unrenderable: set[int] = set()
        self.before_deliver: list[object] = []
        self.can: dict[Channel, Capabilities] = {
            Channel.SMS: _can(Channel.SMS, has_key=True),
            Channel.EMAIL: _can(Channel.EMAIL, has_query=False),
            Channel.WECOM: _can(
                Channel.WECOM, is_confirmed_by_staff=True, needs_sender=True, can_recall=True, reminders_max=3, has_key=False
            ),
        }

    def capabilities(self, ws: Workspace) -> Mapping[Channel, Capabilities]:
        return self.can

    def reachable(self, ws: Workspace, *, channel: Channel, account_id: str) -> BitMap:
        return BitMap(self.members)

    def consenting(self, ws: Workspace, *, channel: Channel, purpose: str) -> BitMap | None:
        return BitMap(self.agreed)

    def addresses(
        self, ws: Workspace, *, channel: Channel, account_id: str, member_nos: BitMap, sender: str = "", purpose: str = "marketing"
    ) -> tuple[Column, Sequence[str]]:
        found = to_column(member_nos & self.members)
        return found, [self.shared.get(int(number), f"a{number}") for number in found]

    def relations(
        self, ws: Workspace, *, account_id: str, member_nos: BitMap
    ) -> tuple[Column, Sequence[str], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        found = to_column(member_nos & self.members)
        guides = [self.guides[int(number) % len(self.guides)] for number in found]
        return found, guides, np.zeros(len(found), dtype=np.int64), np.ones(len(found), dtype=np.bool_)

    def render(
        self,
        ws: Workspace,
        *,
        content_id: str,
        member_nos: Sequence[int],
        context: Mapping[str, Mapping[str, str | bool]],
        own: Mapping[int, Mapping[str, Mapping[str, str]]],
        origin: str,
        is_shared: bool,
        at: dt.datetime,
    ) -> Sequence[Rendered]:
        return [
            Rendered(number, None, "content.variable_missing: member.name")
            if number in self.unrenderable
            else Rendered(number, Body(content_id))
            for number in member_nos
        ]

    def deliver(self, ws: Workspace, parcels: Sequence[Parcel]) -> Iterator[Sequence[tuple[Parcel, Outcome]]]:
        ended: list[tuple[Parcel, Outcome]] = []
        for place, parcel in enumerate(parcels):
            is_late = parcel.until is not None and ws.clock.now() >= parcel.until
            outcome = Outcome(OutcomeState.LATER) if is_late else self.called(ws, parcel)
            if outcome.state is OutcomeState.LATER and outcome.problem:
                # Who has had enough is not asked for the others.
                yield [*ended, *((one, outcome) for one in parcels[place:])]
                return
            ended.append((parcel, outcome))
            if len(ended) == self.together:
                yield ended
                ended = []
        if ended:
            yield ended

    def called(self, ws: Workspace, parcel: Parcel) -> Outcome:
        """One call."""
        for then in self.before_deliver:
            then()  # type: ignore[operator]
        mood = self.moods.pop(0) if self.moods else "accept"
        self.parcels.append(parcel)
        can = self.can[parcel.channel]
        if can.has_key and parcel.key in self.taken and mood in ("reject", "partly"):
            # Who knows the key answers as they did before.
            mood = "accept"
        if mood == "reject":
            return Outcome(OutcomeState.REFUSED, problem="40001")
        if mood == "later":
            return Outcome(OutcomeState.LATER, retry_seconds=60, problem="45009")
        if mood == "lost":
            return Outcome(OutcomeState.UNKNOWN, problem="timeout")
        if not (can.has_key and parcel.key in self.taken):
            assert parcel.key not in self.taken, "the provider saw one key twice"
            self.taken[parcel.key] = parcel
        if mood == "drop":
            return Outcome(OutcomeState.UNKNOWN, problem="timeout")
        refused = tuple((one.member_no, "84061") for one in parcel.recipients[:1]) if mood == "partly" else ()
        return Outcome(OutcomeState.ACCEPTED, provider_id=f"p-{parcel.key}", refused=refused)

    def ask(self, ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> Sequence[Receipt]:
        return self.receipts.get(provider_id, [])

    def outcome_of(self, ws: Workspace, *, key: str) -> Outcome | None:
        if key in self.taken and self.can[self.taken[key].channel].has_query:
            return Outcome(OutcomeState.ACCEPTED, provider_id=f"p-{key}")
        return Outcome(OutcomeState.UNKNOWN) if any(parcel.key == key for parcel in self.parcels) else None

    def speaker(self, ws: Workspace, *, userid: str) -> Mapping[str, Mapping[str, str | bool]]:
        return {"staff": {"name": userid}}

    def used(self, ws: Workspace, tx: Tx, *, content_id: str, members: BitMap, channel: str, origin: str, at: dt.datetime) -> None:
        self.uses.append((content_id, members))

    def remind(self, ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> bool:
        self.reminded.append(provider_id)
        return True

    def recall(self, ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> bool:
        self.recalled.append(provider_id)
        return True

    def tell(self, state: ReceiptState, *, reason: str = "", at: dt.datetime = MORNING) -> None:
        """Every parcel taken so far has come this far."""
        for key, parcel in self.taken.items():
            told = [Receipt(f"p-{key}", one.address, state, reason, at, parcel.sender) for one in parcel.recipients]
            self.receipts[f"p-{key}"] = told

    @property
    def touched(self) -> list[int]:
        """Everybody whom the provider has taken a message for, once per time."""
        return [one.member_no for parcel in self.taken.values() for one in parcel.recipients]


@contextmanager
def world(folder: Path, *, url: str | None = None, at: dt.datetime = MORNING) -> Iterator[tuple[Workspace, FakeCarrier]]:
    """A workspace with a fake carrier in place, at ten in the morning."""
    before = list(carrying._named)
    fake = FakeCarrier()
    carrying.use(fake)
    try:
        with persons.opened(folder, url=url) as ws:
            ws.clock.move_to(at)  # type: ignore[attr-defined]
            yield ws, fake
    finally:
        carrying._named[:] = before
