"""Tokens, the order of checks, and the envelope of answers."""

from tests.support.simulator import Simulator


def test_a_token_is_the_same_until_it_expires(simulator: Simulator) -> None:
    first = simulator.fresh_token()
    simulator.advance(7_199)
    assert simulator.fresh_token() == first
    simulator.advance(1)
    assert simulator.get("getcallbackip")["errcode"] == 42001
    assert simulator.fresh_token() != first
    assert simulator.get("getcallbackip")["ip_list"]


def test_a_token_is_checked_first_and_defaults_stay(simulator: Simulator) -> None:
    answer = simulator.http.get("/cgi-bin/getcallbackip").json()
    assert (answer["errcode"], answer["ip_list"]) == (41001, [])
    assert "hint: [" in answer["errmsg"]
    assert simulator.http.get("/cgi-bin/getcallbackip?access_token=x").json()["errcode"] == 40014
    assert simulator.http.get("/cgi-bin/nothing").status_code == 404
