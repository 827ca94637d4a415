"""HR adds a metric: a row, no migration, no programmer."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from assessment.models import SLOTS, Metric
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.locks import Lock
from staff.kernel.refusals import told

#: One addition at a time: each takes the next free slot.
_ADDING = Lock.METRICS


@transaction.atomic
def add_metric(
    *,
    access: Access,
    key: str,
    kind: str,
    zh: str,
    en: str,
    unit: str,
    lowest: Decimal | None = None,
    highest: Decimal | None = None,
    decimals: int = 2,
    word_zh: str = "",
) -> Metric:
    """The next free slot is taken; without a lowest value it is 0.

    Raises ``Refused`` (key or name taken, bounds out of order, no slot left), ``Forbidden``.
    """
    access.require(Thing.POLICY, Verb.CREATE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADDING])
    metric = Metric(
        key=key.strip(),
        kind=kind,
        zh=zh.strip(),
        en=en.strip(),
        unit=unit,
        lowest=Decimal(0) if lowest is None else lowest,
        highest=highest,
        decimals=decimals,
        word_zh=word_zh.strip(),
        slot=free_slot(),
    )
    try:
        metric.full_clean(validate_constraints=False, validate_unique=False)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    with told(
        {
            "assessment_metric_key_key": _("The key `%(key)s` is taken.") % {"key": metric.key},
            "assessment_metric_zh_key": _("A metric is called %(name)s already.") % {"name": metric.zh},
            "metric_bounds_in_order": _("The lowest value lies above the highest."),
            "metric_decimals_kept": _("At most four decimals are kept."),
        }
    ):
        metric.save()
    record_added(access, metric)
    return metric


def record_added(access: Access, metric: Metric) -> None:
    """Whoever adds one, HR by hand or a policy that asks for it, the trail says the same of it."""
    audit.record(
        access,
        "metric_added",
        object_type="metric",
        object_key=metric.key,
        after={"zh": metric.zh, "unit": metric.unit, "slot": metric.slot},
    )


def free_slot() -> int:
    """For whoever holds the lock of additions. ``Refused`` where none is left."""
    taken = set(Metric.objects.values_list("slot", flat=True))
    free = next((slot for slot in range(1, SLOTS + 1) if slot not in taken), None)
    if free is None:
        raise Refused(
            _("All %(slots)s places for metrics are taken. The operator adds more with the next version.")
            % {"slots": SLOTS}
        )
    return free
