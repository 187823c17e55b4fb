"""Every page that four roles can reach by links, on a desktop in English: no dead link, no Chinese unmarked, no sideways scroll."""

from typing import Any

from tests.e2e.crawl import crawl
from tests.e2e.visitor import DESKTOP


def test_every_page_of_every_role(demo: Any, person: Any) -> None:
    faults = crawl(demo, person, DESKTOP, "en", ("head", "province", "sysadmin", "auditor"))
    assert faults == [], "\n".join(faults)
