"""How far a touch came, when news of it arrive in any order and more than once: the furthest is kept.

The order is total, so whatever the order of news the end is the same (confluence), and no state is ever gone back from. A
failure ranks above "sent", because providers tell of a bounce after they took the message, and below "delivered", because
what somebody has got no later complaint of the network takes away.
"""

from wellspring.channels.contracts.sends import ReceiptState
from wellspring.engagement.contracts.touches import Fate, Told

# Not yet with the provider.
BEFORE = frozenset({Fate.CLAIMED})
# Took a place under the caps: everything from the moment of the call on that did not fail.
REACHED = frozenset({Fate.SENT, Fate.DELIVERED, Fate.READ, Fate.CLICKED, Fate.REPLIED})
# No place is kept for these.
ENDED_BADLY = frozenset({Fate.FAILED, Fate.EXPIRED, Fate.DROPPED})
_ORDER = (
    Fate.CLAIMED,
    Fate.CALLING,
    Fate.DROPPED,
    Fate.UNKNOWN,
    Fate.ACCEPTED,
    Fate.WAITING,
    Fate.EXPIRED,
    Fate.SENT,
    Fate.FAILED,
    Fate.DELIVERED,
    Fate.READ,
    Fate.CLICKED,
    Fate.REPLIED,
)
# What the log of activity calls sent: a provider has taken it, and staff who had to confirm have done so.
LOGGED = REACHED | {Fate.ACCEPTED}
RANK = {fate: place for place, fate in enumerate(_ORDER)}
_OF_RECEIPT = {
    ReceiptState.WAITING: Fate.WAITING,
    ReceiptState.SENT: Fate.SENT,
    ReceiptState.DELIVERED: Fate.DELIVERED,
    ReceiptState.READ: Fate.READ,
    ReceiptState.CLICKED: Fate.CLICKED,
    ReceiptState.REPLIED: Fate.REPLIED,
    ReceiptState.FAILED: Fate.FAILED,
    ReceiptState.EXPIRED: Fate.EXPIRED,
}


def of_receipt(state: ReceiptState) -> Fate:
    """What a receipt makes of a touch."""
    return _OF_RECEIPT[state]


def furthest(now: Fate, told: Fate) -> Fate:
    """The one of the two that came further."""
    return max(now, told, key=RANK.__getitem__)


def is_news(now: Fate, told: Fate) -> bool:
    """Whether what is told goes beyond what is known."""
    return RANK[told] > RANK[now]


def told_after(told: Told, fate: Fate) -> Told:
    """What the log of activity is owed once a touch has come this far: that it was sent, or that it failed after all.

    A failure is told only of what was sent. Better news that come before it was told take it back; afterwards the log keeps both.
    """
    if fate in LOGGED and told in (Told.NOTHING, Told.FAILED_OWED):
        return Told.SENT_OWED
    if fate in ENDED_BADLY and told in (Told.SENT_OWED, Told.SENT):
        return Told.FAILED_OWED
    return told
