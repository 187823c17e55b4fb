"""Documents of a person that count."""

from sqlalchemy import select

from caseapp.extensions import db
from caseapp.models.casework import Client, IdentityDocument
from caseapp.queries.casework.clients.indexes import CITIZEN


def citizen_number(client: Client) -> str | None:
    """The citizen number read from the newest paper that has one; None without such a paper."""
    query = select(IdentityDocument).where(
        IdentityDocument.client_id == client.id,
        IdentityDocument.kind.in_(sorted(CITIZEN)),
        IdentityDocument.voided_at.is_(None),
    )
    found: IdentityDocument | None = db.session.scalar(query.order_by(IdentityDocument.id.desc()).limit(1))
    return found.number if found is not None else None
