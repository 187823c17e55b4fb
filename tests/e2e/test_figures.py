"""Pages of figures with a release in them, in both widths and languages: no serious axe finding, nothing wider than the screen."""
# ruff: noqa: F401, F811 - fixtures are asked for by their names

import threading
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.conftest import missing
from tests.e2e.visitor import AXE, DESKTOP, PHONE, Visitor
from tests.services.statistics.fixtures import after_quarter, county, publish


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("size", "locale"), [(DESKTOP, "en"), (PHONE, "zh-CN")], ids=["desktop-en", "phone-zh"])
def test_figures_are_fit_to_read(engine: Any, publish: Any, chromium: Any, size: Any, locale: str) -> None:
    if not AXE.exists():
        missing("axe-core")
    release = publish()
    server = make_server("127.0.0.1", 0, engine.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    pages = {
        "cora": ["/statistics/", "/statistics/?table=visit_rate", "/statistics/releases", f"/statistics/releases/{release.id}"],
        "ann": ["/statistics/station"],
    }
    faults = []
    for name, addresses in pages.items():
        visitor = Visitor(chromium.new_context(locale=locale, **size), f"http://127.0.0.1:{server.server_port}", name)
        for address in addresses:
            page = visitor.go(address)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                faults.append(f"{address}: wider than the screen")
            page.evaluate(AXE.read_text())
            found = page.evaluate(
                "axe.run().then(r => r.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.html).slice(0, 2)]))"
            )
            faults += [f"{address}: {v}" for v in found if v[0] in ("serious", "critical")]
        faults += visitor.complaints
        visitor.context.close()
    server.shutdown()
    thread.join()
    assert faults == []
