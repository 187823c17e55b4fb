"""The head's page of doubled records."""

from typing import Any

from caseapp.access.permissions import Permission
from caseapp.blueprints.duplicates.blueprint import bp
from caseapp.blueprints.duplicates.words import REASONS
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.queries.casework.clients import across, lookalikes, merging
from caseapp.queries.organisation import villages


@bp.get("/duplicates")
@requires(Permission.CLIENT_MERGE)
def index() -> Any:
    """What looks alike at the station, what another station has on file too, and what was joined."""
    alike = lookalikes.of_station(the_actor())
    waiting, settled = across.open_to_answer(), across.open_to_answer(done=True)
    return page(
        "duplicates/index.html",
        alike=alike,
        reasons=REASONS,
        waiting=waiting,
        settled=settled[:20],
        merges=merging.recent(),
        others=across.others(match for match, _client in (*waiting, *settled)),
        places=villages.names({row.residence_code for pair in alike for row in (pair.one, pair.two)}),
    )
