"""How metrics are called and counted where they are asked: by the document in force there and then."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from psycopg2.extras import DateRange

from assessment.measures import Measure, catalogued, measure_of
from assessment.models import Doubt, Metric
from assessment.selectors.needs import Need
from policy.compiler.needs import inputs_asked
from policy.models import Adoption
from policy.selectors import checked
from staff.kernel.periods import Month
from staff.models import DepartmentClosure, DepartmentPeriod

#: Whose value, of which month, of which metric (ids).
Place = tuple[int, Month, int]


def measures_over(places: Iterable[tuple[int, Month, Metric]]) -> dict[Place, Measure]:
    """How each value is asked, of several people and months. Two queries at most, however many."""
    chosen = list(places)
    if not chosen:
        return {}
    first, last = min(month for _, month, _ in chosen).first_day, max(month for _, month, _ in chosen).next.first_day
    below = DepartmentClosure.objects.filter(ancestor=OuterRef("department")).values("descendant")
    adoptions = Adoption.objects.filter(period__overlap=DateRange(first, last)).select_related("version")
    documents = [
        (one.period, one.below, inputs_asked(checked(one.version, one.values)))
        for one in adoptions.order_by("pk").annotate(below=ArraySubquery(below))
    ]
    own = [each for each in documents if any(metric.key in each[2] for _, _, metric in chosen)]
    placed = DepartmentPeriod.objects.filter(employee__in={pk for pk, _, _ in chosen}) if own else []
    periods = [(one.employee_id, one.department_id, one.period) for one in placed]
    found = {}
    for pk, month, metric in chosen:
        day = month.last_day
        departments = {department for who, department, period in periods if who == pk and day in period}
        asked = (
            inputs[metric.key]
            for period, ids, inputs in own
            if day in period and departments & set(ids) and metric.key in inputs
        )
        found[pk, month, metric.pk] = measure_of(metric, next(asked, None))
    return found


def measures_doubted(doubts: Iterable[Doubt]) -> dict[int, Measure]:
    """Doubt's id → how the value that it is about is asked; none for a doubt about an event. Two queries at most."""
    about = [(doubt, doubt.metric) for doubt in doubts if doubt.metric is not None]
    measures = measures_over((doubt.employee_id, doubt.month, metric) for doubt, metric in about)
    return {doubt.pk: measures[doubt.employee_id, doubt.month, metric.pk] for doubt, metric in about}


def names_asked(found: Iterable[Need], metric: Metric) -> str:
    """What the documents that need a metric call it, each name once: ``出勤 · 出勤异常``."""
    measures = (need.measures.get(metric.pk, catalogued(metric)) for need in found if metric in need.metrics)
    return " · ".join(dict.fromkeys(one.name for one in measures)) or catalogued(metric).name
