"""Roles: who must say yes, who may not, what makes a proposal void, and that the people of the place see it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from caseapp.access import identity
from caseapp.access.system import run_side_writes, system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models import organisation as o
from caseapp.queries.organisation import grants as queries
from caseapp.queries.organisation import own
from caseapp.schemas.organisation.account import ProposeGrant, Reasoned, Refuse
from caseapp.services.organisation import grants as service
from tests.services.organisation import places

LONG = timedelta(days=400)
Propose = Callable[..., Any]


@pytest.fixture
def propose(as_: Any, cast: Any) -> Propose:
    """`propose("worker", "Riverside")` is a proposal of Sam's for Ned, committed; more places and another user by name."""

    def run(role: str, *at: str, user: str = "ned", by: str = "sam", **more: Any) -> Any:
        actor = as_(by)
        command = ProposeGrant(role, [], more.pop("from_on", clock.today()), "letter of appointment", more.pop("to_on", None))
        where = [db.session.get(o.Organisation, cast.places[name]) for name in at]
        grant_id = service.propose(command, db.session.get(o.User, cast.users[user]), where, actor).id
        db.session.commit()
        return grant_id

    return run


@pytest.fixture
def confirm(as_: Any) -> Callable[..., Any]:
    """`confirm(grant_id, "ann")` is Ann's yes; gives the state after it."""

    def run(grant_id: Any, name: str) -> str:
        grant = service.confirm(grant_id, as_(name))
        state = str(grant.state)
        db.session.commit()
        return state

    return run


def state(grant_id: Any) -> str:
    with system_session("look") as session:
        return str(session.get(o.Grant, grant_id).state)


CONTRACT = (  # contract.md section 2: role, places, who must say yes in turn
    ("worker", ("Riverside",), ("ann",)),
    ("supervisor", ("Riverside",), ("ann",)),
    ("township_supervisor", ("rivertown",), ("ann",)),
    ("station_head", ("Riverside",), ("cora", "sec")),
    ("station_head", ("Riverside",), ("sec", "cora")),
    ("supervisor", ("Riverside", "Hillside"), ("cora", "sec")),
    ("county_officer", ("county",), ()),
    ("city_officer", ("city",), ()),
    ("province_officer", ("province",), ()),
    ("system_admin", ("county",), ()),
    ("auditor", ("county",), ()),
    ("security_admin", ("province",), ("sec",)),
)


@pytest.mark.parametrize(("role", "at", "by"), CONTRACT, ids=lambda value: value if isinstance(value, str) else "-".join(value))
def test_a_role_starts_with_the_last_yes_it_needs(propose: Propose, confirm: Any, cast: Any, role: str, at: Any, by: Any) -> None:
    grant_id = propose(role, *at)
    for name in by:
        assert state(grant_id) == "proposed"
        with system_session("not yet") as session:
            assert identity.live_grants(session, cast.users["ned"], clock.today()) == []
        confirm(grant_id, name)
    assert state(grant_id) == "active"
    with system_session("in force") as session:
        actor = identity.for_grant(session, cast.users["ned"], grant_id, clock.today())
    assert actor is not None and actor.role == role


def test_a_bureau_of_another_area_needs_a_security_admin(propose: Propose, confirm: Any, cast: Any) -> None:
    places.set_row(o.User, cast.users["ned"], home_path=cast.paths["othercounty"])
    db.session.rollback()
    grant_id = propose("county_officer", "county")
    assert state(grant_id) == "proposed"
    confirm(grant_id, "sec")
    assert state(grant_id) == "active"


def test_nobody_else_can_say_yes(propose: Propose, confirm: Any) -> None:
    worker, head = propose("worker", "Riverside"), propose("station_head", "Riverside", user="ben")
    for grant_id, others in ((worker, ("hal", "oto", "cora", "sec")), (head, ("ann", "hal", "oto"))):
        for name in others:
            with pytest.raises((Forbidden, NotFound)):
                confirm(grant_id, name)
    for name in ("bo", "chen", "tao", "pia", "dee", "sam"):  # not even asked at the door
        with pytest.raises(Forbidden):
            confirm(worker, name)
    assert {state(worker), state(head)} == {"proposed"}


def test_one_role_says_yes_once_and_one_person_never_twice(propose: Propose, confirm: Any, cast: Any) -> None:
    grant_id = propose("station_head", "Riverside")
    confirm(grant_id, "cora")
    with pytest.raises(Conflict, match="given already"):
        confirm(grant_id, "cora")
    # Cora has meanwhile become a security admin: her second yes would be hers alone
    places.set_row(o.Grant, cast.grants["cora"], role="security_admin")
    with pytest.raises(Forbidden, match="another person"):
        confirm(grant_id, "cora")
    assert confirm(grant_id, "sec") == "active"


def test_nobody_grants_to_themselves_or_confirms_their_own(propose: Propose, confirm: Any, cast: Any) -> None:
    with pytest.raises(Forbidden, match="themselves"):
        propose("auditor", "county", user="sam")
    places.set_row(o.Grant, cast.grants["ann"], role="worker")  # a place without a head, so that Ann may be proposed
    places.set_row(o.User, cast.users["ann"], home_path=cast.paths["Riverside"])
    grant_id = propose("station_head", "Riverside", user="ann")
    places.set_row(o.Grant, cast.grants["ann"], role="station_head")
    with pytest.raises(Forbidden, match="own"):
        confirm(grant_id, "ann")
    places.set_row(o.Grant, grant_id, user_id=cast.users["ned"], proposed_by_id=cast.users["cora"])
    with pytest.raises(Forbidden, match="own proposal"):
        confirm(grant_id, "cora")


def test_the_only_head_is_confirmed_by_county_and_security_for_a_further_role(propose: Propose, confirm: Any) -> None:
    grant_id = propose("supervisor", "Riverside", user="ann")
    with pytest.raises((Forbidden, NotFound)):
        confirm(grant_id, "hal")
    confirm(grant_id, "cora")
    assert confirm(grant_id, "sec") == "active"


def test_a_township_of_two_stations_needs_county_and_security(propose: Propose, confirm: Any, app: Any, cast: Any) -> None:
    places.put("station", "Second", cast.paths["rivertown"], "s2", places.TOWN)
    grant_id = propose("township_supervisor", "rivertown")
    with pytest.raises(Forbidden):
        confirm(grant_id, "ann")
    confirm(grant_id, "cora")
    assert confirm(grant_id, "sec") == "active"


def test_a_new_station_waits_for_its_first_head(
    propose: Propose, confirm: Any, app: Any, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = places.put("station", "New", cast.paths["hilltown"], "s2", places.HILL)
    monkeypatch.setitem(cast.places, "New", new)
    worker, head = propose("worker", "New"), propose("station_head", "New", user="ben")
    with pytest.raises(NotFound):
        confirm(worker, "hal")
    confirm(head, "cora")
    assert confirm(head, "sec") == "active"
    monkeypatch.setitem(cast.users, "newhead", cast.users["ben"])
    monkeypatch.setitem(cast.grants, "newhead", head)
    assert confirm(worker, "newhead") == "active"


MIXED = (
    ("bo", "county_officer", "county"),
    ("bo", "auditor", "county"),
    ("bo", "system_admin", "county"),
    ("cora", "worker", "Riverside"),
    ("dee", "station_head", "Riverside"),
    ("sec", "system_admin", "province"),
)


@pytest.mark.parametrize(("user", "role", "at"), MIXED)
def test_nobody_mixes_reading_files_with_offices(propose: Propose, user: str, role: str, at: str) -> None:
    with pytest.raises(Invalid) as refused:
        propose(role, at, user=user)
    assert refused.value.code == "roles_mixed"


def test_a_mix_is_found_also_where_two_proposals_cross(propose: Propose, confirm: Any, cast: Any) -> None:
    grant_id = propose("worker", "Riverside")
    places.set_row(o.Grant, cast.grants["dee"], user_id=cast.users["ned"])  # meanwhile he audits
    with pytest.raises(Conflict, match="another group"):
        confirm(grant_id, "ann")
    assert state(grant_id) == "proposed"


def test_what_a_proposal_cannot_be(propose: Propose, cast: Any) -> None:
    today = clock.today()
    for wrong, role, at, more in (
        ("not granted on", "worker", ("rivertown",), {}),
        ("not granted on", "township_supervisor", ("Riverside",), {}),
        ("Choose one place", "worker", ("Riverside", "Hillside"), {}),
        ("several counties", "supervisor", ("Riverside", "Faraway"), {}),
        ("before the first", "worker", ("Riverside",), {"to_on": today - timedelta(days=1)}),
    ):
        with pytest.raises(Invalid) as refused:
            propose(role, *at, **more)
        assert wrong in str(refused.value.fields)
    with pytest.raises(Conflict):
        propose("worker", "Riverside", user="bo")
    places.set_row(o.Organisation, cast.places["Hillside"], closed_on=today)
    with pytest.raises(Invalid):
        propose("worker", "Hillside")
    places.set_row(o.User, cast.users["ned"], disabled_at=clock.now())
    with pytest.raises(Conflict):
        propose("worker", "Riverside")


def test_an_administrator_stays_inside_the_own_part_of_the_tree(propose: Propose, cast: Any) -> None:
    places.set_row(o.Grant, cast.grants["sam"], organisation_id=cast.places["county"])
    db.session.rollback()
    with system_session("Sam of the county", write=True) as session:
        session.get(o.GrantPlace, (cast.grants["sam"], cast.places["province"])).path = cast.paths["county"]
        session.get(o.User, cast.users["ned"]).home_path = cast.paths["Riverside"]
    with pytest.raises(Forbidden):
        propose("worker", "Faraway")
    with pytest.raises(NotFound):
        propose("worker", "Riverside", user="far")
    propose("worker", "Riverside")


def test_what_changed_since_the_proposal_stops_it(propose: Propose, confirm: Any, cast: Any) -> None:
    grant_id = propose("worker", "Riverside", to_on=clock.today() + timedelta(days=3))
    for model, key, before, after in (
        (o.User, cast.users["ned"], {"disabled_at": clock.now()}, {"disabled_at": None}),
        (o.Organisation, cast.places["Riverside"], {"closed_on": clock.today()}, {"closed_on": None}),
        (o.Grant, grant_id, {"to_on": clock.today() - timedelta(days=1)}, {"to_on": None}),
        (o.Grant, grant_id, {"state": "ended"}, {"state": "refused"}),
    ):
        places.set_row(model, key, **before)
        with pytest.raises(Conflict):
            confirm(grant_id, "ann")
        places.set_row(model, key, **after)
    places.set_row(o.Grant, grant_id, state="proposed")
    assert confirm(grant_id, "ann") == "active"


def test_a_confirmer_whose_own_role_is_over_is_not_one(propose: Propose, confirm: Any, cast: Any) -> None:
    grant_id = propose("worker", "Riverside")
    places.set_row(o.Grant, cast.grants["ann"], to_on=clock.today() - timedelta(days=1))
    with system_session("over") as session:
        assert identity.for_grant(session, cast.users["ann"], cast.grants["ann"], clock.today()) is None
    places.set_row(o.Grant, cast.grants["ann"], to_on=None)
    places.set_row(o.User, cast.users["ann"], disabled_at=clock.now())
    with system_session("disabled") as session:
        assert identity.for_grant(session, cast.users["ann"], cast.grants["ann"], clock.today()) is None
    assert state(grant_id) == "proposed"


def test_a_no_with_its_reason_is_the_end(propose: Propose, confirm: Any, as_: Any) -> None:
    grant_id = propose("worker", "Riverside")
    service.refuse(grant_id, Refuse("not known here"), as_("ann"))
    db.session.commit()
    with pytest.raises(Conflict):
        confirm(grant_id, "ann")
    sam = as_("sam")
    (told,) = queries.of_user(db.session.get(o.User, db.session.get(o.Grant, grant_id).user_id))
    assert (told.grant.state, told.given["station_head"].note, sam.role) == ("refused", "not known here", "system_admin")


def test_an_ended_role_takes_its_tokens_along(as_: Any, cast: Any) -> None:
    now = clock.now()
    db.session.rollback()
    with system_session("token", write=True) as session:
        token = o.ApiToken(user_id=cast.users["bo"], grant_id=cast.grants["bo"], token_hash=b"t" * 32, made_at=now)
        token.expires_at = now + timedelta(hours=8)
        session.add(token)
        session.flush()
        token_id = token.id
    sam = as_("sam")
    grant = queries.one(cast.grants["bo"], sam)
    with pytest.raises(Conflict):
        service.end(Reasoned("left", grant.version + 1), grant, sam)
    service.end(Reasoned("left", grant.version), grant, sam)
    db.session.commit()
    run_side_writes()
    with system_session("look") as session:
        assert session.get(o.ApiToken, token_id).ended_at is not None
        assert identity.live_grants(session, cast.users["bo"], clock.today()) == []


def test_the_people_of_the_place_see_a_new_role(propose: Propose, confirm: Any, as_: Any) -> None:
    grant_id = propose("worker", "Riverside")
    assert own.recent_for_station(as_("bo")) == []
    confirm(grant_id, "ann")
    for name in ("bo", "ben", "ann", "chen", "tao"):
        assert [(seen.name, seen.role) for seen in own.recent_for_station(as_(name))] == [("Ned", "worker")], name
    for name in ("eve", "far", "cora"):
        assert own.recent_for_station(as_(name)) == [], name


def test_who_reads_the_township_is_seen_by_its_station(propose: Propose, confirm: Any, as_: Any, cast: Any) -> None:
    confirm(propose("township_supervisor", "rivertown"), "ann")
    assert [seen.role for seen in own.recent_for_station(as_("bo"))] == ["township_supervisor"]
    assert own.recent_for_station(as_("eve")) == []


def test_an_area_without_a_county_has_a_bureau_that_confirms(
    propose: Propose, confirm: Any, app: Any, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A management area right under the province: its stations' heads and a supervisor of two of its townships."""
    area = places.put("management_area", "Area", "/22/", "x22-cbs", "X22-CBS", "management_area")
    monkeypatch.setitem(cast.places, "area", area)
    for number in ("1", "2"):
        code = f"22990010{number}000"
        places.put("township", f"Town {number}", "/22/x22-cbs/", code[:9], code, "township")
        station = places.put("station", f"Station {number}", f"/22/x22-cbs/{code[:9]}/", "s1", code)
        monkeypatch.setitem(cast.places, f"S{number}", station)
    bureau = propose("county_officer", "area")
    assert state(bureau) == "active"
    monkeypatch.setitem(cast.users, "area", cast.users["ned"])
    monkeypatch.setitem(cast.grants, "area", bureau)
    for grant_id in (propose("supervisor", "S1", "S2", user="ben"), propose("station_head", "S1", user="eve")):
        with pytest.raises((Forbidden, NotFound)):
            confirm(grant_id, "cora")
        confirm(grant_id, "area")
        assert confirm(grant_id, "sec") == "active"


def test_contractors_lie_in_the_scope_of_who_buys_from_them(
    propose: Propose, as_: Any, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cast.places, "bought", places.contractor(cast))
    assert state(propose("contractor_manager", "bought")) == "active"
    with pytest.raises(Forbidden):
        propose("contractor_manager", "contractor", user="ben")  # nobody of ours buys from it
    with pytest.raises(NotFound):
        queries.one(cast.grants["con"], as_("sam"))


def test_waiting_lists_cost_the_same_for_one_and_for_many(
    propose: Propose, as_: Any, cast: Any, statements: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cost(name: str) -> tuple[int, int]:
        actor = as_(name)
        with statements() as sent:
            found = queries.waiting(actor)
        return len(found), len(sent)

    propose("station_head", "Riverside"), propose("worker", "Riverside")
    assert {name: cost(name) for name in ("ann", "cora", "sec")} == {"ann": (1, 7), "cora": (1, 7), "sec": (1, 7)}
    db.session.rollback()
    with system_session("many", write=True) as session:
        for number in range(30):
            user = o.User(username=f"many{number}", name=f"Many {number}", home_path="/22/", created_at=clock.now())
            session.add(user)
            session.flush()
            for role in ("worker", "station_head"):
                grant = o.Grant(
                    user_id=user.id, role=role, organisation_id=cast.places["Riverside"], state="proposed", reason="x"
                )
                grant.from_on, grant.proposed_at = clock.today(), clock.now()
                session.add(grant)
                session.flush()
                path = cast.paths["Riverside"]
                session.add(o.GrantPlace(grant_id=grant.id, organisation_id=grant.organisation_id, path=path))
    assert {name: cost(name) for name in ("ann", "cora", "sec")} == {"ann": (31, 7), "cora": (31, 7), "sec": (31, 7)}
    monkeypatch.setattr(queries, "LOT", 7)  # in lots all of them are found too
    assert cost("sec")[0] == 31
    with system_session("all") as session:
        assert session.scalar(select(func.count(o.Grant.id)).where(o.Grant.state == "proposed")) == 62


def test_two_confirmations_at_the_same_moment_count_each_other(engine: Any, web: Any) -> None:
    cast = engine.cast
    with engine.app.app_context(), system_session("proposal", write=True) as session:
        grant = o.Grant(
            user_id=cast.users["ned"], role="station_head", organisation_id=cast.places["Riverside"], state="proposed"
        )
        grant.from_on, grant.proposed_at, grant.reason = clock.today(), clock.now(), "x"
        session.add(grant)
        session.flush()
        path = cast.paths["Riverside"]
        session.add(o.GrantPlace(grant_id=grant.id, organisation_id=grant.organisation_id, path=path))
        grant_id = grant.id
    browsers = [web("cora"), web("sec")]
    tokens = [browser.csrf() for browser in browsers]

    def press(browser: Any, token: str) -> int:
        url = f"/admin/grants/{grant_id}/confirm"
        return int(browser.client.post(url, data={"csrf_token": token}, headers=browser.headers).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(press, browsers, tokens)) == [302, 302]
    with engine.app.app_context():
        assert state(grant_id) == "active"
