"""The second wall, built into PostgreSQL: roles with fewer rights than the owner, and policies on every table of persons.

`build` is called after every migration (`migrations/env.py`), so that a new table is under the wall from its first moment; `open_up`
before, because a column that a policy reads could not be changed. Between the two nobody but the owner sees a row. SQLite has
neither roles nor policies; there the authoriser (`adapters/rights.py`) and the row rules stand.
"""

from caseapp.models.wall.build import begin, build, is_built, open_up, stands, take_down
from caseapp.models.wall.policies import FREE, SETTINGS, guarded
from caseapp.models.wall.roles import APP, AUDITOR, BUREAU, role_name

__all__ = [
    "APP",
    "AUDITOR",
    "BUREAU",
    "FREE",
    "SETTINGS",
    "begin",
    "build",
    "guarded",
    "is_built",
    "open_up",
    "role_name",
    "stands",
    "take_down",
]
