"""What a view of figures is chosen by: codes of the catalogue, of areas and of periods, no figure and no word."""

from caseapp.schemas.base import Code, CommandSchema


class CompareViewSchema(CommandSchema):
    """Loads to a dict; whether there are such codes is asked when the view is opened."""

    table = Code(30, load_default=None)
    cell = Code(120, pattern=r"[A-Za-z0-9_.=;+-]{1,120}", load_default=None)
    area = Code(40, load_default=None)
    period = Code(10, load_default=None)
    against = Code(10, load_default=None)
