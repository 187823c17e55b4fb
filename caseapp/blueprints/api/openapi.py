"""The description of the API: OpenAPI 3 as JSON, and a small readable page made from it. Both open to anybody."""

import json
import re
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template
from flask_smorest.spec.plugins import FlaskPlugin

from caseapp.blueprints.http.guard import Access, public

bp = Blueprint("api_docs", __name__, url_prefix="/api/v1")

WORDS = {
    "400": "Not a request that can be understood: no JSON, or the same query name twice.",
    "401": "No token, or one that has ended.",
    "403": "Inside the scope of the grant, but not permitted to its role.",
    "404": "Absent, or outside the scope of the grant.",
    "405": "This address does not take that method; see `Allow`.",
    "409": "Stale version, a state that does not allow it, or a double.",
    "413": "The body is too large.",
    "415": "The body is not application/json.",
    "422": "Members that are wrong, missing or unknown; `fields` says which.",
    "428": "Neither `version` nor `If-Match` was sent.",
    "429": "Too fast; see `Retry-After`.",
}
ARGUMENT = re.compile(r"{(\w+)}")
RESOURCES = {  # schema of an answer → the argument by which addresses name such an object
    "Assessment": "assessment_id",
    "Case": "case_id",
    "Client": "client_id",
    "Consent": "consent_id",
    "ExportOut": "export_id",
    "Household": "household_id",
    "Plan": "plan_id",
    "Enrolment": "enrolment_id",
    "ReleaseOut": "release_id",
    "Review": "review_id",
    "TagOut": "tag_id",
    "VisitOut": "visit_id",
    "WholeCase": "case_id",
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. No message repeats an ID number, phone or name that was sent.",
    "required": ["type", "title", "status", "detail", "code", "ref"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable; for programs."},
        "ref": {"type": "string", "description": "For asking about this very answer."},
        "fields": {"type": "object", "description": "Messages by member, for 422.", "additionalProperties": True},
    },
}
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 8, "maxLength": 64, "pattern": "^[A-Za-z0-9._-]{8,64}$"},
    "description": "A repeat with the same key and body within 48 h returns the first success and makes nothing new.",
}
MATCH: dict[str, Any] = {
    "in": "header",
    "name": "If-Match",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    "description": "The version this change is based on, in place of the member `version`.",
}


@bp.get("/openapi.json")
@public
def document() -> Response:
    """The whole description."""
    return Response(json.dumps(description(), ensure_ascii=False, default=str), mimetype="application/json")


@bp.get("/docs")
@public
def docs() -> str:
    """A page to read it without tools."""
    whole = description()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "responses" in operation:
                groups.setdefault(operation["tags"][0], []).append({"path": path, "method": method.upper(), **operation})
    return render_template("api/docs.html", groups=groups, schemas=whole["components"]["schemas"])


def description() -> dict[str, Any]:
    """The OpenAPI document, completed once: security, problems and headers that no view needs to repeat."""
    kept: dict[str, Any] | None = current_app.extensions.get("caseapp-openapi")
    if kept is None:
        kept = current_app.extensions["caseapp-openapi"] = _complete(current_app, current_app.extensions["caseapp-api"])  # type: ignore[arg-type]
    return kept


def _complete(app: Flask, api: Any) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(json.dumps(api.spec.to_dict(), default=str))
    parts = whole.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = PROBLEM
    parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "description": "From POST /api/v1/tokens."}}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    parts["responses"] = {f"Problem{code}": {"description": words, "content": problem} for code, words in WORDS.items()}
    parts["responses"]["Problem"] = {"description": "Any other refusal.", "content": problem}
    whole["info"]["description"] = (
        "JSON only. Lists are paged by an opaque cursor. Ids are UUIDv7, instants ISO 8601 with offset, dates local dates of "
        "Asia/Shanghai. A name of a person or place stays Chinese."
    )
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        methods = whole["paths"].get(FlaskPlugin.flaskpath2openapi(rule.rule))
        if methods is None or access is None:
            continue
        for method in (rule.methods or set()) & {"GET", "POST", "PATCH", "PUT", "DELETE"}:
            operation = methods[method.lower()]
            operation["operationId"] = rule.endpoint
            _finish(method, operation, access, with_path=bool(rule.arguments), parts=parts)
    _link(whole["paths"], parts.setdefault("links", {}))
    return whole


def _finish(method: str, operation: dict[str, Any], access: Access, *, with_path: bool, parts: dict[str, Any]) -> None:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    versioned = "version" in parts["schemas"].get(body.get("$ref", "").rpartition("/")[2], {}).get("properties", {})
    possible = {"405"} | ({"429"} if access.public else {"401"})
    possible |= {"401", "404"} if body else set()  # a wrong password; a row that the body names and nobody here may see
    possible |= {"403"} if access.permissions else set()
    possible |= {"404"} if with_path else set()
    possible |= {"400", "422"} if body or operation.get("parameters") else set()
    possible |= {"400", "413", "415"} if body else set()
    possible |= {"409", "422"} if method in ("POST", "PATCH", "PUT") else set()
    possible |= {"428"} if versioned else set()
    operation["security"] = [] if access.public else [{"bearer": []}]
    if method == "POST" and not access.public:
        operation.setdefault("parameters", []).append(KEY)
    if versioned:
        operation.setdefault("parameters", []).append(MATCH)
        schema = parts["schemas"][body["$ref"].rpartition("/")[2]]
        schema["required"] = [name for name in schema.get("required", []) if name != "version"]  # or `If-Match`
        if not schema["required"]:
            del schema["required"]
    responses = operation.setdefault("responses", {})
    for code in sorted(possible):
        responses[code] = {"$ref": f"#/components/responses/Problem{code}"}
    responses["default"] = {"$ref": "#/components/responses/Problem"}
    if "201" in responses:
        responses["201"].setdefault("headers", {})["Location"] = {"schema": {"type": "string"}}
    for answer in (responses.get("200", {}), responses.get("201", {})):
        shown = answer.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
        if "version" in parts["schemas"].get(shown, {}).get("properties", {}):
            answer.setdefault("headers", {})["ETag"] = {"schema": {"type": "string", "pattern": MATCH["schema"]["pattern"]}}


def _link(paths: dict[str, Any], kept: dict[str, Any]) -> None:
    """What can be done with an object that was made or read: links to every operation whose address takes its id."""
    known = [(path, method, each) for path, methods in paths.items() for method, each in methods.items() if "operationId" in each]
    for source, method, operation in known:
        answer = operation["responses"].get("200" if method == "get" else "201", {})
        schema = answer.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
        own = RESOURCES.get(schema.rpartition("/")[2])
        for path, _method, target in known if own else ():
            if (parameters := _carried(own, source, path)) and target is not operation:
                if MATCH in target.get("parameters", ()) and "ETag" in answer.get("headers", ()):
                    parameters["header.If-Match"] = "$response.header.ETag"
                name = target["operationId"].replace(".", "_")
                kept[name] = {"operationId": target["operationId"], "parameters": parameters}
                answer.setdefault("links", {})[name] = {"$ref": f"#/components/links/{name}"}


def _carried(own: str | None, source: str, path: str) -> dict[str, str] | None:
    """Where each argument of an address comes from: the object's own id, or the same argument of the call before."""
    wanted = ARGUMENT.findall(path)
    known = {name: f"$request.path.{name}" for name in ARGUMENT.findall(source)} | {own: "$response.body#/id"}
    return {name: known[name] for name in wanted} if own in wanted and set(wanted) <= set(known) else None
