"""Texts handed to people: consent, privacy notice, rules for children's data; versioned, own wording, both languages."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from caseapp.reference.files import insist, read_folder


@dataclass(frozen=True)
class Section:
    """A heading with paragraphs and points; `code` names the element of law it answers."""

    code: str
    heading: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """One text in one language. Placeholders such as {station} stand where the page fills in a name."""

    kind: str
    version: str
    language: str
    title: str
    valid_from: date
    sections: tuple[Section, ...]
    placeholders: tuple[str, ...] = ()


def _text(data: dict[str, Any], tag: str, where: str) -> Text:
    sections = []
    for entry in data["sections"]:
        body = entry.get(tag, {})
        insist(
            body.get("heading") and (body.get("paragraphs") or body.get("points")),
            f"{where}: section {entry['code']} in {tag}",
        )
        sections.append(
            Section(
                entry["code"],
                body["heading"],
                tuple(body.get("paragraphs", ())),
                tuple(body.get("points", ())),
            )
        )
    return Text(
        data["kind"],
        data["version"],
        tag,
        data["title"][tag],
        date.fromisoformat(data["valid_from"]),
        tuple(sections),
        tuple(data.get("placeholders", ())),
    )


@cache
def _texts() -> dict[tuple[str, str, str], Text]:
    found = {}
    for name, data in read_folder("texts").items():
        insist(
            name == f"{data['kind']}-{data['version']}",
            f"texts/{name}.json: kind or version",
        )
        for tag in ("zh", "en"):
            found[data["kind"], data["version"], tag] = _text(data, tag, f"texts/{name}.json")
    return found


def text(kind: str, version: str | None = None, language: str = "zh") -> Text:
    """A text (`consent`, `consent_minor`, `privacy_notice`, `children_rules`); its newest version unless one is named."""
    tag = "en" if language[:2] == "en" else "zh"
    chosen = version or text_version(kind)
    return _texts()[kind, chosen, tag]


def text_version(kind: str) -> str:
    """The newest version of a kind of text; KeyError when there is none."""
    versions = [found for (name, _version, tag), found in _texts().items() if name == kind and tag == "zh"]
    if not versions:
        raise KeyError(kind)
    return max(versions, key=lambda found: (found.valid_from, found.version)).version
