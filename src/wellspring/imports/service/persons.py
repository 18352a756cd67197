"""Members, consents and tags from a file: claims to people, statements to people and tags, one batch at a time."""

import datetime as dt
from typing import Any

from wellspring.imports.rules import values
from wellspring.imports.service import reject
from wellspring.imports.service.batch import Batch, Row
from wellspring.organization import api as organization
from wellspring.people import api as people
from wellspring.people.contracts import Claim, ConsentState, ConsentWord, Identity, IdentityKind
from wellspring.tags import api as tagging
from wellspring.tags.contracts import NAME_MAX, TagWord, named

_STATES = {
    **dict.fromkeys(("subscribed", "yes", "true", "1", "是", "已订阅", "同意", "y", "opt_in", "opted_in"), ConsentState.SUBSCRIBED),
    **dict.fromkeys(
        ("unsubscribed", "no", "false", "0", "否", "已退订", "退订", "拒绝", "n", "opt_out", "opted_out"), ConsentState.UNSUBSCRIBED
    ),
    **dict.fromkeys(("pending", "待确认"), ConsentState.PENDING),
    **dict.fromkeys(("never_asked", "未询问"), ConsentState.NEVER_ASKED),
    **dict.fromkeys(("unknown", "未知"), ConsentState.UNKNOWN),
}
# Which identifier of a row is the address that a channel's consent is about.
_ADDRESSES = {"sms": IdentityKind.PHONE, "phone": IdentityKind.PHONE, "email": IdentityKind.EMAIL, "wecom": IdentityKind.EXTERNAL_USERID}


def members(batch: Batch) -> None:
    """Takes a batch of members."""
    claims: list[tuple[Row, Claim]] = []
    codes = {text for row in batch.rows if (text := batch.text(row, "home_unit"))}
    units = organization.unit_ids_by_code(batch.ws, codes) if codes else {}
    for row in batch.rows:
        try:
            claims.append((row, _claim(batch, row, units)))
        except values.Unreadable as refused:
            batch.reject(row, str(refused))
    claims = _by_mode(batch, claims)
    if batch.is_dry:
        _foreseen(batch, claims)
        return
    _resolved(batch, claims)


def _foreseen(batch: Batch, claims: list[tuple[Row, Claim]]) -> list[Row]:
    """Counts whom the rows would make or find, one question for the batch; gives the rows that would be taken."""
    said = [identity for _, claim in claims for identity in claim.identities]
    known = {identity for identity, number in zip(said, people.find(batch.ws, said), strict=True) if number}
    taken = []
    for row, claim in claims:
        hashes = {hash(identity) for identity in claim.identities}
        is_known = not known.isdisjoint(claim.identities) or not batch.foreseen.isdisjoint(hashes)
        if not is_known and not claim.creates:
            batch.reject(row, "member_unknown")
            continue
        batch.tally["updated" if is_known else "created"] += 1
        batch.foreseen |= hashes
        taken.append(row)
    return taken


def _claim(batch: Batch, row: Row, units: dict[str, str]) -> Claim:
    identities = batch.identities(row)
    if not identities:
        raise values.Unreadable("identity_missing")
    attributes: dict[str, Any] = batch.opened(row, "attribute.")
    name = batch.text(row, "name")
    if name:
        attributes["name"] = name
    code = batch.text(row, "home_unit")
    if code and code not in units:
        raise values.Unreadable("unit_unknown")
    at = batch.instant(row, "at") or batch.ws.clock.now()
    return Claim(identities, at, batch.plan.source, attributes or None, units.get(code), None, batch.plan.update_mode != "update_only")


def _by_mode(batch: Batch, claims: list[tuple[Row, Claim]]) -> list[tuple[Row, Claim]]:
    if batch.plan.update_mode != "insert_only":
        return claims
    known = people.find(batch.ws, [claim.identities[0] for _, claim in claims])
    for (row, _), number in zip(claims, known, strict=True):
        if number:
            batch.reject(row, "member_exists")
    return [claim for claim, number in zip(claims, known, strict=True) if not number]


def _resolved(batch: Batch, claims: list[tuple[Row, Claim]]) -> list[tuple[Row, int]]:
    if not claims:
        return []
    answer = people.resolve(
        batch.ws, by=batch.by, claims=[claim for _, claim in claims], historical=batch.plan.historical, import_id=batch.plan.import_id
    )
    taken = []
    for place, (row, claim) in enumerate(claims):
        refusal = answer.refused.get(place)
        if refusal is None:
            taken.append((row, answer.owner_nos[place]))
        elif not claim.creates and "unknown" in refusal.code:
            batch.reject(row, "member_unknown")
        else:
            batch.reject(row, reject.code_of(refusal.code), refusal.zh, refusal.en)
    batch.tally["created"] += answer.created
    batch.tally["updated"] += len(taken) - answer.created
    batch.tally["merged"] += answer.merged
    return taken


def tags(batch: Batch) -> None:
    """Takes a batch of tags; the people named must have an identifier, and are made where they are unknown."""
    claims: list[tuple[Row, Claim]] = []
    for row in batch.rows:
        try:
            _tag_names(batch, row)
            claims.append((row, _bare_claim(batch, row)))
        except values.Unreadable as refused:
            batch.reject(row, str(refused))
    if batch.is_dry:
        batch.tally["tags"] += sum(len(_tag_names(batch, row)) for row in _foreseen(batch, claims))
        return
    words = []
    for row, number in _resolved(batch, claims):
        at = batch.instant(row, "at") or batch.ws.clock.now()
        group, reason = batch.text(row, "group"), batch.text(row, "reason")
        words += [TagWord(number, group, tag, at, reason=reason) for tag in _tag_names(batch, row)]
    batch.tally["tags"] += tagging.write(batch.ws, by=batch.by, words=words, source=batch.plan.source) if words else 0


def _tag_names(batch: Batch, row: Row) -> list[str]:
    source = batch.plan.mapping.fields["tag"]
    text = batch.text(row, "tag")
    parts = text.split(source.separator) if source.separator and source.part is None else [text]
    names = [part.strip() for part in parts if part.strip()]
    group = batch.text(row, "group")
    if not names:
        raise values.Unreadable("tag_missing")
    if any(named(name) is None for name in names) or (group and named(group) is None):
        raise values.Unreadable("tag_too_long" if any(len(name) > NAME_MAX for name in [*names, group]) else "value_refused")
    return names


def _bare_claim(batch: Batch, row: Row) -> Claim:
    identities = batch.identities(row)
    if not identities:
        raise values.Unreadable("identity_missing")
    at = batch.instant(row, "at") or batch.ws.clock.now()
    return Claim(identities, at, batch.plan.source, None, None, None, batch.plan.update_mode != "update_only")


def consents(batch: Batch) -> None:
    """Takes a batch of consents. Whether an old "yes" may stand against a "no" is decided by people (P03)."""
    made: list[tuple[Row, Claim, ConsentWord]] = []
    for row in batch.rows:
        try:
            made.append((row, _bare_claim(batch, row), _word(batch, row)))
        except values.Unreadable as refused:
            batch.reject(row, str(refused))
    if batch.is_dry or not made:
        batch.tally["consents"] += len(_foreseen(batch, [(row, claim) for row, claim, _ in made]))
        return
    words = {row.place: word for row, _, word in made}
    taken = {row.place for row, _ in _resolved(batch, [(row, claim) for row, claim, _ in made])}
    ready = [(row, claim.identities) for row, claim, _ in made if row.place in taken]
    statements = [(identities, words[row.place]) for row, identities in ready]
    refusals = people.put_consents(
        batch.ws, by=batch.by, words=statements, import_id=batch.plan.import_id, historical=batch.plan.historical
    )
    for (row, _), refusal in zip(ready, refusals, strict=True):
        if refusal is not None:
            batch.reject(row, reject.code_of(refusal.code), refusal.zh, refusal.en)
        else:
            batch.tally["consents"] += 1


def _word(batch: Batch, row: Row) -> ConsentWord:
    text = batch.text(row, "state").casefold()
    if not text:
        raise values.Unreadable("state_missing")
    if text not in _STATES:
        raise values.Unreadable("consent_state_unknown")
    at: dt.datetime = batch.instant(row, "at") or batch.ws.clock.now()
    channel = batch.text(row, "channel") or "sms"
    source = batch.text(row, "source") or batch.plan.source
    return ConsentWord(
        batch.text(row, "purpose") or "marketing",
        channel,
        _STATES[text],
        at,
        source,
        batch.text(row, "version"),
        _address(batch, row, channel),
    )


def _address(batch: Batch, row: Row, channel: str) -> Identity | None:
    wanted = _ADDRESSES.get(channel.casefold())
    return next((identity for identity in batch.identities(row) if identity.kind is wanted), None)
