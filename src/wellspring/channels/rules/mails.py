"""What mail servers write: reports of delivery (RFC 3464), complaints (RFC 5965) and replies, in our words. Pure.

A report names the message by the address that it came back to (`bounce+TOKEN@…`) or by the Message-ID that it quotes.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage, Message
from email.utils import parseaddr
from typing import NamedTuple

from wellspring.channels.contracts.sends import ReceiptState

BOUNCED, COMPLAINED, DELAYED = "channels.bounced", "channels.complained", "channels.delayed"
BYTES_MAX = 2 * 1024 * 1024
_TEXT_MAX = 4_000
_MESSAGE_ID = re.compile(r"<([^<>@\s]{1,80})@[^<>\s]{1,200}>")
_TAGGED = re.compile(r"\+([A-Za-z0-9_-]{1,80})@")


class Mail(NamedTuple):
    """A mail that came back: which of ours it speaks of, what became of that, or what somebody wrote."""

    key: str
    state: ReceiptState | None
    reason: str
    recipient: str
    sender: str
    text: str
    mark: str


def read(raw: bytes) -> Mail:
    """A mail in its own words. What is neither report nor complaint is a reply (`state` None)."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    kind = message.get_content_type()
    report = str(message.get_param("report-type") or "").lower() if kind == "multipart/report" else ""
    key = _key(message)
    mark = str(message.get("message-id") or "")[:200]
    if report == "delivery-status":
        state, reason, recipient = _status(message)
        return Mail(key, state, reason, recipient, "", "", mark)
    if report == "feedback-report":
        return Mail(key, ReceiptState.FAILED, COMPLAINED, "", "", "", mark)
    sender = parseaddr(str(message.get("from") or ""))[1]
    return Mail(key, None, "", "", sender, _plain(message), mark)


def is_automatic(raw: bytes) -> bool:
    """Whether a machine wrote it (RFC 3834): an absence note is no reply."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    said = str(message.get("auto-submitted") or "no").lower()
    return said != "no" or str(message.get("precedence") or "").lower() in {"bulk", "junk", "auto_reply"}


def _key(message: Message) -> str:
    for name in ("to", "delivered-to", "x-original-to"):
        if found := _TAGGED.search(str(message.get(name) or "")):
            return found.group(1)
    for part in message.walk():
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers"} and (found := _MESSAGE_ID.search(_quoted(part))):
            return found.group(1)
    for name in ("in-reply-to", "references"):
        if found := _MESSAGE_ID.search(str(message.get(name) or "")):
            return found.group(1)
    return ""


def _quoted(part: Message) -> str:
    inner = part.get_payload()
    if isinstance(inner, list) and inner and isinstance(inner[0], Message):
        return str(inner[0].get("message-id") or "")
    lines = str(inner).splitlines()
    return next((line for line in lines if line.lower().startswith("message-id:")), "")


def _status(message: Message) -> tuple[ReceiptState, str, str]:
    for fields in _reports(message):
        action = str(fields.get("action") or "").strip().lower()
        recipient = str(fields.get("final-recipient") or fields.get("original-recipient") or "").partition(";")[2].strip()
        code = str(fields.get("status") or "").strip()
        if action == "failed":
            # 5.x.x is for good; a full mailbox (4.2.2, 5.2.2) and the like may pass.
            is_hard = code.startswith("5.") and not code.startswith("5.2.2")
            return ReceiptState.FAILED, BOUNCED if is_hard else f"smtp:{code[:20]}", recipient
        if action in {"delivered", "relayed", "expanded"}:
            return ReceiptState.DELIVERED, "", recipient
        if action == "delayed":
            return ReceiptState.SENT, DELAYED, recipient
    return ReceiptState.SENT, DELAYED, ""


def _reports(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            inner = part.get_payload()
            yield from (one for one in inner if isinstance(one, Message)) if isinstance(inner, list) else ()


def _plain(message: Message) -> str:
    body = message.get_body(preferencelist=("plain",)) if isinstance(message, EmailMessage) else None
    if body is None:
        return ""
    try:
        return str(body.get_content())[:_TEXT_MAX]
    except (LookupError, ValueError):
        return ""
