"""The front door of Official Accounts, Mini Programs, messages by template, and the diagnosis of every account."""

from wellspring.channels.contracts.followers import Diagnosis, Follower, MiniLogin, MiniSession, Notice, NoticeDraft
from wellspring.channels.service import diagnosing as _diagnosing
from wellspring.channels.service import followers as _followers
from wellspring.channels.service import minis as _minis
from wellspring.channels.service import notices as _notices
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace


def followers(
    ws: Workspace, *, account_id: str, is_following: bool | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[Follower]:
    """People of an Official Account or a Mini Program, in order of their openids."""
    return _followers.listing(ws, account_id=account_id, is_following=is_following, cursor=cursor, limit=limit)


def sync_followers(ws: Workspace, *, by: Principal, account_id: str) -> str:
    """Queues a walk through everybody who follows; gives the job's id. Raises AccountUnknown."""
    return _followers.ask_sync(ws, by=by, account_id=account_id)


def mini_session(ws: Workspace, *, account_id: str, js_code: str) -> MiniSession:
    """Who opened a Mini Program, made known to One-ID. Raises AccountUnknown, KindMismatch, ChannelFailed, OutcomeUnknown."""
    return _followers.mini_session(ws, account_id=account_id, js_code=js_code)


def mini_login(ws: Workspace, *, account_id: str, js_code: str, address: str) -> MiniLogin:
    """Signs somebody in to a Mini Program by the code that its phone got; an address that fails too often is slowed down.

    Raises MiniCodeRefused, MiniUserBlocked, TooMany, AccountUnknown, KindMismatch, ChannelFailed, OutcomeUnknown.
    """
    return _minis.login(ws, account_id=account_id, js_code=js_code, address=address)


def mini_signed_in(ws: Workspace, *, token: str) -> MiniSession:
    """Who holds the token of a login. Raises MiniTokenRefused."""
    return _minis.signed_in(ws, token=token)


def send_notice(ws: Workspace, *, by: Principal, draft: NoticeDraft) -> Notice:
    """Sends one message by template, or to a member of staff; kept before the call, never sent twice.

    What became of it is told by its state. Raises AccountUnknown, KindMismatch.
    """
    return _notices.send(ws, by=by, draft=draft)


def notice(ws: Workspace, *, notice_id: str) -> Notice:
    """A message as it stands. Raises EntranceUnknown."""
    return _notices.one(ws, notice_id)


def diagnose(ws: Workspace, *, account_id: str) -> Diagnosis:
    """Everything that can be wrong with an account, in plain words with what to do, the worst first. Raises AccountUnknown."""
    return _diagnosing.diagnose(ws, account_id=account_id)
