"""What product modules import: nothing that a production install lacks, no module twice on one circle, no undeclared floor."""

import ast
import re
import sys
import tomllib
from collections import defaultdict
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "caseapp"


def modules() -> dict[str, ast.Module]:
    """Every product module by its dotted name."""
    found = {}
    for path in sorted(CODE.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imports(tree: ast.Module) -> set[str]:
    """Dotted names a module imports anywhere, also inside functions; `from a import b` gives `a` and `a.b`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_a_production_install_has_everything_that_is_imported() -> None:
    """Also modules that only the tests' environment holds can be imported here; a real installation would stop at them."""
    locked = {plain(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)}
    carried_by = metadata.packages_distributions()
    faults = []
    for name, tree in modules().items():
        for top in {target.partition(".")[0] for target in imports(tree)} - sys.stdlib_module_names - {"caseapp"}:
            if not {plain(carrier) for carrier in carried_by.get(top, [])} & locked:
                faults.append(f"{name} imports {top}, which requirements.lock does not bring")
    assert faults == []


def test_no_module_imports_itself_by_a_detour() -> None:
    known = modules()
    arrows = {name: {target for target in imports(tree) if target in known and target != name} for name, tree in known.items()}
    for name, targets in arrows.items():  # a package's own name comes along with what is taken out of it
        arrows[name] = {
            t for t in targets if not any(other.startswith(f"{t}.") for other in targets) or _used(known[name], t, known)
        }
    circles = [circle for circle in _circles(arrows) if len(circle) > 1]
    assert circles == []


def _used(tree: ast.Module, package: str, known: dict[str, ast.Module]) -> bool:
    """Whether something of the package itself, not only a module of it, is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and any(alias.name == package for alias in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and node.module == package:
            return any(f"{package}.{alias.name}" not in known for alias in node.names)
    return False


def _circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """Tarjan's strongly connected components."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for target in sorted(arrows[name]):
            if target not in index:
                visit(target)
                low[name] = min(low[name], low[target])
            elif target in stack:
                low[name] = min(low[name], index[target])
        if low[name] == index[name]:
            circle = []
            while not circle or circle[-1] != name:
                circle.append(stack.pop())
            found.append(sorted(circle))

    for name in sorted(arrows):
        if name not in index:
            visit(name)
    return found


def test_the_detour_is_found_where_there_is_one() -> None:
    arrows = defaultdict(set, {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})
    assert _circles(arrows)[0] == ["a", "b", "c"]


def test_every_floor_is_in_the_contract_of_arrows() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract for contract in contracts if contract["type"] == "layers")
    declared = {name.strip() for line in layers["layers"] for name in line.split(":")} | set(layers["exhaustive_ignores"])
    floors = {path.stem for path in CODE.iterdir() if (path / "__init__.py").exists() or path.suffix == ".py"} - {"__init__"}
    assert floors == declared
