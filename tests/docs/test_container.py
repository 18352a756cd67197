"""The container files cannot be built here; what can be checked without building is."""

import re
from pathlib import Path

import yaml

from wellspring.kernel.settings import ProcessSettings

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {f"WELLSPRING_{name.upper()}" for name in ProcessSettings.model_fields}


def test_the_compose_file_sets_only_settings_that_exist() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert set(services) == {"wellspring", "postgres", "clickhouse"}
    assert set(services["wellspring"]["environment"]) <= SETTINGS


def test_the_image_sets_only_settings_that_exist_and_copies_what_is_there() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert set(re.findall(r"\b(WELLSPRING_\w+)=", text)) <= SETTINGS
    assert all((ROOT / name).exists() for name in re.findall(r"^COPY ([a-z.]+\w)\b", text, re.MULTILINE))


def test_both_say_that_they_are_untested() -> None:
    assert all("UNTESTED" in (ROOT / name).read_text(encoding="utf-8") for name in ("Dockerfile", "compose.yaml"))
