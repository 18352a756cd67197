"""Templates: each is a definition of the language, prints and parses back, and its parameters stand where they say."""

from typing import Any

import pytest

from wellspring.audiences.rules import read, text_read, text_write, write
from wellspring.audiences.rules.templates import TEMPLATES, Template


def at(definition: Any, pointer: str) -> Any:
    for part in pointer.strip("/").split("/"):
        definition = definition[int(part) if isinstance(definition, list) else part]
    return definition


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
class TestEvery:
    def test_is_a_definition_that_prints_and_parses(self, template: Template) -> None:
        node = read.read(template.definition)
        assert write.canonical(text_read.parse(text_write.print_text(node))) == write.canonical(node)

    def test_has_parameters_where_they_say(self, template: Template) -> None:
        kinds = {"duration": str, "number": int, "event": str, "channel": str, "store": str}
        for parameter in template.parameters:
            assert parameter.pointers
            assert all(isinstance(at(template.definition, pointer), kinds[parameter.kind]) for pointer in parameter.pointers)

    def test_has_words(self, template: Template) -> None:
        assert all((template.zh, template.en, template.help_zh, template.help_en))


def test_ids_are_their_own() -> None:
    assert len({template.id for template in TEMPLATES}) == len(TEMPLATES)
