"""The limits of imports in one workspace."""

from typing import ClassVar

import pydantic

from wellspring.kernel.settings import SettingsGroup


class ImportSettings(SettingsGroup):
    """How large an upload may be, and how long rejected rows are kept."""

    group: ClassVar[str] = "imports"

    # 2 GB holds some 15 million order lines as CSV and ten times that packed; larger files come over the command line.
    upload_megabytes_max: int = pydantic.Field(default=2048, ge=1, le=1_048_576)
    rejects_days: int = pydantic.Field(default=90, ge=1, le=3650)
