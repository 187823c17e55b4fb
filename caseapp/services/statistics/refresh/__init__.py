"""Facts of a period: counted from the true rows, kept up with what changed, settled at last; shown to nobody."""

from caseapp.services.statistics.refresh.recount import freeze_edition, recount, restore
from caseapp.services.statistics.refresh.run import open_periods, refresh
from caseapp.services.statistics.refresh.snapshot import freeze, mark, require_order

__all__ = ["freeze", "freeze_edition", "mark", "open_periods", "recount", "refresh", "require_order", "restore"]
