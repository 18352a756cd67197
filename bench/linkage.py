"""Likely duplicates: precision and recall on files whose truth is known, and what a comparison of 100,000 members costs.

The files are public and not in the repository (docs/decisions/0006-real-data.md); without them only the cost is measured.
Pairs are judged, at the threshold that ships. FEBRL's social security number is left out: no brand has one.
"""

import collections
import csv
import gzip
import itertools
import logging
import os
import random
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.results import Result, result
from wecom_simulator.town import names
from wellspring.people.rules import likeness
from wellspring.people.rules.likeness import Columns
from wellspring.people.service import comparing
from wellspring.people.settings import PeopleSettings

FOLDER = Path(os.environ.get("WELLSPRING_REAL_DATA") or Path(__file__).resolve().parents[2] / "shared/data") / "entity_resolution"
LEAST = PeopleSettings().duplicates_least
_ALL = 10_000_000
_MEMBERS = 100_000
# One in twenty comes in a second time by another way, with a slip in every third.
_TWICE = 0.05
Known = tuple[list[Columns], list[str]]
_Row = dict[str, str]


def run() -> list[Result]:
    """Precision, recall and F1 per file, then the cost."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    found = []
    if FOLDER.is_dir():
        for name, read in FILES.items():
            found += judged(name, read())
    return found + cost()


def judged(name: str, known: Known, *, least: float = LEAST) -> list[Result]:
    """Pairwise precision, recall and F1 of one file."""
    precision, recall, f1 = scores(known, least=least)
    return [
        result(f"linkage: {name}, {word}", value, "of pairs") for word, value in (("precision", precision), ("recall", recall), ("F1", f1))
    ]


def scores(known: Known, *, least: float = LEAST) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of records."""
    members, truth = known
    groups: dict[str, list[int]] = collections.defaultdict(list)
    for member, group in zip(members, truth, strict=True):
        groups[group].append(member.number)
    true = {frozenset(pair) for group in groups.values() for pair in itertools.combinations(group, 2)}
    found = {likely.pair for likely in comparing.compare(members, least=least, most=_ALL, step=lambda _: None).likenesses}
    right = len(found & true)
    precision, recall = right / max(1, len(found)), right / len(true)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def cost(members: int = _MEMBERS) -> list[Result]:
    """Seconds, candidate pairs and memory of a comparison of members of the town's kind, and how much of the truth it finds."""
    known = town(members)
    started, before = time.perf_counter(), _processor()
    found = comparing.compare(known[0], least=LEAST, most=_ALL, step=lambda _: None)
    seconds = time.perf_counter() - started
    right = {frozenset(pair) for pair in _pairs_of(known)}
    told = {likely.pair for likely in found.likenesses}
    name = f"linkage: {len(known[0]):,} members"
    return [
        result(f"{name}, the comparison", seconds, "s"),
        result(f"{name}, processor time", _processor() - before, "s"),
        result(f"{name}, candidate pairs", found.compared, "pairs"),
        result(f"{name}, memory", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, "MB"),
        result(f"{name}, precision", len(told & right) / max(1, len(told)), "of pairs"),
        result(f"{name}, recall", len(told & right) / max(1, len(right)), "of pairs"),
    ]


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def town(members: int) -> Known:
    """Card holders of a Chinese town, and those of them who also came in by themselves; drawn, so it repeats."""
    draw = random.Random(7)
    made: list[Columns] = []
    truth: list[str] = []
    for person in range(int(members / (1 + _TWICE))):
        values = {
            "name": names.given_name(7, "customer", person, male=draw.random() < 0.3),
            "birthday": f"{draw.randint(1955, 2005)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
            "city": f"城市{int(draw.paretovariate(1)) % 60}",
        }
        phone = f"+861{draw.randint(3_000_000_000, 9_999_999_999)}"
        _add(made, truth, person, values, [phone])
        if draw.random() < _TWICE:
            again = dict(values)
            if draw.random() < 1 / 3:
                slip = draw.choice(("birthday", "city", "name"))
                again |= {"name": values["name"][:-1] + "明"} if slip == "name" else {slip: None} if slip == "city" else _slip(values)
            _add(made, truth, person, again, [])
    return made, truth


def _add(made: list[Columns], truth: list[str], person: int, values: dict[str, str], phones: list[str]) -> None:
    made.append(likeness.columns(len(made) + 1, full=0, values=values, phones=phones, emails=[]))
    truth.append(str(person))


def _slip(values: dict[str, str]) -> dict[str, str]:
    year, month, day = values["birthday"].split("-")
    return {"birthday": f"{year}-{month}-{int(day) % 28 + 1:02}"}


def _pairs_of(known: Known) -> Iterator[tuple[int, int]]:
    by_person: dict[str, list[int]] = collections.defaultdict(list)
    for member, person in zip(*known, strict=True):
        by_person[person].append(member.number)
    return ((group[0], group[1]) for group in by_person.values() if len(group) == 2)


def _rows(name: str) -> list[_Row]:
    with gzip.open(FOLDER / name, "rt", encoding="utf-8") as lines:
        return [{str(column).strip(): (value or "").strip() for column, value in row.items()} for row in csv.DictReader(lines)]


def _febrl(*files: str) -> Known:
    rows = [row for name in files for row in _rows(name)]
    return [_febrl_member(number, row) for number, row in enumerate(rows, 1)], [row["rec_id"].split("-")[1] for row in rows]


def _febrl_member(number: int, row: _Row) -> Columns:
    values = {
        "first_name": row["given_name"],
        "last_name": row["surname"],
        "birthday": row["date_of_birth"],
        "address": " ".join(row[part] for part in ("street_number", "address_1", "address_2")),
        "postcode": row["postcode"],
        "city": row["suburb"],
    }
    return likeness.columns(number, full=0, values=values, phones=[], emails=[])


def _fake(name: str) -> Known:
    rows = _rows(name)
    return [_fake_member(number, row) for number, row in enumerate(rows, 1)], [row["cluster"] for row in rows]


def _fake_member(number: int, row: _Row) -> Columns:
    values = {"first_name": row["first_name"], "last_name": row["surname"], "birthday": row["dob"], "city": row["city"]}
    emails: Sequence[str] = [row["email"].lower()] if row["email"] else []
    return likeness.columns(number, full=0, values=values, phones=[], emails=emails)


FILES: dict[str, Callable[[], Known]] = {
    "FEBRL 1": lambda: _febrl("febrl_dataset1.csv.gz"),
    "FEBRL 2": lambda: _febrl("febrl_dataset2.csv.gz"),
    "FEBRL 4a with 4b": lambda: _febrl("febrl_dataset4a.csv.gz", "febrl_dataset4b.csv.gz"),
    "fake_1000": lambda: _fake("splink_fake_1000.csv.gz"),
}
