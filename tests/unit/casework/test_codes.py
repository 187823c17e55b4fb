"""Every code that a service writes has its words: a page never shows a bare code."""

import re
from pathlib import Path

import caseapp
from caseapp import domains, reference

SOURCES = "\n".join(path.read_text() for path in (Path(caseapp.__file__).parent / "services").rglob("*.py"))


def unknown(codes, kind):
    return sorted(code for code in codes if not reference.codes(kind).valid(code))


def test_tasks():
    kinds = set(re.findall(r"\bpromise(?:_once)?\(\s*[\w.]+(?:\s+or\s+[\w.]+)*,\s*\"(\w+)\"", SOURCES))
    assert len(kinds) > 6 and unknown(kinds, "task_kind") == []


def test_events_and_steps_of_a_case():
    steps = {step.name for domain in domains.all() for step in domain.workflow.steps}
    steps |= set(re.findall(r"events\.note\(\s*case,\s*\"(\w+)\"", SOURCES))
    assert unknown(steps, "case_step") == []
    statuses = {status for domain in domains.all() for step in domain.workflow.steps for status in (*step.froms, step.to)}
    assert unknown(statuses, "case_status") == []
