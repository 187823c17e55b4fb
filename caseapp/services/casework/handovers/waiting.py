"""What waits to be handed over falls when somebody else becomes responsible meanwhile, or the file ends."""

from sqlalchemy import update

from caseapp.access.system import joined
from caseapp.core import clock
from caseapp.models.casework import Case, Client, HandoverItem


def fall(row: Client | Case) -> None:
    """The line that waits for this file falls. Past the row rules: it is between two others than whoever acts, perhaps."""
    waits = HandoverItem.case_id == row.id if isinstance(row, Case) else HandoverItem.client_id == row.id
    statement = (
        update(HandoverItem)
        .where(waits, HandoverItem.state == "waiting")
        .values(state="fallen", answered_at=clock.now(), version=HandoverItem.version + 1)
    )
    with joined("what waits to be handed over") as session:
        session.execute(statement, execution_options={"synchronize_session": False})
