"""However long a list is, a page sends the same number of statements: at most 12 for a list, at most 20 for a file, 28 for
a desk that shows nine lists, their counts and what each domain has due."""

import pytest

from caseapp.access.system import system_session
from tests.page import Browser
from tests.queries.casework import crowd

LIST, FILE, FORM, DESK = 12, 20, 22, 31
PAGES = [  # who, page, at most
    ("bo", "/", DESK),
    ("ann", "/", DESK),
    ("chen", "/", FILE),
    ("tao", "/", FILE),
    ("dee", "/", LIST),
    ("sid", "/", LIST),
    ("cora", "/", FILE),
    ("chen", "/oversight", LIST),
    ("tao", "/oversight/{station}", LIST),
    ("ann", "/oversight/{station}?show=cases", LIST),
    ("ann", "/oversight/workload", LIST),
    ("bo", "/clients", LIST),
    ("bo", "/clients?order=due", LIST),
    ("ann", "/clients", LIST),
    ("tao", "/clients", LIST),
    ("bo", "/elderly/cases", LIST),
    ("bo", "/elderly/cases?status=closed", LIST),
    ("bo", "/visits", LIST),
    ("ann", "/visits", LIST),
    ("bo", "/visits/calendar", LIST),
    ("bo", "/visits/round?village=222403101201", LIST),
    ("bo", "/visits/services", LIST),
    ("bo", "/households", LIST),
    ("bo", "/villages/contacts", LIST),
    ("bo", "/reviews", LIST),
    ("ann", "/reviews", LIST),
    ("chen", "/reviews", LIST),
    ("tao", "/reviews", LIST),
    ("dee", "/audit", LIST),
    ("bo", "/clients/{client}/visits", LIST),
    ("bo", "/clients/{client}/history", FILE),
    ("bo", "/clients/{client}", FILE),
    ("ann", "/clients/{client}", FILE),
    ("bo", "/households/{household}", FILE),
    ("bo", "/elderly/cases/{case}", FILE),
    ("ann", "/elderly/cases/{case}", FILE),
    ("chen", "/elderly/cases/{case}", FILE),
    ("bo", "/elderly/cases/{case}/visits", LIST),
    ("bo", "/elderly/cases/{case}/plan", FILE),
    ("bo", "/visits/new?client={client}", FORM),
    ("bo", "/handovers", LIST),
    ("bo", "/handovers/new", FILE),
    ("ann", "/handovers/new?client={client}", LIST),
    ("ann", "/team", LIST),
    ("bo", "/clients/search", LIST),  # after files were opened, which it shows
]
CALLS = [  # who, call
    ("bo", "/clients"),
    ("bo", "/cases"),
    ("bo", "/visits"),
    ("bo", "/clients/{client}/visits"),
    ("bo", "/cases/{case}/visits"),
    ("chen", "/reviews"),
    ("bo", "/households"),
    ("bo", "/villages/contacts"),
    ("bo", "/services"),
    ("bo", "/tasks"),
    ("dee", "/audit"),
]


def fill(engine, count):
    """So many persons more with everything about them; the ids of the last."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        return crowd.of(session, engine.cast, count)


def counted(statements, ask):
    """How many statements the second time takes, when what is kept in memory is there."""
    ask()
    with statements() as sent:
        ask()
    return len(sent)


def test_pages(sqlite, statements):
    people = {name: Browser(sqlite, name) for name in {name for name, _page, _most in PAGES}}
    ids = fill(sqlite, 2)

    def measure():
        return {
            (name, page): counted(statements, lambda name=name, page=page: people[name].get(page.format(**ids)))
            for name, page, _most in PAGES
        }

    few = measure()
    fill(sqlite, 198)
    many = measure()
    # Today has three lists: who is named in one and stands in another is not read twice, so few rows may take one less.
    spared = {key: 1 if key[1] == "/" else 0 for key in few}
    assert {key: (few[key], many[key]) for key in few if not few[key] <= many[key] <= few[key] + spared[key]} == {}
    assert {key: many[key] for key, most in (((n, p), m) for n, p, m in PAGES) if many[key] > most} == {}


def test_calls(sqlite, statements):
    people = {name: Browser(sqlite, name) for name in {name for name, _call in CALLS}}
    ids = fill(sqlite, 2)

    def measure():
        return {
            (name, path): counted(
                statements, lambda name=name, path=path: people[name].api("GET", path.format(**ids), status=200)
            )
            for name, path in CALLS
        }

    few = measure()
    fill(sqlite, 198)
    many = measure()
    assert few == many
    assert {key: count for key, count in many.items() if count > LIST} == {}


@pytest.mark.parametrize("q", ["Person", "2206", "13800002206"])
def test_searching(sqlite, statements, q):
    bo = Browser(sqlite, "bo")
    fill(sqlite, 2)
    few = counted(statements, lambda: bo.api("POST", "/clients/search", {"q": q}, 200))
    fill(sqlite, 198)
    assert counted(statements, lambda: bo.api("POST", "/clients/search", {"q": q}, 200)) == few <= LIST
