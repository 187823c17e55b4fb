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
from caseapp.reference.files import BrokenReference, Worded
from caseapp.reference.groups import (
    TargetGroup,
    group_choices,
    group_codes,
    target_groups,
)
from caseapp.reference.instrument_files import instrument, instruments
from caseapp.reference.instruments import Instrument
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
    "rules_for",
    "score",
    "stages",
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
    catalogue(), list(instruments()), stages(), defaults(), historic_codes()
    for kind in ("consent", "consent_minor", "privacy_notice", "children_rules"):
        text(kind)
