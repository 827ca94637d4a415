"""A group robot is added, changed, or switched on or off."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext as _

from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.refusals import told
from staff.models import Department, Robot

#: What the three services make tokens of.
_TOKEN = re.compile(r"[A-Za-z0-9_\-]{8,200}")


@transaction.atomic
def save_robot(
    *, access: Access, name: str, kind: str, token: str, secret: str = "", department: Department | None = None,
    enabled: bool = True, robot: Robot | None = None,
) -> Robot:  # fmt: skip
    """``robot``: the one to change; an empty ``token`` keeps its token and secret, which are never shown again.

    Raises ``Refused`` (a name that is taken, a token that cannot be one), ``Forbidden``.
    """
    access.require(Thing.JOB, Verb.UPDATE)
    row = robot or Robot()
    before = {"name": row.name, "enabled": row.enabled} if robot else None
    if token or robot is None:
        for key, value in (("token", token), ("secret", secret)):
            if (value or key == "token") and not _TOKEN.fullmatch(value.strip()):
                raise Refused(
                    _("That is no token: paste what stands after the last = or / of the robot's address."), code=key
                )
        row.token, row.secret = token.strip(), secret.strip()
    row.name, row.kind, row.department, row.enabled = name.strip(), kind, department, enabled
    row.set_by_id = access.account_id
    if not row.name:
        raise Refused(_("Give it a name."), code="name")
    taken = _("There is a robot of that name already.")
    with told({"staff_robot_name_key": taken}), transaction.atomic():
        row.save()
    audit.record(
        access, "robot_saved", object_type="robot", object_key=row.name, before=before,
        after={"name": row.name, "enabled": row.enabled},
    )  # fmt: skip
    return row
