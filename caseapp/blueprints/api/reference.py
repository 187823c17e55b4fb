"""Reference data: divisions, instruments, the catalogue of service items. The same for everybody signed in."""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import select

from caseapp import reference
from caseapp.blueprints.api import ListQuery, api_blueprint, page_of
from caseapp.blueprints.http.guard import signed_in
from caseapp.extensions import db
from caseapp.models.organisation import Division
from caseapp.queries.paging import page
from caseapp.schemas.base import Code

bp = api_blueprint("reference", __name__, "Divisions, instruments, catalogue.")


class DivisionQuery(ListQuery):
    """Below which division; the province without one."""

    parent = Code(12, load_default=None)


class DivisionOut(Schema):
    """One division."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    parent = fields.String(required=True, allow_none=True, attribute="parent_code")
    counts_for_coverage = fields.Boolean(required=True)
    from_on = fields.Date(required=True, allow_none=True)
    to_on = fields.Date(required=True, allow_none=True)
    now_code = fields.String(required=True, allow_none=True)


class WordsOut(Schema):
    """A word in both languages."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class InstrumentItemOut(Schema):
    """One item: its code and the scores it may be given, as offered; a licensed text may be missing."""

    code = fields.String(required=True)
    title = fields.Nested(WordsOut, required=True)
    scores = fields.List(fields.Integer(), required=True)


class InstrumentGroupOut(Schema):
    """Items that belong together; `counts` is false where they add nothing to the total."""

    code = fields.String(required=True)
    title = fields.Nested(WordsOut, required=True)
    counts = fields.Boolean(required=True)
    items = fields.List(fields.Nested(InstrumentItemOut), required=True)


class InstrumentOut(Schema):
    """An instrument: what it is called, its version and how far it goes, what may be answered, source and licence.

    `restricted`: results are class P3 in any file. `everywhere`: taken by the cases of every domain.
    """

    code = fields.String(required=True)
    version = fields.String(required=True)
    title = fields.Nested(WordsOut, required=True)
    items = fields.Integer(required=True)
    maximum = fields.Integer(required=True)
    levels = fields.List(fields.String(), required=True)
    better = fields.String(required=True, metadata={"enum": ["high", "low"]})
    restricted = fields.Boolean(required=True)
    everywhere = fields.Boolean(required=True)
    groups = fields.List(fields.Nested(InstrumentGroupOut), required=True)
    source = fields.Nested(WordsOut, required=True)
    licence = fields.Nested(WordsOut, required=True)
    disclaimer = fields.Nested(WordsOut, required=True)


class CatalogueItemOut(Schema):
    """A service item of the catalogue in force (S-3.1 to S-3.5)."""

    code = fields.String(required=True)
    domain = fields.String(required=True)
    title = fields.Nested(WordsOut, required=True)


@bp.get("/divisions")
@bp.arguments(DivisionQuery, location="query")
@bp.response(200, page_of(DivisionOut))
@signed_in
def divisions(query: dict[str, Any]) -> Any:
    """Divisions below one, by code."""
    rows = select(Division).where(Division.parent_code == query["parent"])
    return page(db.session, rows, [Division.code], query["cursor"], query["limit"])


@bp.get("/instruments")
@bp.response(200, page_of(InstrumentOut))
@signed_in
def instruments() -> Any:
    """The instruments that can be used."""
    return {"items": [_instrument(row) for row in reference.instruments()], "next": None}


@bp.get("/catalogue")
@bp.response(200, page_of(CatalogueItemOut))
@signed_in
def catalogue() -> Any:
    """The provincial catalogue of service items."""
    items = [{"code": item.code, "domain": item.domain, "title": _words(item)} for item in reference.catalogue()]
    return {"items": items, "next": None}


def _words(row: Any) -> dict[str, str]:
    return {"zh": row.label("zh"), "en": row.label("en")}


def _instrument(row: Any) -> dict[str, Any]:
    return {
        "code": row.code,
        "version": row.version,
        "title": _words(row),
        "items": len(row.items),
        "maximum": row.maximum,
        "levels": [level.code for level in row.levels],
        "better": row.better,
        "restricted": row.klass is not None,
        "everywhere": row.everywhere,
        "groups": [_group(group) for group in row.groups],
        **{name: {tag: row.fact(name, tag) for tag in ("zh", "en")} for name in ("source", "licence", "disclaimer")},
    }


def _group(group: Any) -> dict[str, Any]:
    items = [
        {"code": item.code, "title": _words(item), "scores": [option.score for option in item.options]} for item in group.items
    ]
    return {"code": group.code, "title": _words(group), "counts": group.counts, "items": items}
