"""What a view of figures is chosen by: codes of the catalogue, of areas and of periods, no number and no word."""

from caseapp.schemas.base import Code, CommandSchema


class CompareViewSchema(CommandSchema):
    """Loads to a dict; whether there are such codes is asked when the view is opened."""

    table = Code(30, load_default=None)
    cell = Code(120, pattern=r"[A-Za-z0-9_.=;+-]{1,120}", load_default=None)
    area = Code(40, load_default=None)
    period = Code(10, load_default=None)
    against = Code(10, load_default=None)


class DeskViewSchema(CommandSchema):
    """Loads to a dict: the desk of an area with one of its four figures."""

    figure = Code(20, load_default=None)
    area = Code(40, load_default=None)
    period = Code(10, load_default=None)


class TableViewSchema(CommandSchema):
    """Loads to a dict: one published table at an area."""

    table = Code(30, load_default=None)
    area = Code(40, load_default=None)
    period = Code(10, load_default=None)
