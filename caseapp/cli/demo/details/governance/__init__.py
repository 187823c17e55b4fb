"""Community governance in the demo: some residents' cases, communities with projects, and what stations keep of their own."""

from datetime import date
from typing import Any

from caseapp.cli.demo.details.governance import communities, papers
from caseapp.cli.demo.source import Row, at, sealed
from caseapp.cli.demo.story import Figure, Home, Story
from caseapp.models.details.governance import GovernanceDetail

ITEMS = ("D2.1", "D2.2", "D2.3", "D3.1", "D3.3", "D3.4", "D3.5")
HOMES = {
    "veteran": Home(4, (Figure((52, 74), ("CM01",), facts={"living": "spouse_only"}, sex="1"),), items=("D3.3", "D3.4")),
    "wife_left": Home(
        6,
        (Figure((32, 52), ("CM02",), facts={"living": "relatives"}, sex="2"),),
        (Figure((34, 54), relation=("husband", "husband")),),
        items=("D2.2", "D3.5"),
    ),
    "only_child": Home(3, (Figure((54, 70), ("CM03",), facts={"living": "spouse_only"}),), items=("D3.1", "D3.2")),
}


def content(cases: Any, case: Row, person: Any, wish: Any, assessed: date | None) -> None:
    """The typed row, with needs once they were assessed."""
    source, words, opened = cases.source, cases.words(case), case["opened_on"]
    key = source.key(at(opened, 660))
    cases.batch.add(
        GovernanceDetail, id=key, case_id=case["id"], version=1, matters=sorted(source.sample(("work", "mind", "welfare", "culture"), 2)),
        needs_enc=sealed("governance_detail", "needs_enc", key, source.pick(words["needs"])) if assessed else None,
        strengths_enc=sealed("governance_detail", "strengths_enc", key, source.pick(words["strengths"])) if assessed else None,
        **cases.stamp(case, opened, 660),
    )  # fmt: skip


def station(filler: Any) -> None:
    """Partners and a survey first: projects rest on them; then communities, requests and meetings."""
    partners = papers.partners(filler)
    surveys = papers.surveys(filler)
    communities.fill(filler, partners, surveys)
    papers.requests(filler)
    papers.meetings(filler)


STORY = Story(
    code="governance",
    homes=HOMES,
    cases={"veteran": 30, "wife_left": 45, "only_child": 25},
    share=9,
    items=ITEMS,
    words="governance",
    content=content,
    restricted_tag="CM06",
    restricted=0.02,
    station=station,
)
