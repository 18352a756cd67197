"""What every way of sending is given and what it answers: one protocol, so that whoever sends knows no platform.

An adapter makes calls and reads answers. It keeps nothing, decides nothing about whom to send to, and raises what the
clients raise: the service turns that into an outcome.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from wellspring.channels.adapters.wecom.asking import Ask, asking
from wellspring.channels.contracts import Account
from wellspring.channels.contracts.sends import Outcome, Parcel, Receipt
from wellspring.channels.contracts.ways import MediaKind
from wellspring.kernel.workspace import Workspace

# What a file is called at the account, uploading it where that is unknown.
Upload = Callable[[str, MediaKind], str]
# The plain values of marked addresses (phones, e-mail); whose are gone are missing.
Opened = Callable[[Sequence[str]], dict[str, str]]


class Desk(NamedTuple):
    """One account's desk: the workspace, and what an adapter may ask of the service."""

    ws: Workspace
    account: Account
    upload: Upload
    opened: Opened
    # Where one person says that they want no more of a parcel: (member_no, address) → address of the page.
    unsubscribe_url: Callable[[int, str], str]
    # What members are called among staff, in plain.
    names: Callable[[Sequence[int]], list[str]]
    # A test that somebody sends to themselves: addresses are as typed, and stand for no member.
    is_trial: bool = False

    @property
    def ask(self) -> Ask:
        """The platform's client."""
        return asking(self.ws, self.account)


class Handed(NamedTuple):
    """A parcel that was handed over before."""

    key: str
    provider_id: str
    made_id: str
    sender: str


class Adapter(Protocol):
    """One channel of one kind of account."""

    def deliver(self, desk: Desk, parcel: Parcel) -> Outcome:
        """Hands a parcel over. Raises what the client raises."""
        ...

    def receipts(self, desk: Desk, handed: Handed) -> tuple[list[Receipt], str]:
        """What the provider says when it is asked, and what it made of the parcel (empty for nothing new)."""
        ...

    def remind(self, desk: Desk, handed: Handed) -> None:
        """Has those reminded who did not confirm."""
        ...

    def recall(self, desk: Desk, handed: Handed) -> None:
        """Stops what is not sent yet, or takes it back."""
        ...


class Mute:
    """What a channel cannot do: it is not asked, nobody is reminded, nothing is taken back."""

    def receipts(self, desk: Desk, handed: Handed) -> tuple[list[Receipt], str]:  # noqa: ARG002 - the protocol's signature
        """Nothing."""
        return [], ""

    def remind(self, desk: Desk, handed: Handed) -> None:
        """Nothing."""

    def recall(self, desk: Desk, handed: Handed) -> None:
        """Nothing."""
