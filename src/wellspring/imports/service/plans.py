"""What an import will do, put together from its mapping, its options and the workspace: checked before anything runs."""

import dataclasses
import zoneinfo

from wellspring.imports.contracts import Import, ImportFile, Kind, Mapping, Options, TableMapping
from wellspring.imports.errors import MappingInvalid
from wellspring.imports.rules.mapping import checked, folded
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Workspace

_NEEDED_ROLES = ("orders", "lines")


@dataclasses.dataclass(frozen=True)
class Plan:
    """A checked mapping with everything that it leaves to options and workspace filled in."""

    import_id: str
    kind: Kind
    mapping: Mapping
    zone: str
    currency: str
    shop: str
    historical: bool
    update_mode: str
    roles: dict[str, ImportFile]

    @property
    def source(self) -> str:
        """What every row of this import is marked with."""
        return f"import:{self.import_id}"

    @property
    def zone_info(self) -> zoneinfo.ZoneInfo:
        """The time zone of texts without an offset."""
        return zoneinfo.ZoneInfo(self.zone)

    @property
    def prefix(self) -> str:
        """What the names of this run's staging tables begin with."""
        return "imports_" + self.import_id.partition("_")[2]

    @property
    def file(self) -> ImportFile:
        """The only file of an import that is not of several tables."""
        return self.roles["rows"]


def of(ws: Workspace, run: Import, mapping: Mapping, options: Options) -> Plan:
    """The plan, or MappingInvalid or FieldMissing with what is wrong."""
    settings = ws.settings.get(WorkspaceSettings)
    zone = options.time_zone or mapping.time_zone or settings.time_zone
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as unknown:
        raise MappingInvalid(reason=f"unknown time zone {zone}") from unknown
    if mapping.kind is not run.kind:
        raise MappingInvalid(reason=f"the mapping is for {mapping.kind}, the import for {run.kind}")
    if mapping.tables:
        mapping, roles = _several(mapping, list(run.files))
    elif len(run.files) == 1:
        mapping, roles = checked(mapping, run.files[0].detected.names), {"rows": run.files[0]}
    else:
        raise MappingInvalid(reason="several files need a mapping with tables")
    historical = options.historical if options.historical is not None else run.kind in {Kind.ORDERS, Kind.EVENTS}
    shop = options.shop or mapping.shop or "main"
    currency = options.currency or mapping.currency or settings.currency
    return Plan(run.id, run.kind, mapping, zone, currency, shop, historical, options.update_mode, roles)


def _several(mapping: Mapping, files: list[ImportFile]) -> tuple[Mapping, dict[str, ImportFile]]:
    roles: dict[str, ImportFile] = {}
    tables: dict[str, TableMapping] = {}
    waiting = list(files)
    # The role that names most columns chooses first: "products" columns are among those of "lines" otherwise.
    for role, table in sorted(mapping.tables.items(), key=lambda pair: -len(pair[1].fields)):
        wanted = {folded(taken.column) for taken in table.fields.values() if taken.column}
        found = next((file for file in waiting if wanted <= {folded(name) for name in file.detected.names}), None)
        if found is None:
            continue
        waiting.remove(found)
        roles[role] = found
        exact = {folded(name): name for name in found.detected.names}
        fields = {
            name: taken.model_copy(update={"column": exact[folded(taken.column)]}) if taken.column else taken
            for name, taken in table.fields.items()
        }
        tables[role] = table.model_copy(update={"fields": fields})
    missing = [role for role in _NEEDED_ROLES if role not in roles]
    if missing:
        raise MappingInvalid(reason=f"no file has the columns of {', '.join(missing)}")
    if waiting:
        raise MappingInvalid(reason=f"no table of the mapping fits {', '.join(file.name for file in waiting)}")
    return mapping.model_copy(update={"tables": tables}), roles
