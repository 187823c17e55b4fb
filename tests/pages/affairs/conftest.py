"""One person of Riverside, Bo's."""

from typing import Any

import pytest

from caseapp.access.system import system_session
from tests import rows


@pytest.fixture
def person(engine: Any) -> Any:
    """Wang."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        return rows.client(session, engine.cast, "Riverside", "王淑华", worker_id=engine.cast.users["bo"]).id
