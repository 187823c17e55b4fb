"""Facts as data files: code lists, target groups, catalogue, rules, instruments, texts, divisions; read once, checked when read.

Everything stored in a row is a code; the words stand here in both languages. Nothing here decides or writes.
"""

from caseapp.reference.catalogue import Catalogue, ServiceItem, catalogue
from caseapp.reference.codes import Code, CodeList, code_lists, codes, inverse_relation
from caseapp.reference.divisions import (
    DivisionRow,
    divisions,
    historic_codes,
    known_prefixes,
)
from caseapp.reference.documents import document_warning_words, document_warnings
from caseapp.reference.extracts import extract_kinds
from caseapp.reference.files import BrokenReference, Worded
from caseapp.reference.groups import (
    TargetGroup,
    group_choices,
    group_codes,
    target_groups,
)
from caseapp.reference.instrument_files import instrument, instruments, superseded
from caseapp.reference.instruments import Instrument
from caseapp.reference.protocols import Protocol, protocols
from caseapp.reference.rules import (
    Default,
    IntervalRule,
    Stage,
    default,
    defaults,
    interval_rules,
    rules_for,
    stages,
)
from caseapp.reference.scoring import BadAnswers, Result, score
from caseapp.reference.texts import Text, text, text_version

__all__ = [
    "BadAnswers",
    "BrokenReference",
    "Catalogue",
    "Code",
    "CodeList",
    "Default",
    "DivisionRow",
    "Instrument",
    "IntervalRule",
    "Protocol",
    "Result",
    "ServiceItem",
    "Stage",
    "TargetGroup",
    "Text",
    "Worded",
    "catalogue",
    "check_everything",
    "code_lists",
    "codes",
    "default",
    "defaults",
    "divisions",
    "document_warning_words",
    "document_warnings",
    "group_choices",
    "group_codes",
    "historic_codes",
    "instrument",
    "instruments",
    "interval_rules",
    "inverse_relation",
    "known_prefixes",
    "protocols",
    "rules_for",
    "score",
    "stages",
    "superseded",
    "target_groups",
    "text",
    "text_version",
]


def check_everything() -> None:
    """Reads every file, so that a broken one is named at start and by `doctor` rather than on somebody's page."""
    code_lists()
    groups, rules = target_groups(), interval_rules()
    for tag in groups.values():
        if tag.interval_rule is not None and tag.code not in rules[tag.interval_rule].values:
            raise BrokenReference(f"target group {tag.code}: its rule {tag.interval_rule} does not name it")
    for rule in rules.values():
        if rule.applies_to == "tag" and not rule.values <= groups.keys():
            raise BrokenReference(f"rule {rule.code} names an unknown tag")
    _check_instruments()
    catalogue(), stages(), defaults(), historic_codes(), extract_kinds()
    for kind in ("consent", "consent_minor", "privacy_notice", "children_rules"):
        text(kind)


def _check_instruments() -> None:
    """What instruments ask for is known: kinds of tasks, protocols, and visit rules of their levels."""
    kinds, known = codes("task_kind"), {one.code: one for one in instruments()}
    for one in known.values():
        unknown = [code for code in one.protocols if code not in protocols()]
        unknown += [task.kind for alert in one.alerts for task in alert.tasks if not kinds.valid(task.kind)]
        if unknown:
            raise BrokenReference(f"instrument {one.code} asks for what is unknown: {unknown}")
    for rule in interval_rules().values():
        for code, _colon, level in (value.partition(":") for value in rule.values if rule.applies_to == "level"):
            if code not in known or known[code].level(level) is None:
                raise BrokenReference(f"rule {rule.code} names the unknown level {code}:{level}")
