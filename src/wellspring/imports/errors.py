"""Why an import cannot be begun, run or undone. What is wrong with single rows is in rules.reasons."""

from wellspring.kernel.errors import WellspringError


class ImportUnknown(WellspringError):
    """There is no such import."""

    status = 404
    code = "imports.unknown"
    zh = "没有这个导入任务。"
    en = "There is no such import."


class FileUnreadable(WellspringError):
    """The file is of no known format, or broken as a whole."""

    status = 422
    code = "imports.file_unreadable"
    zh = "无法读取文件 {name}：{reason}"
    en = "The file {name} cannot be read: {reason}"


class FileTooLarge(WellspringError):
    """The upload is larger than the setting allows."""

    status = 413
    code = "imports.file_too_large"
    zh = "文件超过上限 {limit} MB。更大的文件请在服务器上用命令行导入。"
    en = "The file is over the limit of {limit} MB. Import larger files on the server with the command line."


class WorkbookTooLarge(WellspringError):
    """An Excel workbook is read whole, so that a large one would fill the memory."""

    status = 413
    code = "imports.workbook_too_large"
    zh = "Excel 文件 {name} 超过 {limit} MB，无法整份读入。请另存为 CSV 或 Parquet 后再导入，这两种格式大小不限。"
    en = "The workbook {name} is over {limit} MB and would have to be read whole. Save it as CSV or Parquet, whose size does not matter."


class FieldMissing(WellspringError):
    """A field without which nothing can be imported has no column."""

    status = 422
    code = "imports.field_missing"
    zh = "必须映射字段“{field}”。"
    en = "The field {field} must be mapped."


class MappingInvalid(WellspringError):
    """The mapping names columns, fields or formats that are not there."""

    status = 422
    code = "imports.mapping_invalid"
    zh = "映射不可用：{reason}"
    en = "The mapping cannot be used: {reason}"


class NotNow(WellspringError):
    """The import is in a state that does not allow this."""

    status = 409
    code = "imports.not_now"
    zh = "导入处于“{state}”状态，不能执行此操作。"
    en = "The import is {state}: this cannot be done now."


class UndoImpossible(WellspringError):
    """Something was built on what the import brought; it cannot be taken back exactly."""

    status = 409
    code = "imports.undo_impossible"
    zh = "无法精确撤销：{reason}"
    en = "It cannot be undone exactly: {reason}"


class ScopeTooNarrow(WellspringError):
    """A file may hold rows of every store, so whoever sees only a part of the organisation can neither bring nor read one."""

    status = 403
    code = "imports.scope_too_narrow"
    zh = "导入文件可能涉及所有门店，只有数据权限为全部的人可以操作。"
    en = "A file may hold rows of every store: only callers without a limited data scope can do this."
