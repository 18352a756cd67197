"""Messages, times and personal values: pure rules, whatever senders send."""

import datetime as dt
import hashlib
import re
import struct

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.activity.contracts import Flag
from wellspring.activity.rules import messages, personal, shapes, times
from wellspring.activity.rules.rowbinary import text_bytes, texts_bytes
from wellspring.kernel.clock import from_millis, iso, to_millis
from wellspring.people.contracts import IdentityKind

RECEIVED = 1_773_806_400_000
PERSONAL = frozenset({"phone", "email"})
INTAKE = messages.Intake(
    RECEIVED, None, "web", "", texts_bytes("web", ""), False, {}, PERSONAL, 300_000, 86_400_000, shapes.Shapes(PERSONAL), {}
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
names = st.sampled_from(
    [
        "type",
        "event",
        "userId",
        "anonymousId",
        "messageId",
        "timestamp",
        "sentAt",
        "properties",
        "traits",
        "context",
        "groupId",
        "previousId",
    ]
)


def _judged(raw: object, **intake: object) -> messages.Prepared | messages.Refusal:
    return messages.prepared(raw, INTAKE._replace(memo={}, **intake), type_=None, fresh_id=lambda: "msg_fresh")


class TestPrepared:
    @given(
        json_values
        | st.dictionaries(names, json_values | st.sampled_from(["track", "identify", "page", "group", "alias", "u1"]), max_size=8)
    )
    def test_whatever_is_sent_is_taken_or_refused_with_a_reason(self, raw: object) -> None:
        judged = _judged(raw)
        if isinstance(judged, messages.Refusal):
            assert judged.zh
            assert judged.en
        else:
            assert judged.identities
            assert times.MILLIS_MIN <= judged.at < times.MILLIS_MAX

    @given(st.text(min_size=1, max_size=200).filter(str.strip), st.dictionaries(st.text(max_size=10), json_values, max_size=5))
    def test_the_row_holds_what_was_sent(self, event: str, properties: dict[str, object]) -> None:
        judged = _judged({"type": "track", "event": event, "userId": "u1", "messageId": "m1", "properties": properties})
        assert isinstance(judged, messages.Prepared)
        kind, rest = _text(judged.tail)
        assert kind == judged.shape.kind.encode()
        type_, rest = _text(rest)
        assert type_ == b"track"
        assert struct.unpack("<qq", rest[:16]) == (RECEIVED, RECEIVED)
        message_id, rest = _text(rest[16:])
        _source, rest = _text(rest)
        _import_id, rest = _text(rest)
        stored, rest = _text(rest[1:])
        context, rest = _text(rest)
        assert (message_id, context, rest) == (b"m1", b"{}", b"")
        assert orjson.loads(stored) == judged.properties

    @given(st.integers(0, 5_000))
    def test_a_text_of_any_length_is_read_back(self, length: int) -> None:
        assert _text(text_bytes(b"x" * length)) == (b"x" * length, b"")

    def test_identities_in_order_of_strength(self) -> None:
        listed = [
            {"type": "openid", "id": "o1", "collection": "wx1"},
            {"type": "nonsense", "id": "x"},
            {"type": "phone", "id": "0000"},
            "text",
        ]
        raw = {"userId": 42, "anonymousId": "a1"}
        found = messages.identities_of(raw, {"externalIds": listed, "device": {"id": "d1"}})
        assert [one.kind for one in found] == [IdentityKind.USER_ID, IdentityKind.OPENID, IdentityKind.DEVICE, IdentityKind.ANONYMOUS_ID]
        assert found[0].value == "42"

    def test_a_digest_is_what_the_engine_computes(self) -> None:
        assert messages.digest_of(b"m1") == int.from_bytes(hashlib.md5(b"m1").digest()[:8], "little")


class TestTimes:
    @given(st.integers(0, times.MILLIS_MAX - 1).map(from_millis))
    def test_iso_text_is_read_back(self, instant: dt.datetime) -> None:
        assert times.parse_millis(iso(instant)) == to_millis(instant)

    @pytest.mark.parametrize(
        ("text", "millis"),
        [
            ("2026-03-18T04:00:00Z", RECEIVED),
            ("2026-03-18T12:00:00+08:00", RECEIVED),
            ("2026-03-18T12:00:00.1234567+0800", RECEIVED + 123),
            ("2026-03-18 04:00:00", RECEIVED),
            ("2026-03-18", RECEIVED - 4 * 3_600_000),
            (1_773_806_400, RECEIVED),
            (1_773_806_400_000, RECEIVED),
            (1_773_806_400.5, RECEIVED + 500),
        ],
    )
    def test_forms(self, text: object, millis: int) -> None:
        assert times.parse_millis(text) == millis

    @given(json_values)
    def test_anything_else_is_none_or_in_range(self, value: object) -> None:
        read = times.parse_millis(value)
        assert read is None or times.MILLIS_MIN <= read < times.MILLIS_MAX

    @pytest.mark.parametrize(
        "text", ["yesterday", "2026-13-01", "2026-02-30T00:00:00Z", "", True, None, -5, 1e300, float("inf"), "99999-01-01"]
    )
    def test_none(self, text: object) -> None:
        assert times.parse_millis(text) is None

    @given(st.integers(-(10**9), 10**9), st.integers(0, 10**9))
    def test_t03_the_skew_cancels_out(self, skew: int, age: int) -> None:
        sent = RECEIVED + skew
        assert times.corrected(received=RECEIVED, sent=sent, original=sent - age, timestamp=None) == RECEIVED - age

    @given(st.integers(-(10**10), 10**10), st.booleans())
    def test_flags_exclude_each_other(self, offset: int, historical: bool) -> None:
        flags = times.flags_of(at=RECEIVED + offset, received=RECEIVED, is_historical=historical, tolerance=300_000, late_after=86_400_000)
        assert not (flags & Flag.LATE and flags & Flag.FUTURE)
        assert bool(flags & Flag.HISTORICAL) is historical
        assert bool(flags & Flag.FUTURE) is (offset > 300_000)


class TestPersonal:
    keys = frozenset({"phone", "email", "手机"})

    @given(json_values)
    def test_no_personal_key_and_no_address_survives_at_any_depth(self, value: object) -> None:
        planted = {
            "a": [
                value,
                {"phone": "13800138000", "x": {"email": "canary@example.com", "手机": "13800138000"}, "E-Mail": "canary@x", "Phone": 1},
            ],
            "note": "canary@example.com",
            "tel2": "138-0013-8000",
        }
        text = orjson.dumps(personal.cleaned(planted, self.keys)).decode()
        assert "canary@" not in text
        assert not re.search(r"138-?0013-?8000", text)

    @given(
        st.dictionaries(
            st.text(max_size=8).filter(lambda key: personal.folded(key) not in {"phone", "email"}),
            st.integers() | st.booleans() | st.text(max_size=5),
            max_size=6,
        )
    )
    def test_everything_else_is_kept(self, fields: dict[str, object]) -> None:
        assert personal.cleaned(fields, self.keys) == fields

    def test_numbers_of_orders_are_no_phones(self) -> None:
        fields = {"order_no": "13800138000", "skuId": "13800138000", "receiver": "13800138000", "price": "100@2"}
        assert personal.cleaned(fields, self.keys) == {**fields, "receiver": "138****8000"}

    def test_depth_is_limited(self) -> None:
        nested: dict[str, object] = {}
        for _ in range(200):
            nested = {"a": nested, "b": [nested]} if len(orjson.dumps(nested)) < 10_000 else {"a": nested}
        personal.cleaned(nested, self.keys)


class TestShapes:
    def test_nested_names(self) -> None:
        found = {
            name: type_
            for name, type_, _ in shapes.flat_types({"a": {"b": 1}, "lines": [{"sku": "x"}], "t": True, "n": None, "f": 1.5, "s": ""})
        }
        assert found == {
            "a": "object", "a.b": "number", "lines": "list", "lines[].sku": "text", "t": "boolean", "n": "null", "f": "number", "s": "text",
        }  # fmt: skip

    @given(json_values)
    def test_samples_are_small_and_plain(self, value: object) -> None:
        sample = shapes.sample_of(value)
        assert sample is None or len(str(sample)) <= 330


def _text(raw: bytes) -> tuple[bytes, bytes]:
    length = shift = place = 0
    while True:
        byte = raw[place]
        length |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return raw[place : place + length], raw[place + length :]


def test_from_millis_is_the_inverse() -> None:
    assert to_millis(from_millis(RECEIVED)) == RECEIVED
