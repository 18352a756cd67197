"""Webhook and ad audience: signed JSON to an address of the brand or of a vendor, repeated safely under our key.

An ad audience gets phone numbers only as hashes (SHA-256, or MD5 where the platform wants that), normal form first.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from wellspring.channels.adapters.sends import outward
from wellspring.channels.adapters.sends.desk import Desk, Handed, Mute
from wellspring.channels.contracts.sends import Outcome, OutcomeState, Parcel
from wellspring.channels.repo import secrets
from wellspring.channels.rules import signatures
from wellspring.content.contracts import Body
from wellspring.kernel.auth import SYSTEM
from wellspring.people import api as people

GONE = "channels.address_gone"
_MD5 = "md5"


class Webhook(Mute):
    """Posts `{key, channel, content, recipients}`; any 2xx is taken as done."""

    def deliver(self, desk: Desk, parcel: Parcel) -> Outcome:
        """Posts to the address that the account names."""
        known = people.members_of(desk.ws, by=SYSTEM, member_nos=[one.member_no for one in parcel.recipients])
        there = [known[one.member_no] for one in parcel.recipients if one.member_no in known]
        refused = tuple((one.member_no, GONE) for one in parcel.recipients if one.member_no not in known)
        if not there and not desk.is_trial:
            return Outcome(OutcomeState.REFUSED, problem=GONE)
        recipients = [{"member_no": one.member_no, "id": one.id, "user_id": one.user_id} for one in there]
        told = {"type": "message", "workspace": desk.ws.slug, "key": parcel.key, "marketing": parcel.marketing, "is_test": desk.is_trial}
        _post(desk, {**told, "content": _content(parcel.body), "recipients": recipients}, parcel.key)
        return Outcome(OutcomeState.ACCEPTED, parcel.key, refused)


class AdAudience(Mute):
    """Adds to, or removes from, an audience at an ad platform; doing so twice is doing it once."""

    def deliver(self, desk: Desk, parcel: Parcel) -> Outcome:
        """Adds the recipients; `template_id` of the body names the audience, else the account's own."""
        plain = desk.opened([one.address for one in parcel.recipients])
        refused = tuple((one.member_no, GONE) for one in parcel.recipients if one.address not in plain)
        if not plain:
            return Outcome(OutcomeState.REFUSED, problem=GONE)
        operation = dict(parcel.body.fields).get("operation", "add")
        _upload(desk, parcel.body.template_id, operation, sorted(plain.values()), parcel.key)
        return Outcome(OutcomeState.ACCEPTED, parcel.key, refused)

    def recall(self, desk: Desk, handed: Handed) -> None:
        """Has the platform drop what this parcel added."""
        options = desk.account.options
        body = {"audience_id": options.get("audience_id", ""), "operation": "undo", "key": handed.key}
        _post(desk, body, f"{handed.key}:undo")


def _upload(desk: Desk, audience_id: str, operation: str, phones: list[str], key: str) -> None:
    options = desk.account.options
    name = options.get("hash", "sha256")
    # Platforms of China hash the number without its country; others with it.
    bare = [phone.removeprefix("+86") if options.get("region", "CN") == "CN" else phone for phone in phones]
    body = {
        "audience_id": audience_id or options.get("audience_id", ""),
        "advertiser_id": desk.account.corp_id,
        "operation": operation,
        "identifier": "phone",
        "hash": name,
        "values": [_hashed(phone, name) for phone in bare],
        "key": key,
    }
    _post(desk, body, key)


def _hashed(phone: str, name: str) -> str:
    plain = phone.encode()
    return hashlib.md5(plain, usedforsecurity=False).hexdigest() if name == _MD5 else hashlib.sha256(plain).hexdigest()


def _post(desk: Desk, body: Mapping[str, Any], key: str) -> None:
    account, content = desk.account, orjson.dumps(body)
    secret = secrets.of(desk.ws, account.id).secret_or_raise(account.name)
    sent_at = int(desk.ws.clock.now().timestamp())
    headers = {
        "content-type": "application/json",
        "user-agent": "Wellspring",
        "idempotency-key": key,
        "wellspring-delivery": key,
        "wellspring-signature": signatures.own(secret, content, sent_at=sent_at),
    }
    outward.post(desk.ws, account, account.host, "", content=content, headers=headers)


def _content(body: Body) -> dict[str, Any]:
    attachments = [
        {"kind": str(one.kind), "title": one.title, "text": one.text, "url": one.url, "app_id": one.app_id, "path": one.path}
        for one in body.attachments
    ]
    told = {"text": body.text, "subject": body.subject, "html": body.html, "template_id": body.template_id}
    return {**told, "fields": dict(body.fields), "attachments": attachments}
