"""The distributions of the noise: moments, bounds, what never occurs, and that counts and keys decide alone."""

import numpy as np
import pytest

from caseapp.reference.statistics import newest, questions
from caseapp.services.statistics.noise import ptable


@pytest.mark.parametrize("count", range(1, 12))
def test_mean_nothing_variance_two_and_never_one_or_two(count: int) -> None:
    steps, chances = (np.array(part) for part in ptable.row(count))
    assert chances.sum() == pytest.approx(1)
    assert chances @ steps == pytest.approx(0, abs=1e-6)
    assert chances @ steps**2 == pytest.approx(ptable.VARIANCE, abs=1e-6)
    assert steps.min() >= -4 and steps.max() <= 4
    answers = count + steps[chances > 1e-9]
    assert not set(answers.tolist()) & {1, 2} and (answers >= 0).all()


def test_greatest_entropy_is_a_discrete_bell_where_nothing_binds() -> None:
    """Of all distributions with this mean and variance on -4..4 the one with p ~ exp(a + b d + c d²) is the widest."""
    steps, chances = (np.array(part) for part in ptable.row(50))
    logs = np.log(chances)
    fitted = np.polyval(np.polyfit(steps, logs, 2), steps)
    assert np.abs(fitted - logs).max() < 1e-3


def test_answers_follow_the_chances_and_depend_on_nothing_else() -> None:
    dice = np.random.default_rng(7)
    keys = dice.integers(0, 1 << 64, 40000, dtype=np.uint64)
    counts = np.full(len(keys), 3, dtype=np.int64)
    found = ptable.perturbed(counts, keys)
    assert (found == ptable.perturbed(counts, keys)).all() and (counts == 3).all()
    steps, chances = ptable.row(3)
    for step, chance in zip(steps, chances, strict=True):
        assert (found == 3 + step).mean() == pytest.approx(chance, abs=0.01)
    assert (ptable.perturbed(np.zeros(9, dtype=np.int64), keys[:9]) == 0).all()
    ends = ptable.perturbed(np.array([9, 9]), np.array([0, (1 << 64) - 1], dtype=np.uint64))
    assert ends.tolist() == [5, 13]


def test_nothing_is_explored_deeper_or_finer_than_it_is_published() -> None:
    catalogue = newest()
    found = questions(catalogue)
    levels = {m: max((t.levels for t in tables), key=len) for m, tables in catalogue.linked().items()}
    assert {("on_file", ("age_band", "sex")), ("services", ("served_age", "served_sex", "domain"))} <= {
        (q.measure, q.names) for q in found
    }
    for question in found:
        assert set(question.levels) <= set(levels[question.measure])
        assert len(question.names) < 2 or "township" not in question.levels
        assert not any(catalogue.dimensions[name].overlap for name in question.names)
    assert not {"hours", "duty"} & {question.measure for question in found}
