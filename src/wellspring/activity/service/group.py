"""A group of requests on their way into the log together: its rows, whose they are, and what each request is answered.

Rows are told by their place among all messages of the group; nothing is built for a row that needs nothing.
"""

import bisect
import concurrent.futures
import itertools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from wellspring.activity.contracts import IngestResult
from wellspring.activity.repo import rejects
from wellspring.activity.rules.messages import Intake, Prepared
from wellspring.activity.service.lookback import Lookback
from wellspring.activity.service.rejecting import reject_row
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import from_millis
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.people import api as people
from wellspring.people.contracts import Claim, Refusal

# The trait in which senders name somebody's store by its code.
HOME_STORE = "home_store"


class Submission(NamedTuple):
    """One request's messages: those ready for the log with what was sent, and those refused already."""

    intake: Intake
    type_: str | None
    messages: Sequence[Prepared]
    raws: Sequence[Any]
    refused: Sequence[tuple[Any, Refusal]]
    answer: "concurrent.futures.Future[IngestResult]"


class Refused(NamedTuple):
    """A message that is kept among the rejected instead."""

    submission: Submission
    raw: Any
    refusal: Refusal


class Group:
    """Some requests, while they are written."""

    def __init__(self, submissions: Sequence[Submission]) -> None:
        self.submissions = submissions
        self.messages: list[Prepared] = list(itertools.chain.from_iterable(submission.messages for submission in submissions))
        self.rejected = [Refused(submission, raw, refusal) for submission in submissions for raw, refusal in submission.refused]
        # Places of the rows that go into the log, and beside them whose each is.
        self.places: Sequence[int] = range(len(self.messages))
        self.owners: list[int] = []
        counts = itertools.accumulate((len(submission.messages) for submission in submissions), initial=0)
        self._starts = list(counts)[:-1]

    def drop_repeated(self, known: Lookback) -> None:
        """Leaves the messages that were not taken before, each once."""
        digests = [message.digest for message in self.messages]
        seen = known.repeated(digests) if digests else set()
        if seen or len(set(digests)) < len(digests):
            fresh = []
            for place, digest in enumerate(digests):
                if digest not in seen:
                    seen.add(digest)
                    fresh.append(place)
            self.places = fresh

    def find_owners(self, ws: Workspace) -> None:
        """Whose each row is; rows that people refuse are added to the rejected."""
        messages = self.messages
        owners = people.known_owners(ws, [messages[place].seen for place in self.places])
        asked = [index for index, owner in enumerate(owners) if not owner]
        if asked:
            refused = self._resolve(ws, owners, asked)
            if refused:
                keep(ws, refused)
                self.rejected += refused
                self.places = [place for place, owner in zip(self.places, owners, strict=True) if owner]
                owners = [owner for owner in owners if owner]
        self.owners = owners

    def submission_of(self, place: int) -> Submission:
        """The request that a message came with."""
        return self.submissions[self._number_of(place)]

    def refuse(self, place: int, refusal: Refusal) -> Refused:
        """The message as one of the rejected."""
        number = self._number_of(place)
        submission = self.submissions[number]
        return Refused(submission, submission.raws[place - self._starts[number]], refusal)

    def results(self) -> list[IngestResult]:
        """What each request is answered."""
        if len(self.places) == len(self.messages):
            return [IngestResult(len(one.messages), 0, len(one.refused)) for one in self.submissions]
        numbers = np.searchsorted(self._starts, np.asarray(self.places, dtype=np.int64), side="right") - 1
        kept = np.bincount(numbers, minlength=len(self.submissions)).tolist()
        lost: dict[int, int] = {}
        for one in self.rejected:
            lost[id(one.submission)] = lost.get(id(one.submission), 0) + 1
        results = []
        for submission, accepted in zip(self.submissions, kept, strict=True):
            total, rejected = len(submission.messages) + len(submission.refused), lost.get(id(submission), 0)
            results.append(IngestResult(accepted=accepted, repeated=total - accepted - rejected, rejected=rejected))
        return results

    def _number_of(self, place: int) -> int:
        return bisect.bisect_right(self._starts, place) - 1

    def _resolve(self, ws: Workspace, owners: list[int], asked: Sequence[int]) -> list[Refused]:
        alike: dict[tuple[bool, str], list[int]] = {}
        for index in asked:
            intake = self.submission_of(self.places[index]).intake
            alike.setdefault((intake.is_historical, intake.import_id), []).append(index)
        refused: list[Refused] = []
        for (historical, import_id), part in alike.items():
            claims, claim_of = self._claims(part, self._homes(ws, part))
            resolved = people.resolve(ws, by=SYSTEM, claims=claims, historical=historical, import_id=import_id or None)
            for index, claim in zip(part, claim_of, strict=True):
                owners[index] = resolved.owner_nos[claim]
                if claim in resolved.refused:
                    refused.append(self.refuse(self.places[index], resolved.refused[claim]))
        return refused

    def _claims(self, part: Sequence[int], homes: Mapping[str, str]) -> tuple[list[Claim], list[int]]:
        claims: list[Claim] = []
        claim_of: list[int] = []
        plain: dict[Any, int] = {}
        for index in part:
            place = self.places[index]
            message = self.messages[place]
            if message.traits is None and message.previous is None:
                # Many events of one person ask the same: asked once.
                known = plain.setdefault(message.identities, len(claims))
                if known < len(claims):
                    claim_of.append(known)
                    continue
            claim_of.append(len(claims))
            source = self.submission_of(place).intake.source
            home = homes.get(str(message.traits.get(HOME_STORE))) if message.traits else None
            at = from_millis(message.at)
            claims.append(Claim(message.identities, at, source, message.traits, home_unit_id=home, previous=message.previous))
        return claims, claim_of

    def _homes(self, ws: Workspace, part: Sequence[int]) -> Mapping[str, str]:
        """The units that traits name by their codes; an unknown code stays a trait like any other."""
        traits = (self.messages[self.places[index]].traits for index in part)
        codes = {str(one[HOME_STORE]) for one in traits if one and one.get(HOME_STORE)}
        return organization.unit_ids_by_code(ws, codes) if codes else {}


def keep(ws: Workspace, refused: Sequence[Refused]) -> None:
    """Keeps rejected messages, in a transaction of their own."""
    with ws.sql.write() as tx:
        rejects.keep(tx, rows_of(ws, refused))


def rows_of(ws: Workspace, refused: Sequence[Refused]) -> list[dict[str, Any]]:
    """Rejected messages as they are kept."""
    return [reject_row(ws, raw, refusal, submission.intake, submission.type_) for submission, raw, refusal in refused]
