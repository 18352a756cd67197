"""What each channel can do, and what a platform's code means for a parcel. Pure.

The limits are of the pages named; what no page confirms is a setting (`ChannelsSettings`), never a constant here.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from wellspring.channels.contracts.accounts import AccountKind
from wellspring.channels.contracts.sends import Capabilities, Channel, OutcomeState, Report
from wellspring.channels.rules import codes

# Busy, too many at a time, being dispatched: nothing was done, and it passes.
_PASSING = frozenset({codes.BUSY}) | codes.CROWDED | codes.CONTENDED
PASSING_SECONDS = 60
# Of a customer in the result of a mass message (page 93338).
MASS_STATES = {2: "channels.not_connected", 3: "channels.over_platform_limit"}
NOT_TAKEN = "channels.not_taken"
DISPATCHING, CANCELLED, NOBODY, NO_REMINDER = 41063, 41093, 41048, 41094
MOMENT_DISPATCHING, MOMENT_UNPUBLISHED, MOMENT_NOT_HIS = 41079, 41062, 41061


def _of(channel: Channel, batch_max: int, needs: AccountKind | None, consent: str | None, *reports: Report) -> Capabilities:
    return Capabilities(
        channel=channel,
        batch_max=batch_max,
        has_key=False,
        has_query=False,
        is_confirmed_by_staff=False,
        can_recall=False,
        reports=frozenset(reports),
        reminders_max=0,
        per_second=None,
        text_bytes_max=4_000,
        attachments_max=9,
        needs_account=needs,
        consent_channel=consent,
    )


_BY_STAFF: dict[str, Any] = {"has_query": True, "is_confirmed_by_staff": True, "can_recall": True, "needs_sender": True}
ALL: Mapping[Channel, Capabilities] = {
    one.channel: one
    for one in (
        # Page 92135: 10,000 customers or 2,000 groups, 4,000 bytes, nine attachments; three reminders a day (97610).
        dataclasses.replace(_of(Channel.WECOM, 10_000, AccountKind.WECOM, "wecom", Report.SENT), reminders_max=3, **_BY_STAFF),
        dataclasses.replace(_of(Channel.WECOM_GROUP, 2_000, AccountKind.WECOM, "wecom", Report.SENT), reminders_max=3, **_BY_STAFF),
        # Page 95094. Whoever may see it is everybody that the sender follows, or those with a tag.
        dataclasses.replace(_of(Channel.MOMENTS, 1_000_000, AccountKind.WECOM, "wecom", Report.SENT), **_BY_STAFF),
        # Page 90236: what the guide does then nobody can ask.
        dataclasses.replace(
            _of(Channel.TASK, 1_000, AccountKind.WECOM, None),
            is_confirmed_by_staff=True,
            can_recall=True,
            needs_sender=True,
            text_bytes_max=2_048,
        ),
        dataclasses.replace(
            _of(Channel.OFFICIAL_ACCOUNT, 1, AccountKind.OFFICIAL, "official_account", Report.DELIVERED, Report.REPLIED),
            attachments_max=1,
        ),
        dataclasses.replace(_of(Channel.MINI_PROGRAM, 1, AccountKind.MINI, "mini_program"), attachments_max=1),
        dataclasses.replace(
            _of(Channel.SMS, 200, AccountKind.SMS, "sms", Report.DELIVERED, Report.REPLIED),
            text_bytes_max=1_500,
            attachments_max=0,
            per_second=50.0,
        ),
        dataclasses.replace(
            _of(Channel.EMAIL, 1, AccountKind.EMAIL, "email", Report.DELIVERED, Report.REPLIED),
            text_bytes_max=1_000_000,
            attachments_max=5,
            per_second=10.0,
        ),
        dataclasses.replace(_of(Channel.WEBHOOK, 1_000, AccountKind.WEBHOOK, None), has_key=True, text_bytes_max=100_000, per_second=20.0),
        dataclasses.replace(
            _of(Channel.ADS, 1_000, AccountKind.ADS, "ads"), has_key=True, can_recall=True, attachments_max=0, per_second=5.0
        ),
    )
}
# Channels of an account's kind.
OF_KIND: Mapping[AccountKind, tuple[Channel, ...]] = {
    kind: tuple(channel for channel, one in ALL.items() if one.needs_account is kind) for kind in AccountKind
}


def refusal(code: int) -> tuple[OutcomeState, str, int]:
    """What a platform's refusal of a whole parcel means: the state, its problem, and when to come back."""
    if code in _PASSING:
        return OutcomeState.LATER, problem(code), PASSING_SECONDS
    return OutcomeState.REFUSED, problem(code), 0


def problem(code: int) -> str:
    """A platform's code as a reason; its words are `codes.words`."""
    return f"errcode:{code}"
