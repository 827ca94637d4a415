"""Which monthly facts a policy rests on: what must be reported for it to be judged at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from policy.catalogue import Catalogue, Metric
from policy.language.checked import Checked


def ladder_metrics(policy: Checked) -> tuple[Metric, ...]:
    """Every metric that the ladder reads, in the order in which the document first speaks of it.

    A parameter or reading counts where an expression uses it, for it is substituted there.
    """
    return _each(policy.ladder)


def result_metrics(policy: Checked) -> tuple[Metric, ...]:
    """The same for what concerns everybody governed, on a tier or not: scorecard, cases, pay."""
    return _each((policy.scorecard, policy.cases, policy.pay))


def _each(part: object) -> tuple[Metric, ...]:
    found: dict[str, Metric] = {}
    for metric in _inside(part):
        found.setdefault(metric.key, metric)
    return tuple(found.values())


def _inside(value: object) -> Iterator[Metric]:
    if isinstance(value, Metric):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _inside(part)
    elif is_dataclass(value) and not isinstance(value, Catalogue):
        for one in fields(value):
            yield from _inside(getattr(value, one.name))
