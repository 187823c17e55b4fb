"""What every API noun shares: blueprint, strict reading of bodies and queries, page and created answers."""

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import flask_smorest
from flask import request, url_for
from flask_smorest.utils import get_appcontext
from marshmallow import RAISE, Schema, fields, validate
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from caseapp.core.errors import PreconditionRequired
from caseapp.core.paging import Page
from caseapp.queries.paging import LIMIT, MOST
from caseapp.schemas.base import CommandSchema, WholeInt, between

PREFIX = "/api/v1"
ETAG = re.compile(r'(?:W/)?"?(\d{1,9})(?::\w+)?"?')  # compression may add its name to ours


class StrictParser(FlaskParser):
    """Reads JSON bodies and query strings: unknown members refused, only real JSON, versions demanded."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE, "querystring": RAISE}

    def _raw_load_json(self, req: Any) -> Any:
        body = req.get_data(cache=True)
        if not body:
            return missing
        if not req.is_json:
            raise UnsupportedMediaType()
        return strict_json(body)

    def load_querystring(self, req: Any, schema: Schema) -> Any:
        """Each name once: a second value would be dropped silently."""
        if any(len(values) > 1 for _name, values in req.args.lists()):
            many = {n for n, field in schema.fields.items() if isinstance(field, fields.List)}
            if any(len(values) > 1 for name, values in req.args.lists() if name not in many):
                raise BadRequest()
        return super().load_querystring(req, schema)

    def pre_load(self, location_data: Any, *, schema: Schema, req: Any, location: str) -> Any:
        """Takes the version from `If-Match` where the body has none; 428 where it is due and both are missing."""
        version = schema.fields.get("version") if location == "json" and not schema.many else None
        if version is None or not (location_data is missing or isinstance(location_data, dict)):
            return location_data
        data: dict[str, Any] = dict(location_data) if isinstance(location_data, dict) else {}
        if "version" not in data:
            found = ETAG.fullmatch(req.headers.get("If-Match", "").strip())
            if found:
                data["version"] = int(found[1])
            elif version.required:
                raise PreconditionRequired()
        return data

    def _handle_invalid_json_error(self, error: Any, req: Any, *arguments: Any, **more: Any) -> NoReturn:
        raise BadRequest() from error


def strict_json(body: bytes) -> Any:
    """The JSON of a body; 400 for what is not JSON, too deep, says a member twice, or holds half characters no database takes."""
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant, object_pairs_hook=_each_once)
        if b"\\u" in body:  # only an escape can make a lone surrogate
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:  # UnicodeError is a ValueError
        raise BadRequest() from error
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A second member of a name would be taken silently in place of the first."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member stands twice")
    return found


class ApiBlueprint(flask_smorest.Blueprint):
    """A noun of the API. Every view must carry its door stamp before it is registered."""

    ARGUMENTS_PARSER = StrictParser()

    def _store_endpoint_docs(self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any) -> None:
        if not hasattr(obj, "access"):
            raise TypeError(f"API view {endpoint} says not who may enter: put @requires directly above it")
        super()._store_endpoint_docs(endpoint, obj, parameters, tags, **options)

    def response(self, status_code: int, schema: Any = None, **more: Any) -> Callable[[Any], Any]:
        """As flask-smorest's; an answer with a version also carries it as ETag, ready for `If-Match`."""
        decorate = super().response(status_code, schema, **more)

        def wrap(view: Any) -> Any:
            inner = decorate(view)

            @wraps(inner)
            def answer(*arguments: Any, **values: Any) -> Any:
                response = inner(*arguments, **values)
                body = get_appcontext().get("result_dump")
                if isinstance(body, dict) and isinstance(body.get("version"), int):
                    response.headers.setdefault("ETag", f'"{body["version"]}"')
                return response

            return answer

        return wrap


def api_blueprint(noun: str, module: str, description: str = "") -> ApiBlueprint:
    """The blueprint of a noun; endpoints are `api_<noun>.<function>`, addresses are given in full below /api/v1."""
    return ApiBlueprint(f"api_{noun}", module, url_prefix=PREFIX, description=description)


class API(flask_smorest.Api):
    """flask-smorest without its own error handler and pages: ours answer problem+json (stack.md, pitfall 4)."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """None: `blueprints/http/errors.py` answers for pages and API."""

    def _register_responses(self) -> None:
        """None: `openapi.py` describes our problems."""

    def _register_pagination_header(self) -> None:
        """None: pages go by cursor (stack.md: its own paging breaks its own schema)."""


class ListQuery(CommandSchema):
    """Query of a list: how many and from where; a noun adds its filters. Unknown names are refused."""

    limit = WholeInt(load_default=LIMIT, validate=between(1, MOST))
    cursor = fields.String(load_default=None, validate=validate.Length(1, 2000))


class NoBody(CommandSchema):
    """A POST that takes nothing: an empty body or {}."""


_pages: dict[str, type[Schema]] = {}


def page_of(schema: type[Schema]) -> type[Schema]:
    """The schema of a page of something: `{items, next}`; dumps a core Page as it is."""
    name = schema.__name__.removesuffix("Schema").removesuffix("Out") + "Page"
    if name not in _pages:
        _pages[name] = Schema.from_dict(
            {
                "items": fields.List(fields.Nested(schema), required=True),
                "next": fields.String(required=True, allow_none=True, metadata={"description": "Cursor of the next page."}),
            },
            name=name,
        )
    return _pages[name]


def page_answer(page: Page[Any], dump: Callable[[list[Any]], Any] | None = None) -> dict[str, Any]:
    """`{items, next}` of a page, for views that shape the items themselves."""
    return {"items": dump(page.items) if dump else page.items, "next": page.next}


def created(body: Any, endpoint: str, **values: Any) -> tuple[Any, int, dict[str, str]]:
    """201 with `Location`, so that a repeat with the same Idempotency-Key can be shown."""
    return body, 201, {"Location": url_for(endpoint, **values)}


def shown(body: Any, endpoint: str, **values: Any) -> tuple[Any, int, dict[str, str]]:
    """200 with `Content-Location`: the object as it now is, after a transition or PATCH."""
    return body, 200, {"Content-Location": url_for(endpoint, **values)}


def bearer() -> str:
    """The token of this request."""
    return request.headers.get("Authorization", "").partition(" ")[2]
