"""Poor families in the demo: illness, disability, school fees, old age without support; sheets, applications and benefits in every state."""

from caseapp.cli.demo.details.assistance.content import content
from caseapp.cli.demo.details.assistance.homes import HOMES, rich
from caseapp.cli.demo.story import Story

STORY = Story(
    code="assistance",
    homes=HOMES,
    cases={"ill_family": 34, "disabled_son": 24, "single_parent": 18, "no_support": 14, "operation": 10},
    share=26,
    items=("A1.2", "A1.3", "A1.4", "A2.1", "A2.2", "A2.3", "A2.4"),
    words="assistance",
    content=content,
    rich=rich,
)
