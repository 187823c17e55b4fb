"""Input of an export, and how releases, tables and exports go out."""

from dataclasses import dataclass

from marshmallow import Schema, fields, validate

from caseapp.core.text import _l
from caseapp.schemas.base import Code, CommandSchema, Line

FORMATS = ("xlsx", "csv", "json", "sdmx")


@dataclass(frozen=True)
class MakeExport:
    """Which file, what it is for, and of which table; of all where none is named."""

    format: str
    purpose: str
    table: str | None = None


class MakeExportSchema(CommandSchema):
    """Loads to MakeExport."""

    makes = MakeExport
    format = fields.String(required=True, validate=validate.OneOf(FORMATS, error=_l("Choose XLSX, CSV, JSON or SDMX.")))
    purpose = Line(required=True, most=200)
    table = Code(30, load_default=None)


class ValueOut(Schema):
    """One value of a dimension."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    parent = fields.String(required=True, allow_none=True, metadata={"description": "Value of the dimension it lies within."})


class DimensionOut(Schema):
    """What a table is divided by; values that `overlap` do not add up to the total."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    overlap = fields.Boolean(required=True)
    within = fields.String(required=True, allow_none=True)
    values = fields.List(fields.Nested(ValueOut), required=True)


class TableOut(Schema):
    """One table of the catalogue."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    unit = fields.String(required=True)
    definition = fields.String(required=True)
    subject = fields.String(required=True)
    dimensions = fields.List(fields.Nested(DimensionOut), required=True)
    levels = fields.List(fields.String(), required=True)
    periods = fields.List(fields.String(), required=True)


class TablesOut(Schema):
    """All tables of the newest catalogue."""

    catalogue_version = fields.String(required=True)
    items = fields.List(fields.Nested(TableOut), required=True)


class PlaceOut(Schema):
    """One published area."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    parent = fields.String(required=True, allow_none=True)


class CellOut(Schema):
    """One published cell: a number, `*` where it is not shown, `-` where there is nothing to divide by."""

    geo = fields.String(required=True)
    dims = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "Code of the value by dimension; empty for the total."},
    )
    count = fields.String(required=True)


class FiguresOut(Schema):
    """The cells of one table at an area and the areas right below it."""

    release = fields.UUID(required=True)
    period = fields.String(required=True)
    cut_off_on = fields.Date(required=True)
    table = fields.String(required=True)
    unit = fields.String(required=True)
    definition = fields.String(required=True)
    protection = fields.String(required=True)
    dimensions = fields.List(fields.String(), required=True)
    areas = fields.List(fields.Nested(PlaceOut), required=True)
    cells = fields.List(fields.Nested(CellOut), required=True)


class ReleaseOut(Schema):
    """A frozen release of one quarter."""

    id = fields.UUID(required=True)
    period = fields.String(required=True)
    number = fields.Integer(required=True)
    catalogue_version = fields.String(required=True)
    cut_off_on = fields.Date(required=True)
    published_at = fields.AwareDateTime(required=True)
    cells = fields.Integer(required=True)
    hidden = fields.Integer(required=True)
    cells_sha256 = fields.String(required=True)
    supersedes_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The release this one corrects."})
    made_by = fields.String(required=True, allow_none=True)
    checked_by = fields.String(required=True, allow_none=True)
    previous_head = fields.String(required=True, allow_none=True)
    head = fields.String(
        required=True, allow_none=True, metadata={"description": "SHA-256 over all that the release says and the head before it."}
    )


class ExportOut(Schema):
    """A stored file; its address gives the bytes."""

    id = fields.UUID(required=True)
    format = fields.String(required=True)
    purpose = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    file_name = fields.String(required=True)
    watermark = fields.String(
        required=True, allow_none=True, metadata={"description": "Printed on every page: whose copy it is."}
    )
    sha256 = fields.String(required=True)


class CopyOut(Schema):
    """Whose copy a printed number is."""

    number = fields.String(required=True, attribute="row.watermark")
    made_by = fields.String(required=True, attribute="user")
    bureau = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True, attribute="row.made_at")
    purpose = fields.String(required=True, attribute="row.purpose")
    file_name = fields.String(required=True, attribute="row.file_name")
    format = fields.String(required=True, attribute="row.format")
    sha256 = fields.String(required=True, attribute="row.sha256")
    release = fields.UUID(required=True, attribute="release.id")
    period = fields.String(required=True, attribute="release.period")


class FiguresQuery(CommandSchema):
    """Which quarter and area; the newest and the grant's own where they are left out."""

    period = Code(pattern="20[0-9]{2}(Q[1-4]|M(0[1-9]|1[0-2]))", load_default=None)
    area = Code(40, load_default=None)
