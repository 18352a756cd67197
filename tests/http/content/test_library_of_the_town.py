"""What the demo brand says is what the API takes, all of it can be sent, and a second call makes nothing."""

from typing import Any

from tests.support.console import Console, somebody
from tests.support.content import member
from wecom_simulator.town import library
from wellspring.content import api as content
from wellspring.content.contracts import MaterialKind, Permission, State, Wish
from wellspring.engagement.contracts import Permission as Touching
from wellspring.organization.contracts import Permission as Places


class Calling:
    """The town's connection, straight into the application."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._console.client.request(method, path, json=body)
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()


def test_everything_can_be_sent_to_somebody_of_whom_nothing_is_known(console: Console) -> None:
    console.by = somebody(*Permission, *Places, *Touching)
    assert library.define(Calling(console)) == 19
    assert library.define(Calling(console)) == 0
    stranger = member(console.ws, "u1")
    for material in content.listing(console.ws, wish=Wish(), limit=200).rows:
        assert material.state is State.APPROVED
        if material.kind is MaterialKind.POSTER:
            continue
        found = content.render(console.ws, content_id=material.id, member_nos=[stranger], context={})[0]
        assert found.body is not None, f"{material.name}: {found.problem}"
        assert "{{" not in found.body.text
