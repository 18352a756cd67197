"""Two import contracts that import-linter does not bring: front doors between domains, and drivers behind one module.

Both look at direct imports only and have no ignore list: a finding is mended in the code, or the boundary
itself is changed by a decision record. Registered in pyproject.toml under `contract_types`.
"""

from collections.abc import Iterable
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


def _findings(graph: ImportGraph, imported: str, importers: Iterable[str]) -> list[str]:
    lines = ((importer, graph.get_import_details(importer=importer, imported=imported)[0]["line_number"]) for importer in importers)
    return [f"{importer} imports {imported} (line {line})" for importer, line in sorted(lines)]


class _Boundary(Contract):
    """A contract whose result is a list of sentences and one hint how to mend them."""

    hint = ""

    def render_broken_contract(self, check: ContractCheck) -> None:
        for finding in check.metadata["findings"]:
            output.print_error(finding, bold=False)
        output.print_error(self.hint, bold=False)


class FrontDoor(_Boundary):
    """From another domain only its public modules may be imported; `open` domains have no door, `exempt` ones need none."""

    type_name = "front_door"
    hint = "Call the other domain's api, or let it tell an event; what is private may be rewritten tomorrow."
    package = cast("str", fields.StringField())
    public = cast("set[str]", fields.SetField(subfield=fields.StringField()))
    open = cast("set[str]", fields.SetField(subfield=fields.StringField()))
    exempt = cast("set[str]", fields.SetField(subfield=fields.StringField()))

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - import-linter's signature
        findings: list[str] = []
        for module in sorted(graph.find_descendants(self.package)):
            domain, _, inner = module.removeprefix(f"{self.package}.").partition(".")
            if domain in self.open or inner.partition(".")[0] in self.public:
                continue
            importers = graph.find_modules_that_directly_import(module)
            strangers = {name for name in importers if self._domain_of(name) not in {domain, *self.exempt}}
            findings += _findings(graph, module, strangers)
        return ContractCheck(kept=not findings, metadata={"findings": findings})

    def _domain_of(self, module: str) -> str:
        return module.removeprefix(f"{self.package}.").partition(".")[0]


class Drivers(_Boundary):
    """Database drivers are imported by the allowed modules alone, so that an engine can be exchanged in one place."""

    type_name = "drivers"
    hint = "Ask kernel.stores for what is missing; nobody else knows which engine is below."
    package = cast("str", fields.StringField())
    drivers = cast("set[str]", fields.SetField(subfield=fields.StringField()))
    allowed = cast("set[str]", fields.SetField(subfield=fields.StringField()))

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - import-linter's signature
        findings: list[str] = []
        for driver in sorted(set(self.drivers) & graph.modules):
            importers = graph.find_modules_that_directly_import(driver)
            findings += _findings(graph, driver, {name for name in importers if self._is_stranger(name)})
        return ContractCheck(kept=not findings, metadata={"findings": findings})

    def _is_stranger(self, module: str) -> bool:
        return module.startswith(f"{self.package}.") and not any(f"{module}.".startswith(f"{name}.") for name in self.allowed)
