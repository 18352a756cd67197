"""Taking in events: the rules T01 to T10 of SEMANTICS.md, each in a test that names it."""

import datetime as dt
import gzip

import orjson
import pytest

from tests.support.activity import NOON, events_of, identify, ingest, number_of, settle, track
from tests.support.workspaces import Workspace
from wellspring.activity import api, errors
from wellspring.activity.service import arrival
from wellspring.activity.service import ingest as writing
from wellspring.activity.service.lookback import Lookback
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock, iso


def _send(ws: Workspace, body: object, **fields: str) -> tuple[dict[str, int], list[str]]:
    encoded = orjson.dumps(body)
    pending, refused = api.receive_batch(ws, encoded, encoding="", source=fields.get("source", "web"))
    result = pending.result(30)
    return {"accepted": result.accepted, "repeated": result.repeated, "rejected": result.rejected}, [refusal.code for _, refusal in refused]


class TestRepetition:
    def test_t01_a_retry_with_the_same_message_id_counts_once(self, workspace: Workspace) -> None:
        message = track(messageId="m1")
        assert ingest(workspace, message).accepted == 1
        again = ingest(workspace, message, message)
        assert (again.accepted, again.repeated) == (0, 2)
        assert len(events_of(workspace)) == 1

    def test_t01_within_one_batch_too(self, workspace: Workspace) -> None:
        result = ingest(workspace, track(messageId="m1"), track(messageId="m1"))
        assert (result.accepted, result.repeated) == (1, 1)

    def test_t01_after_a_restart(self, workspace: Workspace, clock: VirtualClock) -> None:
        ingest(workspace, track(messageId="m1"))
        clock.move_to(NOON + dt.timedelta(hours=23))
        writing._writers.pop(workspace)
        assert ingest(workspace, track(messageId="m1")).repeated == 1

    def test_t01_the_look_back_covers_a_day_and_is_bounded(self, workspace: Workspace, clock: VirtualClock) -> None:
        lookback = Lookback(workspace)
        lookback.repeated([1])
        lookback.remember([1])
        for hour in range(1, 60):
            clock.move_to(NOON + dt.timedelta(hours=hour))
            known = lookback.repeated([1])
            if hour <= 24:
                assert known == {1}
        assert known == set()
        assert len(lookback._generations) <= 11

    def test_t01_a_large_generation_is_sorted_and_still_known(self, workspace: Workspace) -> None:
        lookback = Lookback(workspace)
        numbers = [(value * 0x9E3779B97F4A7C15) % 2**64 for value in range(250_000)]
        for start in range(0, len(numbers), 50_000):
            lookback.repeated(numbers[:1])
            lookback.remember(numbers[start : start + 50_000])
        assert lookback.repeated(numbers[::1000]) == set(numbers[::1000])
        assert lookback.repeated([1, 2, 3]) == set()

    def test_t02_a_missing_message_id_is_assigned_and_content_alone_counts_twice(self, workspace: Workspace) -> None:
        assert ingest(workspace, track(), track()).accepted == 2
        ids = {event.message_id for event in events_of(workspace)}
        assert len(ids) == 2
        assert all(one.startswith("msg_") for one in ids)


class TestTime:
    def test_t03_a_skewed_clock_is_corrected(self, workspace: Workspace) -> None:
        skewed = NOON + dt.timedelta(days=3)
        _send(workspace, {"batch": [track(originalTimestamp=iso(skewed - dt.timedelta(minutes=10)))], "sentAt": iso(skewed)})
        assert events_of(workspace)[0].at == NOON - dt.timedelta(minutes=10)

    def test_t03_an_offline_queue_lands_at_its_own_time(self, workspace: Workspace) -> None:
        _send(workspace, {"batch": [track(timestamp=iso(NOON - dt.timedelta(hours=5)))], "sentAt": iso(NOON)})
        event = events_of(workspace)[0]
        assert event.at == NOON - dt.timedelta(hours=5)
        assert not event.is_late

    def test_t04_an_event_from_the_future_is_kept_and_flagged(self, workspace: Workspace) -> None:
        ingest(workspace, track(timestamp=iso(NOON + dt.timedelta(days=365))), track(timestamp=iso(NOON + dt.timedelta(minutes=4))))
        near, far = events_of(workspace)
        assert far.is_future
        assert far.at == NOON + dt.timedelta(days=365)
        assert not near.is_future
        assert near.at == NOON

    def test_t05_a_late_event_is_flagged_and_keeps_its_time(self, workspace: Workspace) -> None:
        ingest(workspace, track(timestamp=iso(NOON - dt.timedelta(days=3))))
        event = events_of(workspace)[0]
        assert event.is_late
        assert event.at == NOON - dt.timedelta(days=3)
        assert event.received_at == NOON

    @pytest.mark.parametrize(
        "fields",
        [{"context": {"historical": True}}, {"integrations": {"Wellspring": {"historical": True}}}],
        ids=["context", "integrations"],
    )
    def test_t06_a_message_may_say_that_it_is_history(self, workspace: Workspace, fields: dict[str, object]) -> None:
        ingest(workspace, track(**fields))
        assert events_of(workspace)[0].is_historical

    def test_t06_an_import_is_history(self, workspace: Workspace) -> None:
        ingest(workspace, track(), historical=True)
        assert events_of(workspace)[0].is_historical


class TestBatch:
    def test_t07_one_bad_message_rejects_itself_alone(self, workspace: Workspace) -> None:
        bad = [
            {"type": "track", "userId": "u1"},
            "text",
            {"type": "nothing", "userId": "u1"},
            track(properties=[]),
            track(timestamp="yesterday"),
        ]
        counts, codes = _send(workspace, {"batch": [track(), *bad, track()]})
        assert counts == {"accepted": 2, "repeated": 0, "rejected": 5}
        assert codes == ["no_event", "not_an_object", "unknown_type", "bad_fields", "bad_time"]
        assert {row.code for row in api.rejected(workspace).rows} == set(codes)

    def test_t07_limits(self, workspace: Workspace) -> None:
        with pytest.raises(errors.BodyTooLarge) as refused:
            api.receive_batch(workspace, b"{" + b" " * 500 * 1024 + b"}", encoding="", source="web")
        assert refused.value.status == 400
        with pytest.raises(errors.BodyTooLarge):
            _send(workspace, {"batch": [{}] * 2501})
        counts, codes = _send(workspace, {"batch": [track(properties={"text": "x" * 33_000}), track()]})
        assert (counts["accepted"], codes) == (1, ["message_too_large"])
        with pytest.raises(errors.BodyTooLarge):
            api.receive_message(workspace, orjson.dumps(track(properties={"text": "x" * 33_000})), encoding="", source="web", type_="track")

    def test_t07_a_compressed_bomb_stays_small(self, workspace: Workspace) -> None:
        with pytest.raises(errors.BodyTooLarge):
            api.receive_batch(workspace, gzip.compress(b" " * 50_000_000), encoding="gzip", source="web")
        with pytest.raises(errors.BodyUnreadable):
            api.receive_batch(workspace, b"no gzip", encoding="gzip", source="web")
        with pytest.raises(errors.EncodingUnknown):
            api.receive_batch(workspace, b"", encoding="br", source="web")

    def test_t07_the_context_of_a_message_overrides_that_of_the_batch(self, workspace: Workspace) -> None:
        _send(workspace, {"context": {"historical": True, "locale": "zh"}, "batch": [track(), track(context={"historical": False})]})
        assert [event.is_historical for event in events_of(workspace)] == [True, True]
        _send(
            workspace,
            {
                "context": {"device": {"id": "d1"}},
                "batch": [track("A", userId="x"), track("B", userId="y", context={"device": {"id": "d2"}})],
            },
        )
        assert number_of(workspace, "device", "d2") == number_of(workspace, "user_id", "y")

    def test_t07_a_message_that_the_log_refuses_is_rejected_alone(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        insert = writing.log.append

        def refusing(ws: Workspace, blocks: list[bytes]) -> None:
            if any(b"poison" in block for block in blocks):
                raise RuntimeError("cannot parse")
            insert(ws, blocks)

        monkeypatch.setattr(writing.log, "append", refusing)
        messages = [track(messageId=f"m{place}") for place in range(7)]
        result = ingest(workspace, *messages[:3], track("poison", messageId="bad"), *messages[3:])
        assert (result.accepted, result.rejected) == (7, 1)
        assert [row.code for row in api.rejected(workspace).rows] == ["log_refused"]
        assert len(events_of(workspace)) == 7


class TestIdentity:
    @pytest.mark.parametrize(
        "nobody", [None, "", "null", "0000", "anonymous", "-1", "undefined", "NaN", "00000000-0000-0000-0000-000000000000", True, {}]
    )
    def test_t08_nobody_is_rejected_with_a_reason(self, workspace: Workspace, nobody: object) -> None:
        result = ingest(workspace, track(userId=nobody, anonymousId=nobody))
        assert result.rejected == 1
        row = api.rejected(workspace).rows[0]
        assert row.code == "no_identity"
        assert row.zh
        assert row.en

    def test_t08_a_bad_user_id_leaves_the_anonymous_one(self, workspace: Workspace) -> None:
        assert ingest(workspace, track(userId="null", anonymousId="a1")).accepted == 1

    def test_t09_identify_then_track_in_one_batch_is_one_person(self, workspace: Workspace) -> None:
        ingest(
            workspace, track("A", anonymousId="a1"), identify("u1", anonymousId="a1"), track("B", anonymousId="a1"), track("C", userId="u1")
        )
        assert [event.kind for event in events_of(workspace)] == ["A", "Identify", "B", "C"]

    def test_t09_separate_requests_converge_in_any_order(self, workspace: Workspace) -> None:
        ingest(workspace, track("B", anonymousId="a1"))
        ingest(workspace, track("C", userId="u1"))
        ingest(workspace, identify("u1", anonymousId="a1"))
        assert {event.kind for event in events_of(workspace)} == {"B", "C", "Identify"}

    def test_t10_a_type_that_drifts_stalls_nothing_and_is_shown(self, workspace: Workspace) -> None:
        ingest(workspace, track(properties={"price": 12}), track(properties={"price": "12"}), track(properties={"price": None}))
        (price,) = (entry for entry in api.event_properties(workspace, kind="Product Viewed") if entry.name == "price")
        assert price.types == {"number": 1, "text": 1, "null": 1}
        assert price.drift
        assert [kind.drift for kind in api.event_kinds(workspace)] == [True]
        assert [event.props.get("price") for event in events_of(workspace)] == [12, "12", None]


class TestKinds:
    def test_every_type_has_its_kind(self, workspace: Workspace) -> None:
        messages = [
            {"type": "page", "userId": "u1", "name": "首页", "properties": {"url": "/"}},
            {"type": "screen", "userId": "u1", "name": "Home"},
            {"type": "group", "userId": "u1", "groupId": "g1", "traits": {"plan": "gold"}},
            {"type": "alias", "userId": "u1", "previousId": "old"},
            identify("u1", {"city": "上海"}),
        ]
        assert ingest(workspace, *messages).accepted == 5
        found = {event.kind: (event.type, event.props) for event in events_of(workspace)}
        assert found["Page Viewed"] == ("page", {"url": "/", "name": "首页"})
        assert found["Screen Viewed"][0] == "screen"
        assert found["Group"] == ("group", {"plan": "gold", "group_id": "g1"})
        assert found["Alias"][0] == "alias"
        assert found["Identify"] == ("identify", {"city": "上海"})

    def test_an_alias_joins_two_profiles(self, workspace: Workspace) -> None:
        ingest(workspace, track("A", anonymousId="old"), track("B", userId="u1"))
        ingest(workspace, {"type": "alias", "userId": "u1", "previousId": "old"})
        assert number_of(workspace, "anonymous_id", "old") == number_of(workspace, "user_id", "u1")
        assert {"A", "B", "Alias"} == {event.kind for event in events_of(workspace)}

    def test_odd_property_names_do_not_stop_anyone(self, workspace: Workspace) -> None:
        odd = [
            {"a.b": 1, "a": {"b": 2}},
            {"": 1},
            {"a`b": 1, 'q"r': 2},
            {"x": 2**64 - 1, "y": -(2**63), "z": 1.5e300},
            {"l": [1, "a", {"k": None}, [2]]},
        ]
        assert ingest(workspace, *(track(properties=one) for one in odd)).accepted == len(odd)

    def test_text_that_looks_like_a_date_stays_text(self, workspace: Workspace) -> None:
        ingest(workspace, track(properties={"on": "2026-01-01"}))
        assert events_of(workspace)[0].props == {"on": "2026-01-01"}


class TestPersonalValues:
    def test_i31_nothing_personal_reaches_the_log(self, workspace: Workspace) -> None:
        traits = {
            "phone": "13912345678",
            "email": "canary@example.com",
            "name": "金丝雀",
            "city": "上海",
            "contact": {"mobile": "13912345678"},
        }
        properties = {
            "note": "13912345678",
            "mail_to": "canary@example.com",
            "deep": [{"email": "canary@example.com", "x": ["13912345678"]}],
            "order_no": "13912345678",
        }
        context = {"traits": traits, "ip": "203.0.113.7", "page": {"url": "/x"}}
        ingest(workspace, identify("u1", traits, context=context), track(properties=properties, context=context))
        dump = b"".join(workspace.log.query(f"SELECT * FROM {table}") for table in ("activity_event", "activity_timeline_row")).decode()
        for canary in ("canary@example.com", "金丝雀", "203.0.113.7"):
            assert canary not in dump
        assert dump.count("13912345678") == 2  # the order number, in the log and in the timeline
        samples = orjson.dumps([entry.sample_values for entry in api.event_properties(workspace, kind="Product Viewed")]).decode()
        assert "canary@example.com" not in samples

    def test_rejected_input_is_sealed(self, workspace: Workspace) -> None:
        ingest(workspace, {"type": "track", "userId": "u1", "properties": {"email": "canary@example.com"}})
        with workspace.sql.read() as tx:
            stored = tx.exec_driver_sql("SELECT content, zh, en FROM activity_rejected").one()
        assert b"canary" not in stored.content
        assert "canary" not in stored.en


class TestRejected:
    def test_the_same_reject_again_only_counts_up(self, workspace: Workspace) -> None:
        for _ in range(3):
            ingest(workspace, track(userId=""))
        assert [row.times for row in api.rejected(workspace).rows] == [3]

    def test_replay_keeps_the_message_id_and_the_times(self, workspace: Workspace, clock: VirtualClock) -> None:
        message = {"type": "track", "userId": "u1", "messageId": "m1", "timestamp": iso(NOON - dt.timedelta(hours=1))}
        ingest(workspace, message)
        row = api.rejected(workspace).rows[0]
        clock.move_to(NOON + dt.timedelta(days=2))
        assert api.replay(workspace, rejected_id=row.id, by=SYSTEM).rejected == 1
        mended = {"type": "track", "userId": "u1", "event": "Mended"}
        assert api.replay(workspace, rejected_id=row.id, by=SYSTEM, message=mended).accepted == 1
        event = events_of(workspace)[0]
        assert (event.message_id, event.at, event.received_at) == ("m1", NOON - dt.timedelta(hours=1), NOON)
        assert api.rejected(workspace, state="open").rows == []
        assert api.rejected(workspace).rows[0].state == "replayed"

    def test_reading_the_content_is_audited(self, workspace: Workspace) -> None:
        ingest(workspace, track(userId=""))
        row, content = api.rejected_content(workspace, rejected_id=api.rejected(workspace).rows[0].id, by=SYSTEM)
        assert content == track(userId="")
        with workspace.sql.read() as tx:
            assert tx.exec_driver_sql("SELECT subject FROM kernel_audit WHERE action = 'activity.rejected_read'").scalar_one() == row.id

    def test_many_are_replayed_by_code(self, workspace: Workspace) -> None:
        ingest(workspace, track(userId=""), track(event=""))
        result = api.replay_many(workspace, by=SYSTEM, code="no_event")
        assert (result.accepted, result.rejected) == (0, 1)

    def test_an_unknown_one(self, workspace: Workspace) -> None:
        with pytest.raises(errors.RejectedUnknown):
            api.replay(workspace, rejected_id="rej_no", by=SYSTEM)


class TestTimeline:
    def test_pages_neither_repeat_nor_lose(self, workspace: Workspace) -> None:
        ingest(workspace, *(track(f"E{place}", timestamp=iso(NOON - dt.timedelta(minutes=place // 3))) for place in range(25)))
        number, seen, cursor = number_of(workspace, "user_id", "u1"), [], None
        while True:
            page = api.timeline(workspace, member_no=number, cursor=cursor, limit=4)
            seen += [event.kind for event in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert sorted(seen) == sorted(f"E{place}" for place in range(25))

    def test_one_kind_only(self, workspace: Workspace) -> None:
        ingest(workspace, track("A"), track("B"), track("A"))
        page = api.timeline(workspace, member_no=number_of(workspace, "user_id", "u1"), kind="A")
        assert [event.kind for event in page.rows] == ["A", "A"]

    def test_what_arrived_last(self, workspace: Workspace) -> None:
        ingest(workspace, *(track(f"E{place}") for place in range(5)))
        assert [event.kind for event in api.recent_events(workspace, by=SYSTEM, limit=3)] == ["E4", "E3", "E2"]


class TestArrival:
    def test_the_watermark_follows_what_is_flushed(self, workspace: Workspace) -> None:
        assert api.watermark(workspace) == 0
        ingest(workspace, track(), track())
        assert api.watermark(workspace) == 2
        ingest(workspace, track())
        assert api.watermark(workspace) == 3

    def test_an_open_block_holds_the_watermark_back(self, workspace: Workspace) -> None:
        with arrival.taken(workspace, 10) as block:
            held = api.watermark(workspace)
            assert held < block.first
        ingest(workspace, track())
        assert api.watermark(workspace) >= block.last

    def test_a_dead_writers_block_is_closed_at_start(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        with workspace.sql.write() as tx:
            block = arrival.take(workspace, tx, 10)
        assert api.watermark(workspace) < block.first
        arrival._arrivals.pop(workspace)
        if not workspace.sql.is_sqlite:
            # There another process may still be at work: only a long silence says that it is not.
            assert api.watermark(workspace) < block.first
            arrival._arrivals.pop(workspace)
            later = arrival._wall() + arrival._DEAD_SECONDS + 1
            monkeypatch.setattr(arrival, "_wall", lambda: later)
        assert api.watermark(workspace) == block.last

    def test_everything_holds(self, workspace: Workspace) -> None:
        ingest(workspace, track(), identify(), track(anonymousId="a2"))
        settle(workspace)
        assert [row for row in api.check(workspace) if not row[1]] == []
