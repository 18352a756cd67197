"""One member's value of one trait, with its words."""

import datetime as dt

from wellspring.analytics.service.profile import Known
from wellspring.kernel.clock import iso
from wellspring.kernel.traits import Trait, TraitValue
from wellspring.kernel.web import Out


class ValueOut(Out):
    """A trait with the member's value; `words` say a value that is one of few choices."""

    name: str
    kind: str
    zh: str
    en: str
    value: str | float | bool | list[str] | None
    words_zh: str | None
    words_en: str | None


def value_out(known: Known) -> ValueOut:
    """The value as JSON has it: instants as text, numbers as numbers."""
    trait: Trait = known.trait
    return ValueOut(
        name=trait.name,
        kind=trait.kind,
        zh=trait.zh,
        en=trait.en,
        value=_plain(known.value),
        words_zh=None if known.choice is None else known.choice.zh,
        words_en=None if known.choice is None else known.choice.en,
    )


def _plain(value: TraitValue) -> str | float | bool | list[str] | None:
    return iso(value) if isinstance(value, dt.datetime) else value
