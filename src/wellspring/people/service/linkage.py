"""Which members are likely one person: Splink's model of Fellegi and Sunter, trained on the members themselves.

The one module that knows Splink, an optional extra. It runs as a process of its own (`python -m`), fed with columns
over a pipe and answering numbers, so that plain values leave memory with it. DuckDB is kept from every file.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import duckdb
import orjson
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator

from wellspring.people.contracts import Agreement
from wellspring.people.rules.likeness import Field

_MEMORY = "2GB"
# Pairs to compare per member, all rules together: what would exceed it is left out (everybody lives in one city).
_PAIRS_PER_MEMBER = 100
_SAMPLED_PAIRS = 1_500_000
_TRAINING_PAIRS = 200_000
# Fewer pairs that certainly are one person cannot teach: the shipped probabilities stand then.
_LESSONS_MIN = 30
# Of the true pairs, about so many agree in one of the certain ways.
_CERTAIN_SHARE = 0.7
_LEAST, _MOST = 1e-7, 1 - 1e-7
_SEED = 7
_SPEAK_EVERY = 10.0


class Level(NamedTuple):
    """One degree of agreement: when it holds, and how often among pairs of one person (m) and of two (u)."""

    agreement: Agreement
    sql: str
    m: float
    u: float
    # The column whose frequent values count less: 王伟 says less than 欧阳娜娜.
    frequency: str = ""


def _same(column: str) -> str:
    return f'"{column}_l" = "{column}_r"'


def _alike(column: str, least: float) -> str:
    long = f'length("{column}_l") >= 3 AND length("{column}_r") >= 3'
    return f'({long} AND jaro_winkler_similarity("{column}_l", "{column}_r") >= {least})'


def _slips(column: str, most: int) -> str:
    return f'damerau_levenshtein("{column}_l", "{column}_r") <= {most}'


def _overlap(column: str, least: float) -> str:
    shorter = f'least(len("{column}_l"), len("{column}_r"))'
    return f'len(list_intersect("{column}_l", "{column}_r")) >= {least} * {shorter}'


def _absent(*columns: str) -> str:
    return " AND ".join(f'("{column}_l" IS NULL OR "{column}_r" IS NULL)' for column in columns)


_SAME, _CLOSE, _PART, _DIFFERS = Agreement.SAME, Agreement.CLOSE, Agreement.PART, Agreement.DIFFERS
# Of a Chinese given name of two characters one may be miswritten; sisters share one too, which training finds out.
_ONE_OF_TWO = 'length("given_l") = 2 AND length("given_r") = 2 AND levenshtein("given_l", "given_r") = 1'
LEVELS: dict[Field, tuple[Level, ...]] = {
    Field.FAMILY: (
        Level(_SAME, _same("family"), 0.85, 0.01, "family"),
        Level(_CLOSE, f'{_alike("family", 0.88)} OR "family_l" = "given_r"', 0.08, 0.005),
        Level(_DIFFERS, "ELSE", 0.07, 0.985),
    ),
    Field.GIVEN: (
        Level(_SAME, _same("given"), 0.75, 0.005, "given"),
        Level(_CLOSE, f'{_alike("given", 0.88)} OR "given_l" = "family_r"', 0.1, 0.005),
        Level(_PART, f"({_ONE_OF_TWO}) OR {_alike('given', 0.75)}", 0.05, 0.02),
        Level(_DIFFERS, "ELSE", 0.1, 0.97),
    ),
    # Members who shared a phone or a mailbox as an identifier are one already: among those left, mostly they differ.
    Field.PHONE: (
        Level(_SAME, _same("phone"), 0.05, 0.00001),
        Level(_CLOSE, _slips("phone", 1), 0.1, 0.00001),
        Level(_PART, _same("phone_tail"), 0.05, 0.0001),
        Level(_DIFFERS, "ELSE", 0.8, 0.99988),
    ),
    Field.EMAIL: (
        Level(_SAME, _same("email"), 0.05, 0.00001),
        Level(_CLOSE, f"{_same('mailbox')} OR {_alike('mailbox', 0.92)}", 0.35, 0.0005),
        Level(_DIFFERS, "ELSE", 0.6, 0.99949),
    ),
    Field.BIRTHDAY: (
        Level(_SAME, _same("birthday"), 0.87, 0.0001),
        Level(_CLOSE, _slips("birthday", 1), 0.07, 0.001),
        Level(_PART, _slips("birthday", 2), 0.02, 0.015),
        Level(_DIFFERS, "ELSE", 0.04, 0.9839),
    ),
    Field.ADDRESS: (
        Level(_SAME, _overlap("address", 0.9), 0.45, 0.0002),
        Level(_CLOSE, _overlap("address", 0.5), 0.25, 0.005),
        Level(_DIFFERS, "ELSE", 0.3, 0.9948),
    ),
    Field.PLACE: (
        Level(_SAME, _same("postcode"), 0.5, 0.002),
        Level(_CLOSE, f"{_slips('postcode', 1)} AND ({_same('city')} OR {_alike('city', 0.88)})", 0.1, 0.001),
        Level(_PART, _same("city"), 0.2, 0.045, "city"),
        Level(_PART, _alike("city", 0.88), 0.05, 0.005),
        Level(_DIFFERS, "ELSE", 0.15, 0.947),
    ),
}
_READ_BY: dict[Field, tuple[str, ...]] = {
    Field.EMAIL: ("email",),
    Field.PLACE: ("postcode", "city"),
}

# Pairs are looked for among members who share one of these; part of a column is SQL over it.
_YEAR, _DAY = 'substr("birthday", 1, 4)', 'substr("birthday", 5, 4)'
BLOCKS: tuple[tuple[str, ...], ...] = (
    ("phone",),
    ("mailbox",),
    ("family", "given"),
    ("birthday", "family"),
    ("birthday", "given"),
    ("birthday", "city"),
    ("birthday", "postcode"),
    ("phone_tail", "family"),
    ("phone_tail", "given"),
    ("phone_tail", "birthday"),
    ("postcode", "family"),
    ("postcode", "given"),
    ("given", "city"),
    ("given", _YEAR),
    ("family", _DAY),
    # From here on too many share it, unless members are few.
    ("birthday",),
    ("family", "city"),
    ("given",),
    ("postcode",),
    ("family",),
)
# Pairs that agree so are hardly ever two people; they tell how many there are to be found.
_CERTAIN: tuple[tuple[str, ...], ...] = (("family", "given", "birthday"), ("phone", "given"), ("email", "given"), ("birthday", "mailbox"))
# Training looks at pairs that share one thing and learns from how they differ in the others.
_LESSONS: tuple[tuple[str, ...], ...] = (("birthday",), ("family", "given"), ("mailbox",), ("postcode", "given"))


class Pair(NamedTuple):
    """Two numbers, how likely they are one person, and what each field says: how it agrees, and its weight in bits."""

    one: int
    other: int
    probability: float
    fields: list[tuple[str, str, float]]


class Linked(NamedTuple):
    """What a comparison found. `pairs` is strongest first."""

    pairs: list[Pair]
    compared: int
    trained: bool
    left_out: list[str]


def link(members: pa.Table, *, least: float, most: int, step: Callable[[str], None] = lambda _: None) -> Linked:
    """Trains on the members and gives the pairs that are at least so likely, at most so many."""
    store = _store()
    # A copy inside the store: a registered table would be read column by column again in every step.
    store.register("given_members", members)
    store.execute("CREATE TABLE member AS SELECT * FROM given_members")
    held = _held(store)
    fields = [field for field in LEVELS if held & set(_READ_BY.get(field, (field.value,)))]
    blocks, left_out = _usable_blocks(store, held, members.num_rows)
    if members.num_rows < 2 or not fields or not blocks:
        return Linked([], 0, trained=False, left_out=left_out)
    access = DuckDBAPI(connection=store)
    known = access.register("member")
    step("training")
    prior, certain = _prior(store, held, members.num_rows)
    model: SettingsCreator | dict[str, Any] = _model(fields, blocks, prior)
    trained = False
    if certain >= _LESSONS_MIN:
        teacher = Linker(known, model, log_level=None, validate_settings=False)
        teacher.training.estimate_u_using_random_sampling(max_pairs=_SAMPLED_PAIRS, seed=_SEED)
        for lesson in _LESSONS:
            if held >= set(lesson):
                step("training")
                rule = " AND ".join(f'l."{column}" = r."{column}"' for column in lesson)
                sampled = _TRAINING_PAIRS if _pairs_of(store, lesson) > _TRAINING_PAIRS else None
                teacher.training.estimate_parameters_using_expectation_maximisation(
                    rule, estimate_without_term_frequencies=True, max_pairs=sampled
                )
        model, trained = _sane(teacher.misc.save_model_to_json()), True
    step("comparing")
    judge = Linker(known, model, log_level=None, validate_settings=False)
    blocked = judge.inference.compute_blocked_pairs_for_predict()
    compared = int(store.sql(f"SELECT count(*) FROM {blocked.physical_name}").fetchall()[0][0])  # noqa: S608 - Splink's own name
    found = judge.inference.predict(threshold_match_probability=least)
    return Linked(list(_pairs(store, found.physical_name, fields, most)), compared, trained, left_out)


def _store() -> duckdb.DuckDBPyConnection:
    store = duckdb.connect(":memory:")
    for setting in (
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        f"memory_limit = '{_MEMORY}'",
        "threads = 2",
        # No spilling: what does not fit fails rather than being written down.
        "temp_directory = ''",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        store.execute(f"SET {setting}")
    return store


def _held(store: duckdb.DuckDBPyConnection) -> set[str]:
    names = [row[0] for row in store.sql("DESCRIBE member").fetchall() if row[0] not in ("number", "full")]
    counts = store.sql(f"SELECT {', '.join(f'count({name})' for name in names)} FROM member").fetchall()[0]  # noqa: S608 - our own columns
    return {name for name, count in zip(names, counts, strict=True) if count >= 2}


def _quoted(part: str, side: str = "") -> str:
    prefix = f"{side}." if side else ""
    return part.replace('"birthday"', f'{prefix}"birthday"') if "(" in part else f'{prefix}"{part}"'


def _pairs_of(store: duckdb.DuckDBPyConnection, parts: Sequence[str]) -> int:
    keys = ", ".join(map(_quoted, parts))
    known = " AND ".join(f"{_quoted(part)} IS NOT NULL" for part in parts)
    sizes = f"SELECT count(*) AS size FROM member WHERE {known} GROUP BY {keys}"  # noqa: S608 - our own columns
    return int(store.sql(f"SELECT coalesce(sum(size * (size - 1) // 2), 0) FROM ({sizes})").fetchall()[0][0])  # noqa: S608 - as above


def _usable_blocks(store: duckdb.DuckDBPyConnection, held: set[str], members: int) -> tuple[list[tuple[str, ...]], list[str]]:
    usable, left_out = [], []
    budget = _PAIRS_PER_MEMBER * members
    for parts in BLOCKS:
        if held >= {"birthday" if "(" in part else part for part in parts}:
            pairs = _pairs_of(store, parts)
            if pairs <= budget:
                budget -= pairs
                usable.append(parts)
            else:
                left_out.append(" + ".join(parts).replace('"', ""))
    return usable, left_out


def _prior(store: duckdb.DuckDBPyConnection, held: set[str], members: int) -> tuple[float, int]:
    """How likely two members drawn at random are one person, and how many pairs certainly are."""
    rules = [parts for parts in _CERTAIN if held >= set(parts)]
    certain = 0
    if rules:
        joins = [" AND ".join(['l."number" < r."number"', *(f'l."{part}" = r."{part}"' for part in parts)]) for parts in rules]
        alike = " UNION ".join(f"SELECT l.number AS one, r.number AS other FROM member l JOIN member r ON {on}" for on in joins)  # noqa: S608 - our own columns
        certain = int(store.sql(f"SELECT count(*) FROM ({alike})").fetchall()[0][0])  # noqa: S608 - as above
    possible = members * (members - 1) / 2
    # Nobody certain: one in twenty members may have a second profile.
    expected = certain / _CERTAIN_SHARE if certain >= _LESSONS_MIN else members / 20
    return min(0.5, max(expected, 1) / possible), certain


def _model(fields: Sequence[Field], blocks: Sequence[Sequence[str]], prior: float) -> SettingsCreator:
    comparisons: list[Any] = []
    for field in fields:
        levels: list[dict[str, Any]] = [{"sql_condition": _absent(*_READ_BY.get(field, (field.value,))), "is_null_level": True}]
        for level in LEVELS[field]:
            described: dict[str, Any] = {"sql_condition": level.sql, "m_probability": level.m, "u_probability": level.u}
            if level.frequency:
                described |= {"tf_adjustment_column": level.frequency, "tf_adjustment_weight": 1.0, "tf_minimum_u_value": 0.0001}
            levels.append({**described, "label_for_charts": level.agreement.value})
        comparisons.append({"output_column_name": field.value, "comparison_levels": levels})
    rules = [
        " AND ".join([*(f"{_quoted(part, 'l')} = {_quoted(part, 'r')}" for part in parts), '(l."full" & r."full") = 0']) for parts in blocks
    ]
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="number",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,  # type: ignore[arg-type]
        probability_two_random_records_match=prior,
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
    )


def _sane(model: dict[str, Any]) -> dict[str, Any]:
    """The trained model, the shipped probabilities in place of those of a field that learnt nonsense.

    Where hardly anybody is there twice, training can take relatives or namesakes for the pattern of one person.
    """
    for comparison in model["comparisons"]:
        shipped = LEVELS[Field(comparison["output_column_name"])]
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for level, known in zip(levels, shipped, strict=True):
            for name, usual in (("m_probability", known.m), ("u_probability", known.u)):
                value = level.get(name)
                level[name] = min(_MOST, max(_LEAST, value if isinstance(value, float) else usual))
        best, worst = levels[0], levels[-1]
        if best["m_probability"] <= best["u_probability"] or worst["m_probability"] >= worst["u_probability"]:
            for level, known in zip(levels, shipped, strict=True):
                level["m_probability"], level["u_probability"] = known.m, known.u
    return model


def _pairs(store: duckdb.DuckDBPyConnection, table: str, fields: Sequence[Field], most: int) -> Iterator[Pair]:
    names = [row[0] for row in store.sql(f"DESCRIBE {table}").fetchall()]
    shown = ", ".join(f'"{name}"' for name in names)
    wanted = f"SELECT {shown} FROM {table} ORDER BY match_weight DESC, number_l, number_r LIMIT {most}"  # noqa: S608 - Splink's own names
    for values in store.sql(wanted).fetchall():
        row = dict(zip(names, values, strict=True))
        said = []
        for field in fields:
            place, levels = row[f"gamma_{field}"], LEVELS[field]
            agreement = Agreement.UNKNOWN if place < 0 else levels[len(levels) - 1 - place].agreement
            weight = (row.get(f"mw_{field}") or 0.0) + (row.get(f"mw_tf_adj_{field}") or 0.0)
            said.append((field.value, agreement.value, round(float(weight), 2)))
        yield Pair(int(row["number_l"]), int(row["number_r"]), float(row["match_probability"]), said)


def main(arguments: Sequence[str]) -> None:
    """Reads an Arrow stream from standard input and writes one JSON line per step, the last one with what was found."""
    least, most = float(arguments[0]), int(arguments[1])
    members = pa.ipc.open_stream(sys.stdin.buffer).read_all()
    voice = _Voice()
    threading.Thread(target=voice.keep_speaking, daemon=True).start()
    found = link(members, least=least, most=most, step=voice.step)
    voice.say({"found": {**found._asdict(), "pairs": [tuple(pair) for pair in found.pairs]}})


class _Voice:
    """Tells the step at hand, and again every few seconds, so that nobody takes a long one for death."""

    def __init__(self) -> None:
        self._lock, self._step = threading.Lock(), "reading"

    def step(self, name: str) -> None:
        self._step = name
        self.say({"step": name})

    def keep_speaking(self) -> None:
        while True:
            time.sleep(_SPEAK_EVERY)
            try:
                self.say({"step": self._step})
            except BrokenPipeError:
                # Nobody listens any more: what was opened goes at once.
                os._exit(1)

    def say(self, words: dict[str, Any]) -> None:
        with self._lock:
            sys.stdout.buffer.write(orjson.dumps(words) + b"\n")
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
