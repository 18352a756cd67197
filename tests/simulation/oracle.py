"""What must hold after every action, worked out from the rows of one snapshot and from what the provider took; no code is shared.

I25 one message per scope and person; I26 nobody without consent, held out, over a cap or at night, at the instant of the
call; I28 no fate goes back; I32 one arm for ever and no leak; R5 nothing is called failed that the provider has; and of journeys:
everybody is in one place, and the moves say which. A merge makes two persons one from then on (N04, N05).
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from tests.simulation.provider import Provider
from wellspring.channels.contracts.sends import Parcel
from wellspring.engagement.repo import batches, counters
from wellspring.kernel import sets
from wellspring.kernel.stores.asking import ask
from wellspring.kernel.workspace import Workspace

SHANGHAI = ZoneInfo("Asia/Shanghai")
_FATES = (
    "claimed calling unknown accepted waiting expired sent failed delivered read clicked replied".split()  # noqa: SIM905 - their order, as said in the design
)
_ENDED_BADLY = {"failed", "dropped", "expired"}


class Violated(AssertionError):
    """Something that must hold does not."""


class Oracle:
    """Looks at the world after each action; `steps` counts what happened to single members and was looked at."""

    def __init__(self, ws: Workspace, provider: Provider, root: Callable[[int], int]) -> None:
        self._ws, self._provider, self._root = ws, provider, root
        self.steps: Counter[str] = Counter()
        # At most so many marketing touches on a day, where that never changes in a world.
        self.cap: int | None = None
        self.quiet: tuple[int, int] | None = None
        self.held: BitMap = BitMap()
        # Scope and instance → persons who have it; key → its scope, instance, whether it is marketing.
        self._has: dict[tuple[str, str], set[int]] = {}
        self._fates: dict[int, str] = {}
        self._by_day: Counter[tuple[int, dt.date]] = Counter()
        self._moves_upto = 0
        self._at: dict[tuple[str, int], str] = {}
        self._exposed: dict[str, tuple[int, BitMap]] = {}
        provider.judges.append(self._judge)

    # ------------------------------------------------------------------------------------- at the call

    def _judge(self, parcel: Parcel, refused: set[int]) -> None:
        """At the instant at which the provider takes a parcel; whom it refuses got nothing."""
        now = self._ws.clock.now()
        with self._ws.sql.read() as tx:
            rows = ask(
                tx,
                "SELECT member_no, scope, instance, origin_kind, origin_id FROM engagement_send WHERE parcel_key = :key",
                {"key": parcel.key},
            )
            known = {row[0]: (row[1], row[2], row[3], row[4]) for row in rows}
        local = now.astimezone(SHANGHAI)
        for one in parcel.recipients:
            self.steps["taken"] += 1
            self._demand(one.member_no in known, f"{parcel.key}: nobody wrote down {one.member_no} before the call (D01)")
            scope, instance, kind, origin = known[one.member_no]
            has, person = self._has.setdefault((scope, instance), set()), self._root(one.member_no)
            self._demand(person not in {self._root(other) for other in has}, f"{scope}: person {person} gets it twice (I25, N04)")
            if one.member_no not in refused:
                has.add(person)
            self._demand(one.member_no in self._provider.members, f"{one.member_no} was not to be reached any more (D08)")
            if not parcel.marketing:
                continue
            self._demand(one.member_no in self._provider.agreed, f"{one.member_no} had said no (D08)")
            self._demand(one.member_no not in self.held, f"{one.member_no} is held out by the workspace (E03)")
            self._demand(not self._is_control(kind, origin, one.member_no), f"{one.member_no} is a control of {origin} (E03)")
            self._demand(not self._is_quiet(local), f"{one.member_no} sleeps at {local:%H:%M} (I26)")
            if one.member_no not in refused:
                self._count(one.member_no, local.date())

    def _count(self, member_no: int, day: dt.date) -> None:
        self._by_day[member_no, day] += 1
        times = self._by_day[member_no, day]
        self._demand(self.cap is None or times <= self.cap, f"{member_no}: {times} touches on {day}, and {self.cap} are allowed (I26)")

    def _is_quiet(self, local: dt.datetime) -> bool:
        if self.quiet is None:
            return False
        minute, (start, end) = local.hour * 60 + local.minute, self.quiet
        return start <= minute < end if start < end else minute >= start or minute < end

    def _is_control(self, kind: str, origin: str, member_no: int) -> bool:
        with self._ws.sql.read() as tx:
            asked = (
                "SELECT e.members FROM engagement_exposure e JOIN engagement_experiment x ON x.id = e.experiment_id"
                " WHERE x.origin_kind = :kind AND x.origin_id = :origin AND e.arm = 0 AND x.ended_at IS NULL"
            )
            return any(member_no in BitMap.deserialize(bytes(row[0])) for row in ask(tx, asked, {"kind": kind, "origin": origin}))

    # ------------------------------------------------------------------------------------ after actions

    def look(self) -> None:
        """Everything that must hold of one snapshot."""
        with self._ws.sql.read() as tx:
            sends = ask(
                tx,
                "SELECT id, parcel_key, member_no, scope, instance, address, fate, is_charged, batch_id FROM engagement_send ORDER BY id",
            )
            parcels = dict(map(tuple, ask(tx, "SELECT key, state FROM engagement_parcel")))
            moves = ask(
                tx,
                "SELECT id, journey_id, from_node, to_node, reason, members FROM engagement_move WHERE id > :last ORDER BY id",
                {"last": self._moves_upto},
            )
            places = ask(tx, "SELECT journey_id, node, members FROM engagement_place")
            exposures = ask(
                tx,
                "SELECT e.members, x.origin_kind, x.origin_id FROM engagement_exposure e"
                " JOIN engagement_experiment x ON x.id = e.experiment_id",
            )
            found = ask(tx, "SELECT id, state, instances FROM engagement_journey")
        journeys, keyed = {row[0]: row[1] for row in found}, {row[0] for row in found if row[2]}
        self._fates_hold(sends, parcels)
        self._walks_hold(moves, places, journeys, keyed)
        self._arms_hold(exposures)

    def _fates_hold(self, sends: list[Any], parcels: dict[str, str]) -> None:
        taken = {(key, member_no) for key, member_no, _ in self._provider.accepted()}
        once: set[tuple[str, str, int]] = set()
        places: set[tuple[str, str, str]] = set()
        for number, key, member_no, scope, instance, address, fate, is_charged, _batch in sends:
            before = self._fates.get(number)
            if before != fate:
                self.steps[f"fate {fate}"] += 1
                if before is not None and fate != "dropped":
                    self._demand(before != "dropped", f"touch {number}: dropped, then {fate} (I28)")
                    self._demand(_FATES.index(fate) > _FATES.index(before), f"touch {number}: {before}, then {fate} (I28)")
                self._fates[number] = fate
            if fate == "dropped":
                self._demand((key, member_no) not in taken, f"touch {number} is dropped, and the provider has it (R5)")
                continue
            self._demand((scope, instance, member_no) not in once, f"{scope}: two rows of {member_no} (D03)")
            self._demand((scope, instance, address) not in places, f"{scope}: two rows of {address} (N10)")
            once.add((scope, instance, member_no))
            places.add((scope, instance, address))
            if (key, member_no) in taken:
                self._demand(fate not in {"failed", "claimed"}, f"touch {number} is {fate}, and the provider has it (R5)")
            elif fate in {"accepted", "waiting", "sent", "delivered", "read", "replied"}:
                raise Violated(f"touch {number} is {fate}, and the provider never took it")
            self._demand(not is_charged or fate not in _ENDED_BADLY, f"touch {number} ended {fate} and keeps its place (F02)")
            self._demand(parcels[key] != "dropped", f"{key} is dropped with {member_no} in it")

    def _walks_hold(self, moves: list[Any], places: list[Any], journeys: dict[str, str], keyed: set[str]) -> None:
        for number, journey_id, from_node, to_node, reason, members in moves:
            for subject in BitMap.deserialize(bytes(members)):
                self.steps[f"move {reason}"] += 1
                was = self._at.get((journey_id, subject), "")
                if was != from_node and journey_id not in keyed and (loser := self._left(journey_id, subject, from_node)):
                    self._at[journey_id, loser], was = "", from_node
                if reason != "merged":
                    self._demand(was == from_node, f"{journey_id}: {subject} leaves {from_node!r} and stood at {was!r} ({reason})")
                self._at[journey_id, subject] = to_node
            self._moves_upto = number
        found: dict[tuple[str, int], str] = {}
        for journey_id, node, members in places:
            if node.startswith("@"):
                continue
            for subject in BitMap.deserialize(bytes(members)):
                self._demand((journey_id, subject) not in found, f"{journey_id}: {subject} is at two places")
                found[journey_id, subject] = node.partition("#")[0]
        self._hand_over(found, keyed)
        stood = {place: node for place, node in self._at.items() if node}
        differ = {
            place: (stood.get(place), found.get(place)) for place in stood.keys() | found.keys() if stood.get(place) != found.get(place)
        }
        self._demand(not differ, f"moves and places differ: {dict(list(differ.items())[:3])}")
        for journey_id, _ in found:
            self._demand(journeys[journey_id] in {"running", "paused"}, f"{journey_id} is {journeys[journey_id]} with people inside (J20)")

    def _hand_over(self, found: dict[tuple[str, int], str], keyed: set[str]) -> None:
        """What a merged member left to who holds their past: their place, without a move (N04)."""
        for (journey_id, subject), node in list(self._at.items()):
            heir = self._root(subject)
            if node and heir != subject and journey_id not in keyed and (journey_id, subject) not in found:
                self._at[journey_id, subject] = ""
                if not self._at.get((journey_id, heir)):
                    self._at[journey_id, heir] = node

    def _left(self, journey_id: str, heir: int, node: str) -> int:
        """Whose place at a node somebody has taken over in the tick that moved them on."""
        mine = (other for journey, other in self._at if journey == journey_id and other != heir and self._root(other) == heir)
        return next((other for other in mine if node and self._at[journey_id, other] == node), 0)

    def _arms_hold(self, exposures: list[Any]) -> None:
        seen: dict[tuple[str, str], BitMap] = {}
        for members, kind, origin in exposures:
            mine, met = BitMap.deserialize(bytes(members)), seen.setdefault((kind, origin), BitMap())
            self._demand(not mine & met, f"{kind} {origin}: {len(mine & met)} exposed twice (I32)")
            met |= mine
        now = sum(map(len, seen.values()))
        self.steps["exposed"] += now - self.steps["exposed"]

    def finally_ended(self) -> None:
        """After everything had its time: each touch is at an end, or before a person (I25)."""
        with self._ws.sql.read() as tx:
            asked = "SELECT s.id, s.fate, p.state, p.is_dead FROM engagement_send s JOIN engagement_parcel p ON p.key = s.parcel_key"
            for number, fate, state, is_dead in ask(tx, asked):
                ended = fate not in {"claimed", "calling", "unknown"} or bool(is_dead)
                self._demand(ended, f"touch {number} is {fate} for ever ({state})")

    def counts_hold(self) -> None:
        """What the caps count is what the rows say: each open intent that is charged, and each touch that keeps its place (F02)."""
        wanted: Counter[tuple[str, int]] = Counter()
        with self._ws.sql.read() as tx:
            kept: dict[str, BitMap] = {}
            for batch_id, member_no in ask(tx, "SELECT batch_id, member_no FROM engagement_send WHERE is_charged"):
                self._demand(member_no not in kept.setdefault(batch_id, BitMap()), f"{batch_id}: {member_no} is charged twice")
                kept[batch_id].add(member_no)
            for row in batches.open_now(tx):
                kept[row.id] = kept.get(row.id, BitMap()) | row.members
            for batch_id, members in kept.items():
                batch = batches.one(tx, batch_id)
                for bucket, here in batch.reservation(members).charges if batch is not None else ():
                    place = counters._of_bucket(bucket)
                    wanted.update((place, number) for number in here)
            found: Counter[tuple[str, int]] = Counter()
            names = sets.names(tx, counters._PREFIX)
            for name, members in sets.read_several(tx, names).items():
                found.update((name.rpartition("/")[0], number) for number in members)
        differ = {place: (wanted[place], found[place]) for place in wanted.keys() | found.keys() if wanted[place] != found[place]}
        self._demand(not differ, f"{len(differ)} counts differ from the rows (wanted, found): {dict(list(differ.items())[:3])}")

    @staticmethod
    def _demand(holds: bool, words: str) -> None:
        if not holds:
            raise Violated(words)
