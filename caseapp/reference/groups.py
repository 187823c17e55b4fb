"""Target groups (对象类别): the tags a person may carry, with class and the visit rule that follows from them."""

from dataclasses import dataclass
from functools import cache

from caseapp.reference.codes import CLASSES, codes
from caseapp.reference.files import Worded, insist, read_json, unique, worded


@dataclass(frozen=True)
class TargetGroup(Worded):
    """One tag. P3 tags live with a restricted case, never on the client page (contract.md section 5)."""

    domain: str = ""
    klass: str = "P2"
    groups: frozenset[str] = frozenset()
    interval_rule: str | None = None
    age_from: int | None = None
    age_below: int | None = None
    note: str | None = None

    def fits_age(self, age: int | None) -> bool:
        """Whether a person of that age can belong; unknown ages always can. A mismatch is a warning, never a refusal."""
        if age is None:
            return True
        return (self.age_from is None or age >= self.age_from) and (self.age_below is None or age < self.age_below)


@cache
def target_groups() -> dict[str, TargetGroup]:
    """Every target group by code, in the order of the handbook."""
    where, found = "groups/target_groups.json", []
    for entry in read_json(where)["entries"]:
        code, zh, en = worded(entry, where)
        insist(
            codes("domain").valid(entry["domain"]),
            f"{where}: {code} has the domain {entry['domain']}",
        )
        insist(entry["class"] in CLASSES, f"{where}: {code} has the class {entry['class']}")
        found.append(
            TargetGroup(
                code,
                zh,
                en,
                entry,
                entry["domain"],
                entry["class"],
                frozenset(entry.get("groups", ())),
                entry.get("interval_rule"),
                entry.get("age_from"),
                entry.get("age_below"),
                entry.get("note"),
            )
        )
    unique((group.code for group in found), where)
    return {group.code: group for group in found}


def group_codes(group: str) -> frozenset[str]:
    """The tags of a group such as `special_elderly`, `left_behind`, `low_income`, `mental`."""
    return frozenset(code for code, tag in target_groups().items() if group in tag.groups)


def group_choices(language: str = "zh", domain: str | None = None, *, restricted: bool = False) -> list[tuple[str, str]]:
    """(code, name) to choose from; P3 tags only where a restricted case asks for them."""
    return [
        (tag.code, tag.label(language))
        for tag in target_groups().values()
        if (domain is None or tag.domain == domain) and (restricted or tag.klass != "P3")
    ]
