"""Households: members on file and only named, relationships in both directions, who is absent for whom."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import func, select

from caseapp.access.policy import PurposeNeeded
from caseapp.access.system import system_session
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models.casework import Client, HouseholdMember, MemberLink
from caseapp.queries.casework import households as queries
from caseapp.schemas.casework.household import CreateHousehold, EditHousehold, MemberInput, Relate
from caseapp.services.casework import households as service
from tests import rows


@pytest.fixture
def people(engine):
    """Wang and his son Jun of Riverside, the minor Kid whom Bo is responsible for, Sun of Hillside."""
    cast = engine.cast
    with engine.app.app_context(), system_session("rows", write=True) as session:
        child = {"klass": "minor", "birth_on": date(2018, 5, 1), "worker_id": cast.users["bo"]}
        return {
            "wang": rows.client(session, cast, "Riverside", "Wang", sex="1").id,
            "jun": rows.client(session, cast, "Riverside", "Jun", sex="1", birth_on=date(1970, 1, 1)).id,
            "kid": rows.client(session, cast, "Riverside", "Kid", sex="2", **child).id,
            "sun": rows.client(session, cast, "Hillside", "Sun").id,
        }


def household(actor, people, *who: str):
    """A household of these people."""
    members = tuple(MemberInput("head" if i == 0 else "son", client_id=people[name]) for i, name in enumerate(who))
    return service.create(CreateHousehold("Wang household", "222403101201", "No. 3", "gate is blue", members), actor)


def everything(model):
    """Every row, whoever may see it."""
    db.session.commit()
    with system_session("look") as session:
        found = list(session.scalars(select(model).order_by(model.id)))
        session.expunge_all()
        return found


def test_members_know_their_household_and_numbers_run(as_, people):
    bo = as_("bo")
    first, second = household(bo, people, "wang", "jun"), household(bo, people)
    assert db.session.get(Client, people["wang"]).household_id == first.id
    assert first.household_no != second.household_no
    assert int(second.household_no[-4:]) == int(first.household_no[-4:]) + 1
    assert first.address == "No. 3"
    assert [m.relation_to_head for m in first.members] == ["head", "son"]


def test_a_relationship_stands_in_both_directions_and_changes_and_goes_in_both(as_, people):
    bo = as_("bo")
    row = household(bo, people, "wang", "jun")
    wang, jun = row.members
    service.relate(Relate(jun.id, wang.id, "son"), row, bo)
    assert {(li.from_id, li.kind) for li in queries.links(row)} == {(jun.id, "son"), (wang.id, "father")}
    service.relate(Relate(wang.id, jun.id, "adoptive_father"), row, bo)
    assert {(li.from_id, li.kind) for li in queries.links(row)} == {(wang.id, "adoptive_father"), (jun.id, "adopted_son")}
    service.unrelate(Relate(jun.id, wang.id, "son"), row, bo)
    assert queries.links(row) == []
    service.relate(Relate(jun.id, wang.id, "son"), row, bo)
    service.remove_member(jun, queries.one(row.id), bo)
    assert everything(MemberLink) == []
    assert {c.household_id for c in everything(Client) if c.id == people["jun"]} == {None}


def test_moving_to_another_household_leaves_the_first_without_a_trace_there(as_, people):
    bo = as_("bo")
    first, second = household(bo, people, "wang", "jun"), household(bo, people)
    wang, jun = first.members
    service.relate(Relate(jun.id, wang.id, "son"), first, bo)
    service.add_member(MemberInput("head", client_id=people["jun"]), second, bo)
    assert [m.client_id for m in queries.one(first.id).members] == [people["wang"]]
    assert [m.client_id for m in queries.one(second.id).members] == [people["jun"]]
    assert db.session.get(Client, people["jun"]).household_id == second.id
    assert everything(MemberLink) == []


def test_a_minor_is_met_in_the_household_only_by_whom_the_file_is_open_to(as_, people):
    bo = as_("bo")
    row = household(bo, people, "wang", "kid")
    wang, kid = row.members
    service.relate(Relate(kid.id, wang.id, "granddaughter"), row, bo)
    db.session.commit()
    key = row.id
    for name, seen in (("bo", 2), ("ann", 2), ("ben", 1), ("chen", 1), ("tao", 1)):
        as_(name)
        found = queries.one(key)
        assert len(found.members) == seen, name
        assert len(queries.links(found)) == (2 if seen == 2 else 0), name
    with pytest.raises(PurposeNeeded):
        household(as_("ben"), people, "kid")


def test_the_restricted_are_absent_even_for_the_supervisor(engine, as_, people):
    hidden = UUID(int=7)
    with engine.app.app_context(), system_session("rows", write=True) as session:
        rows.client(session, engine.cast, "Riverside", "Hidden", klass="P3", id=hidden, file_id=hidden)
    ann = as_("ann")
    row = household(ann, people | {"hidden": hidden}, "wang", "hidden")
    db.session.commit()
    key = row.id
    for name, seen in (("ann", 2), ("bo", 1), ("chen", 1), ("tao", 1)):
        as_(name)
        assert len(queries.one(key).members) == seen, name
    bo = as_("bo")
    with pytest.raises(NotFound):
        service.add_member(MemberInput("other", client_id=hidden), queries.one(key), bo)


def test_who_may_not(as_, people):
    bo = as_("bo")
    row = household(bo, people, "wang")
    with pytest.raises(NotFound):
        service.add_member(MemberInput("other", client_id=people["sun"]), row, bo)
    db.session.commit()
    key = row.id
    as_("eve")
    with pytest.raises(NotFound):
        queries.one(key)
    for name in ("tao", "chen"):
        actor = as_(name)
        with pytest.raises(Forbidden):
            service.edit(EditHousehold("Mine", 1), queries.one(key), actor)


def test_stale_version_unknown_place_too_many(as_, people):
    bo = as_("bo")
    row = household(bo, people, "wang")
    service.edit(EditHousehold("Li household", row.version, "222403101202"), row, bo)
    with pytest.raises(Conflict) as stale:
        service.edit(EditHousehold("Zhao household", 0), row, bo)
    assert stale.value.code == "stale_version"
    with pytest.raises(Invalid) as unknown:
        service.edit(EditHousehold("Zhao household", row.version, "222403101999"), row, bo)
    assert set(unknown.value.fields) == {"residence_code"}
    with pytest.raises(Invalid):
        service.create(CreateHousehold("Far", "999999999999"), bo)


def test_the_same_member_cannot_be_on_file_twice(as_, people):
    bo = as_("bo")
    row = household(bo, people, "wang")
    service.add_member(MemberInput("head", client_id=people["wang"]), queries.one(row.id), bo)
    query = select(func.count()).select_from(HouseholdMember).where(HouseholdMember.client_id == people["wang"])
    assert db.session.scalar(query) == 1


def test_the_list_costs_the_same_for_one_and_for_many(as_, people, statements):
    bo = as_("bo")
    household(bo, people, "wang")
    db.session.commit()
    as_("bo")
    with statements() as one:
        queries.people([m for row in queries.listed().items for m in row.members])
    bo = as_("bo")
    for n in range(30):
        service.create(CreateHousehold(f"Zhao {n}", members=(MemberInput("head", name=f"Named {n}"),)), bo)
    db.session.commit()
    as_("bo")
    with statements() as many:
        found = queries.listed()
        queries.people([m for row in found.items for m in row.members])
    assert len(many) == len(one)
    assert len(found.items) == 25
    rest = queries.listed(found.next)
    assert len(rest.items) == 6
    assert rest.next is None
