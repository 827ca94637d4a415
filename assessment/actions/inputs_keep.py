"""A published policy asks for inputs that nobody has asked for before: each takes a place in the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import connection, transaction

from assessment.actions.metric_add import free_slot, record_added
from assessment.measures import YES_NO
from assessment.models import Metric
from assessment.models.catalogue import MetricKind
from policy.language.checked import Input
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.locks import Lock


@transaction.atomic
def keep_inputs(*, access: Access, inputs: Iterable[Input]) -> list[Metric]:
    """An item for each key that the catalogue does not have; what was added. An item that is there serves every policy: what it
    means and its bounds are the document's, so that of the highest here only what holds for all is kept.

    Raises ``Refused`` where no slot is left, ``Forbidden``.
    """
    access.require(Thing.POLICY, Verb.DECIDE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.METRICS])
    known = set(Metric.objects.values_list("key", flat=True))
    added = [_item(one) for one in inputs if one.key not in known]
    for metric in added:
        record_added(access, metric)
    return added


def _item(asked: Input) -> Metric:
    yes_no = asked.unit == YES_NO
    taken = Metric.objects.filter(zh=asked.names.zh).exists()
    return Metric.objects.create(
        key=str(asked.key),
        kind=MetricKind.ITEM,
        zh=f"{asked.names.zh} ({asked.key})" if taken else asked.names.zh,
        en=asked.names.en,
        unit=asked.unit,
        lowest=min(asked.lo or Decimal(0), Decimal(0)),
        highest=Decimal(1) if yes_no else None,
        decimals=0 if yes_no or asked.unit == "count" else 4,
        slot=free_slot(),
    )
