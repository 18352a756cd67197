"""The limits of imports in one workspace."""

from typing import ClassVar

import pydantic

from wellspring.kernel.settings import SettingsGroup


class ImportSettings(SettingsGroup):
    """How large an upload may be, and how long rejected rows are kept."""

    group: ClassVar[str] = "imports"
    title: ClassVar[tuple[str, str] | None] = ("导入", "Imports")

    # 2 GB holds some 15 million order lines as CSV and ten times that packed; larger files come over the command line.
    upload_megabytes_max: int = pydantic.Field(
        default=2048, ge=1, le=1_048_576, description="上传文件大小上限（MB） / largest upload in megabytes"
    )
    rejects_days: int = pydantic.Field(default=90, ge=1, le=3650, description="未通过行保留天数 / days that rejected rows are kept")
