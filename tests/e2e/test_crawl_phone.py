"""Every page each role can reach by links, on a phone in Chinese: no dead link, no serious axe finding, no page that nobody sees."""

from typing import Any

from tests.e2e.crawl import crawl
from tests.e2e.visitor import PHONE


def test_every_page_of_every_role(demo: Any, person: Any) -> None:
    faults = crawl(demo, person, PHONE, "zh-CN")
    assert faults == [], "\n".join(faults)
