"""Each service domain touches only its own files and one registry line; its descriptor is complete; its door opens its own cases only."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from caseapp import domains, reference
from caseapp.access.system import system_session
from caseapp.blueprints.http.guard import access_of
from caseapp.cli.demo.story import stories
from caseapp.domains.base import HOOKS
from caseapp.services.casework.cases.gates import GATES
from tests import rows
from tests.laid.governance import HAMLET
from tests.page import Browser

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "caseapp"
CODES = [domain.code for domain in domains.all()]
# the registry, facts about the five domains that the plan itself states, and what they look like
SHARED = (
    "domains/__init__.py",
    "reference/data/codes/domain.json",
    "reference/data/catalogue/",
    "reference/data/groups/",
    "reference/data/statistics/",
    "static/",
)


def own(name: str, code: str) -> bool:
    """Whether a file below caseapp/ is named after a domain."""
    return any(part == code or part.startswith((f"{code}.", f"{code}_")) for part in name.split("/"))


@pytest.mark.parametrize("code", CODES)
def test_a_domain_is_named_in_its_own_files_only(code: str) -> None:
    """Elsewhere nobody says its code, imports its modules or names its classes."""
    said = re.compile(rf"[\"']{code}[\"'.]|\b(from|import) caseapp\.[\w.]*\b{code}\b|\b{code.title()}(Detail|Form|Schema)\b")
    faults = []
    for path in sorted(CODE.rglob("*")):
        name = path.relative_to(CODE).as_posix()
        if path.suffix not in (".py", ".html", ".json", ".js") or name.startswith(SHARED) or own(name, code):
            continue
        text = path.read_text(encoding="utf-8").replace('"living": "children"', "")  # a code of another list, spelt alike
        if path.suffix == ".json" and "demo" not in name:
            continue  # reference lists name the domain of an entry; that is data of the plan
        faults += [f"{name}: {found[0]}" for found in said.finditer(text)]
    assert faults == []


WITHOUT = """
import tempfile
from pathlib import Path
from caseapp import create_app, domains
from tests import conftest
with tempfile.TemporaryDirectory() as folder:
    app = create_app(conftest.settings(f"sqlite:///{folder}/t.sqlite3", Path(folder)))
    print(sorted(domain.code for domain in domains.all() if f"{domain.code}.index" in app.view_functions))
"""


@pytest.mark.parametrize("code", CODES)
def test_the_others_run_without_it(code: str, tmp_path: Path) -> None:
    """Take a domain's own files and its registry line away: the app starts and every other domain has its pages."""
    for name in ("caseapp", "tests", "migrations"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.csv", "vendor"))
    for path in sorted((tmp_path / "caseapp").rglob("*"), reverse=True):
        if own(path.relative_to(tmp_path / "caseapp").as_posix(), code):
            path.rmdir() if path.is_dir() else path.unlink()
    registry = tmp_path / "caseapp" / "domains" / "__init__.py"
    lines = registry.read_text(encoding="utf-8").splitlines(keepends=True)
    registry.write_text("".join(line for line in lines if line.strip() != f'"{code}",'), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-c", WITHOUT]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == str(sorted(set(CODES) - {code})), done.stderr[-2000:]


@pytest.mark.parametrize("domain", domains.all(), ids=CODES)
def test_a_descriptor_is_complete(domain: Any, sqlite: Any) -> None:
    """Everything it names is there."""
    assert domain.hooks.keys() <= HOOKS.keys() and len(domain.hooks) <= 4
    assert domain.gates.keys().isdisjoint(GATES)
    needed = {need for step in domain.workflow.steps for need in step.needs}
    assert needed <= GATES.keys() | domain.gates.keys()
    assert set(domain.intake) <= set(domain.detail_schema.typed())
    columns = {name for name in dir(domain.detail) if not name.startswith("_")}
    assert set(domain.detail_schema.typed()) <= columns
    assert set(domain.instruments) <= {found.code for found in reference.instruments()}
    assert reference.catalogue().items(domain.code) and reference.codes("domain").valid(domain.code)
    assert any(code.startswith(domain.groups) for code in reference.target_groups())
    for act in (*domain.acts, *domain.tabs, *domain.person_acts, *domain.list_acts):
        with sqlite.app.app_context():
            access = access_of(f"{domain.code}.{act.endpoint}")
        assert access is not None and act.permission in access.permissions, act.endpoint
    for part in ("fields", "detail"):
        assert (CODE / "templates" / domain.code / f"{part}.html").exists()
    assert bool(domain.intake) == (CODE / "templates" / domain.code / "intake.html").exists()


def test_numbers_and_stories_are_each_domains_own() -> None:
    numbers = [domain.number for domain in domains.all()]
    assert len(set(numbers)) == len(numbers) and not {"P", "H"} & set(numbers)
    assert list(stories()) == CODES
    kinds = [kind for story in stories().values() for kind in story.homes]
    assert len(set(kinds)) == len(kinds)


def test_no_descriptor_decides(monkeypatch: Any) -> None:
    """A descriptor is facts: no condition, loop or function in it; what is code stands in <code>_rules.py."""
    import ast

    for code in CODES:
        tree = ast.parse((CODE / "domains" / f"{code}.py").read_text(encoding="utf-8"))
        found = [
            type(node).__name__
            for node in ast.walk(tree)
            if isinstance(node, ast.If | ast.IfExp | ast.For | ast.While | ast.FunctionDef | ast.Lambda)
        ]
        assert found == [], code


def test_the_wrong_door(sqlite: Any) -> None:
    """A case is not found at another domain's address, whatever the page; the pages that all domains share find their own."""
    ids: dict[str, list[Any]] = {}
    with sqlite.app.app_context(), system_session("test rows", write=True) as session:
        for domain in domains.all():
            person = rows.client(session, sqlite.cast, "Riverside", f"of {domain.code}", worker_id=sqlite.cast.users["bo"])
            of_case = {"domain": domain.code, "klass": "P3", "holds_restricted": True}  # has every page
            about = [{}, HAMLET] if "community" in domain.subjects else [{}]  # some pages are of such cases only
            ids[domain.code] = [rows.case(session, person, sqlite.cast.users["bo"], **of_case, **more).id for more in about]
    ann, faults = Browser(sqlite, "ann"), []  # the head holds every permission over a case
    pages = [rule for rule in sqlite.app.url_map.iter_rules() if rule.arguments == {"case_id"} and "GET" in rule.methods]
    held = {code: {rule.endpoint.split(".")[1] for rule in pages if rule.endpoint.startswith(f"{code}.")} for code in CODES}
    shared = set.intersection(*held.values())
    for rule in pages:
        code, name = rule.endpoint.split(".")
        if code not in CODES:
            continue
        for other, keys in ids.items():
            with sqlite.app.test_request_context():
                urls = [sqlite.app.url_map.bind("localhost").build(rule.endpoint, {"case_id": key}) for key in keys]
            statuses = {ann.client.get(url, headers=ann.headers).status_code for url in urls}
            if statuses != {404} if other != code else statuses == {404} and name in shared:
                faults.append(f"{rule.endpoint} with a case of {other}: {statuses}")
    assert faults == []
