"""Marriage and family: what it is about, and the cooling-off period of a divorce."""

from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.models.casework import Case
from caseapp.models.details.affairs import FamilyMatter
from caseapp.queries.details.affairs import rows as queries
from caseapp.queries.details.affairs.file import cooling
from caseapp.schemas.details.affairs.base import Keep
from caseapp.services.details.affairs import promises, rows


def keep_family(command: Keep, case: Case, actor: Actor) -> FamilyMatter:
    """What is known stands as given. Needs case:write over an open case of marriage and family.

    While a divorce application runs, the end of the cooling-off period is a promise of the responsible worker.
    """
    detail = queries.of_matter(case, matter="family")
    values = dict(command.values)
    detail.kind = values.pop("kind")
    row = rows.keep(FamilyMatter, Keep(command.version, values), case, actor, "affairs.family_kept")
    term = cooling(case, row)
    if term is not None and row.cooling_state in (None, "running") and term.cools_until >= clock.today():
        promises.once(case, "cooling_off", term.cools_until, actor, user_id=case.worker_id)
    else:
        promises.kept(case, ("cooling_off",), actor)
    return row
