"""The head's page of doubled records."""

from typing import Any

from caseapp.access.permissions import Permission
from caseapp.blueprints.duplicates.blueprint import bp
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.queries.casework.clients import across
from caseapp.queries.organisation import villages


@bp.get("/duplicates")
@requires(Permission.CLIENT_MERGE)
def index() -> Any:
    """What waits to be settled."""
    waiting, settled = across.open_to_answer(), across.open_to_answer(done=True)
    people = [client for _match, client in (*waiting, *settled)]
    return page(
        "duplicates/index.html",
        waiting=waiting,
        settled=settled[:20],
        others=across.others(match for match, _client in (*waiting, *settled)),
        places=villages.names({client.residence_code for client in people}),
    )
