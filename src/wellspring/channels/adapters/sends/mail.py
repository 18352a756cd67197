"""E-mail over SMTP: one person per message, with one-click List-Unsubscribe (RFC 8058) on everything that is marketing.

The server's answer to the last dot decides: before it nothing was sent, without it the outcome is unknown.
"""

import email.policy
import re
import smtplib
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from wellspring.channels.adapters.sends import smtp
from wellspring.channels.adapters.sends.desk import Desk, Mute
from wellspring.channels.contracts import Account
from wellspring.channels.contracts.sends import Outcome, OutcomeState, Parcel, Recipient
from wellspring.channels.rules.mails import BOUNCED
from wellspring.kernel import failpoints
from wellspring.kernel.workspace import Workspace

GONE = "channels.address_gone"
_LATER_SECONDS = 300
_TEMPORARY, _PERMANENT = 400, 500
# No such mailbox, and moved for good (RFC 3463): the address is dead, not only this message.
_DEAD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
_ENHANCED = re.compile(r"^(\d\.\d{1,3}\.\d{1,3})")
_NAMING = re.compile(r"[A-Za-z0-9_-]{1,60}")


class Mail(Mute):
    """One parcel is one message to one person."""

    def deliver(self, desk: Desk, parcel: Parcel) -> Outcome:
        """Opens the address for this call alone, and gives the message to the account's server."""
        to = parcel.recipients[0]
        plain = desk.opened([to.address]).get(to.address)
        if plain is None:
            return Outcome(OutcomeState.REFUSED, problem=GONE)
        message = _message(desk, parcel, to, plain)
        options = desk.account.options
        sender = _returned_to(options, parcel.key)
        try:
            with smtp.lent(desk.ws, desk.account) as server:
                return _sent(server, message, sender, plain, parcel.key)
        except smtplib.SMTPAuthenticationError as refused:
            return Outcome(OutcomeState.REFUSED, problem=f"smtp:{refused.smtp_code}")
        except smtplib.SMTPResponseException as refused:
            return _refused(refused.smtp_code, refused.smtp_error)
        except (smtplib.SMTPException, OSError) as nowhere:
            # Whatever happens before the data is asked for has sent nothing.
            return Outcome(OutcomeState.LATER, retry_seconds=_LATER_SECONDS, problem=type(nowhere).__name__)


def trouble(ws: Workspace, account: Account) -> str:
    """What is wrong with an account's server: connects, encrypts and signs in as for a message, and sends none; empty for nothing."""
    try:
        smtp.ended(smtp.opened(ws, account))
    except smtplib.SMTPResponseException as refused:
        return f"smtp:{refused.smtp_code}"
    except (smtplib.SMTPException, OSError) as nowhere:
        return type(nowhere).__name__
    return ""


def _sent(server: smtplib.SMTP, message: EmailMessage, sender: str, to: str, key: str) -> Outcome:
    code, answer = server.mail(sender)
    if code < _TEMPORARY:
        code, answer = server.rcpt(to)
    if code < _TEMPORARY:
        code, answer = server.docmd("DATA")
    if code >= _TEMPORARY:
        return _refused(code, answer)
    raw = message.as_bytes(policy=email.policy.SMTP)
    quoted = re.sub(rb"(?m)^\.", b"..", raw)
    failpoints.hit("channels.mail.data")
    try:
        server.send(quoted + (b"" if quoted.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        code, answer = server.getreply()
    except (smtplib.SMTPException, OSError) as lost:
        server.close()
        return Outcome(OutcomeState.UNKNOWN, problem=type(lost).__name__)
    if code >= _TEMPORARY:
        return _refused(code, answer)
    return Outcome(OutcomeState.ACCEPTED, key)


def _refused(code: int, answer: bytes | str) -> Outcome:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    found = _ENHANCED.match(text)
    problem = BOUNCED if found and found.group(1) in _DEAD else f"smtp:{found.group(1) if found else code}"
    if code < _PERMANENT:
        return Outcome(OutcomeState.LATER, retry_seconds=_LATER_SECONDS, problem=problem)
    return Outcome(OutcomeState.REFUSED, problem=problem)


def _message(desk: Desk, parcel: Parcel, to: Recipient, plain: str) -> EmailMessage:
    options, body = desk.account.options, parcel.body
    sender = options.get("from_address") or desk.account.corp_id
    made = EmailMessage()
    made["From"] = formataddr((options.get("from_name", ""), sender))
    made["To"] = plain
    made["Subject"] = _one_line(body.subject or body.text[:60])
    made["Date"] = format_datetime(desk.ws.clock.now())
    made["Message-ID"] = f"<{parcel.key}@{sender.rpartition('@')[2]}>"
    if options.get("reply_to"):
        made["Reply-To"] = options["reply_to"]
    text, html = body.text, body.html
    if parcel.marketing:
        url = desk.unsubscribe_url(to.member_no, to.address)
        made["List-Unsubscribe"] = f"<{url}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        made["List-Id"] = f"<{desk.ws.slug}.{sender.rpartition('@')[2]}>"
        text = f"{text}\n\n退订 / Unsubscribe: {url}"
        html = f'{html}<p style="font-size:12px"><a href="{url}">退订 / Unsubscribe</a></p>' if html else ""
    links = [f"{one.title} {one.url}".strip() for one in body.attachments if one.url]
    made.set_content("\n".join([text, *links]) if links else text)
    if html:
        made.add_alternative(html, subtype="html")
    for one in body.attachments:
        if one.file_id:
            stored = desk.ws.files.get(one.file_id)
            main, _, sub = stored.media_type.partition(";")[0].partition("/")
            made.add_attachment(b"".join(desk.ws.files.read(one.file_id)), maintype=main, subtype=sub or "bin", filename=stored.name)
    return made


def _returned_to(options: Mapping[str, str], key: str) -> str:
    """Where a report of the message goes: an address that names it, so that any report says which message it speaks of."""
    address = options.get("bounce_address") or options.get("from_address", "")
    if not options.get("bounce_address") or not _NAMING.fullmatch(key):
        return address
    name, _, domain = address.rpartition("@")
    return f"{name}+{key}@{domain}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
