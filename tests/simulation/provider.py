"""A provider that fails in every way that providers fail, and remembers the truth of what it took."""

import datetime as dt
import random
from collections.abc import Callable, Sequence

from pyroaring import BitMap

from tests.simulation.faults import Faults
from tests.support.touching import FakeCarrier
from wellspring.channels.contracts.sends import Channel, Outcome, OutcomeState, Parcel, Receipt, ReceiptState
from wellspring.kernel.workspace import Workspace

_WAY = (ReceiptState.SENT, ReceiptState.DELIVERED, ReceiptState.READ, ReceiptState.REPLIED)
Judge = Callable[[Parcel, set[int]], None]


class Provider(FakeCarrier):
    """Takes parcels as a fake does, with moods drawn for each call, and receipts late, twice, in any order or never."""

    def __init__(self, rng: random.Random, faults: Faults, members: BitMap) -> None:
        super().__init__(members, guides=("gina", "hugo", "ines"))
        self._rng, self._faults = rng, faults
        self.together = rng.choice((1, 3, 8))
        self.refused: dict[str, set[int]] = {}
        self.judges: list[Judge] = []

    def called(self, ws: Workspace, parcel: Parcel) -> Outcome:
        """Judges what arrives, then takes it, or not, and answers, or not."""
        is_known = parcel.key in self.taken
        if self._faults.fires("provider.later"):
            return Outcome(OutcomeState.LATER, retry_seconds=self._rng.choice([30, 3_600, 40_000]), problem="45009")
        if not is_known and self._faults.fires("provider.reject"):
            return Outcome(OutcomeState.REFUSED, problem="40001")
        if not is_known and self._faults.fires("provider.lost"):
            return self._noted(parcel, Outcome(OutcomeState.UNKNOWN, problem="timeout"))
        if not is_known:
            refused = set()
            if self._faults.fires("provider.partly"):
                refused = {one.member_no for one in parcel.recipients if self._rng.random() < 0.3}
            for judge in self.judges:
                judge(parcel, refused)
            self.refused[parcel.key] = refused
            self.taken[parcel.key] = parcel
        self._noted(parcel, Outcome(OutcomeState.ACCEPTED))
        # It has it; who asked may die, or hear nothing, before the answer.
        self._faults.hit("provider.dies")
        if self._faults.fires("provider.drop"):
            return Outcome(OutcomeState.UNKNOWN, problem="timeout")
        refusals = tuple((number, "84061") for number in sorted(self.refused[parcel.key]))
        return Outcome(OutcomeState.ACCEPTED, provider_id=f"p-{parcel.key}", refused=refusals)

    def ask(self, ws: Workspace, *, channel: Channel, account_id: str, provider_id: str) -> Sequence[Receipt]:
        """As far as each message came by now; a lost member of staff never confirms."""
        parcel = self.taken.get(provider_id.removeprefix("p-"))
        if parcel is None or self._faults.fires("provider.silent"):
            return []
        return [self._receipt(ws, parcel, one.member_no, one.address) for one in parcel.recipients]

    def outcome_of(self, ws: Workspace, *, key: str) -> Outcome | None:
        """What is known of a call by its key, to whoever lost the answer."""
        if key in self.taken and self.can[self.taken[key].channel].has_query:
            refusals = tuple((number, "84061") for number in sorted(self.refused[key]))
            return Outcome(OutcomeState.ACCEPTED, provider_id=f"p-{key}", refused=refusals)
        return Outcome(OutcomeState.UNKNOWN) if any(parcel.key == key for parcel in self.parcels) else None

    def accepted(self) -> list[tuple[str, int, str]]:
        """Key, member and address of everybody for whom a message was taken."""
        return [
            (key, one.member_no, one.address)
            for key, parcel in self.taken.items()
            for one in parcel.recipients
            if one.member_no not in self.refused[key]
        ]

    def _noted(self, parcel: Parcel, outcome: Outcome) -> Outcome:
        self.parcels.append(parcel)
        return outcome

    def _receipt(self, ws: Workspace, parcel: Parcel, member_no: int, address: str) -> Receipt:
        at: dt.datetime = ws.clock.now()
        if member_no in self.refused[parcel.key]:
            return Receipt(f"p-{parcel.key}", address, ReceiptState.FAILED, "84061", at, parcel.sender)
        return Receipt(f"p-{parcel.key}", address, self._rng.choice(_WAY), "", at, parcel.sender)
