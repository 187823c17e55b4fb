"""Sums of a means sheet, differences, gaps and the meeting of two writers: pure, against any lines."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from caseapp import reference
from caseapp.blueprints.assistance import merging
from caseapp.models.details.assistance.means import MEMBERS, MONEY
from caseapp.queries.details.assistance import gaps, sums

WHO = st.sampled_from([None, "aaaaaaaa", "bbbbbbbb", "cccccccc"])
PER = st.sampled_from(reference.codes("assistance_per").codes())


def lines(section):
    return st.lists(
        st.fixed_dictionaries(
            {
                "kind": st.sampled_from(reference.codes(f"assistance_{section}").codes()),
                "amount": st.integers(min_value=0, max_value=10**10),
                "per": PER,
                "times": st.one_of(st.none(), st.integers(min_value=1, max_value=366)),
                "who": WHO,
            }
        ),
        max_size=12,
    )


SHEETS = st.fixed_dictionaries({section: lines(section) for section in MONEY})
MEMBERS_OF = st.lists(st.booleans(), min_size=3, max_size=3).map(
    lambda said: [{"key": key * 8, "counted": one} for key, one in zip("abc", said, strict=True)]
)


@given(SHEETS, MEMBERS_OF)
def test_every_cent_of_a_counted_person_is_in_exactly_one_sum(sheet, members):
    """Added up by hand, in another order: the same, whatever the lines."""
    keys = {member["key"] for member in members if member["counted"]}
    found = sums.reckon(sheet, members)
    for section in MONEY:
        by_hand = 0
        for line in reversed(sheet[section]):
            if line["who"] is None or line["who"] in keys:
                per = {"month": 12, "quarter": 4, "year": 1, "once": 1, "day": 1}[line["per"]]
                by_hand += line["amount"] * (1 if section == "property" else line["times"] or per)
        assert found.total(section) == by_hand
    assert found.income + found.beside == found.total("income")
    assert found.after_deductions == found.income - found.total("deduction")
    assert found.members == len(keys)
    assert sums.Sums.read(found.kept()) == found
    assert (found.head(found.income) is None) == (not keys)


@given(SHEETS, SHEETS, MEMBERS_OF)
def test_differences_add_up(one, other, members):
    now, last = sums.reckon(one, members), sums.reckon(other, members)
    for section, rows in sums.beside(now, last).items():
        assert sum(row.difference for row in rows) == now.total(section) - last.total(section)
        assert len({row.kind for row in rows}) == len(rows)
    assert all(row.difference is None for rows in sums.beside(now, None).values() for row in rows)


def sheet(**more):
    base = {"enquired_on": "x", "methods": ["home"], "staff": [{"user": "1"}, {"user": "2"}], "consent_how": "signed"}
    return SimpleNamespace(**{**base, "consent_on": "x", "paper_place": "box", **more})


def sections(**more):
    found = {name: SimpleNamespace(section=name, saved=True, content=[]) for name in MONEY}
    members = SimpleNamespace(section=MEMBERS, saved=True, content=[{"key": "a", "counted": True}])
    return {MEMBERS: members, **found, **more}


def codes(found, needed):
    return [(gap.section, gap.code, gap.count) for gap in found if gap.needed is needed]


def test_a_whole_sheet_lacks_nothing_and_each_missing_thing_is_named():
    assert gaps.of(sheet(), sections()) == []
    assert codes(gaps.of(sheet(staff=[{"user": "1"}, {}]), sections()), True) == [("visit", "two_staff", 1)]
    assert codes(gaps.of(sheet(consent_how="refused"), sections()), True) == [("visit", "refused", 1)]
    open_ = sections(income=SimpleNamespace(section="income", saved=False, content=[{"evidence": None}]))
    assert codes(gaps.of(sheet(paper_place=None), open_), True) == [("income", "not_asked", 1), ("visit", "paper_place", 1)]
    undecided = sections(**{MEMBERS: SimpleNamespace(saved=True, content=[{"key": "a", "counted": None}])})
    assert codes(gaps.of(sheet(), undecided), True) == [(MEMBERS, "undecided", 1), (MEMBERS, "nobody", 1)]


def test_gaps_that_stay_are_counted():
    content = [
        {"evidence": None, "basis": "declared", "who": None},
        {"evidence": "none", "basis": "verified", "who": "gone"},
        {"evidence": "bank", "basis": "verified", "place": None, "who": "a"},
    ]
    found = gaps.of(sheet(), sections(expense=SimpleNamespace(section="expense", saved=True, content=content)))
    assert codes(found, False) == [
        ("expense", "no_evidence", 2),
        ("expense", "declared", 1),
        ("expense", "no_place", 1),
        ("expense", "not_counted", 1),
    ]


ROW = st.fixed_dictionaries({"amount": st.integers(min_value=0, max_value=5), "kind": st.sampled_from("xyz")})


@given(
    st.dictionaries(st.sampled_from(["k1", "k2", "k3"]), ROW),
    st.dictionaries(st.sampled_from(["k1", "k2", "k3"]), ROW),
    st.dictionaries(st.sampled_from(["k1", "k2", "k3", "k4"]), ROW),
    st.lists(ROW, max_size=2),
)
def test_two_writers_lose_nothing(drawn, mine, theirs, added):
    """Mine stands wherever I changed something, theirs wherever only they did; what both changed is shown."""
    marks = {key: merging.digest(row) for key, row in drawn.items()}
    my_rows = [{"key": key, **row} for key, row in mine.items() if key in drawn] + [{"key": None, **row} for row in added]
    their_rows = [{"key": key, **row} for key, row in theirs.items()]
    found = merging.merge(marks, my_rows, their_rows)
    kept = {row["key"]: row for row in found.rows if row["key"]}
    assert [row for row in found.rows if row["key"] is None] == [row for row in my_rows if row["key"] is None]
    for row in my_rows:
        if row["key"] and merging.digest(row) != marks[row["key"]]:
            assert kept[row["key"]] == row, "what I changed stands"
    for row in their_rows:
        mine_now = next((one for one in my_rows if one["key"] == row["key"]), None)
        i_changed = mine_now is not None and merging.digest(mine_now) != marks[row["key"]]
        they_changed = merging.digest(row) != marks.get(row["key"])
        if they_changed and not i_changed:
            assert kept[row["key"]] == row, "what only they changed stands"
        if they_changed and i_changed and merging.digest(mine_now) != merging.digest(row):
            assert found.both[row["key"]] == row


def test_a_broken_base_is_no_base():
    assert merging.read("{") == {} and merging.read("[1]") == {} and merging.read("") == {}
