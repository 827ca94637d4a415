"""A file is put beside an application, or taken away again, while the person writes it."""

from __future__ import annotations

from typing import IO

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from promotion.applications.actions.step_finish import who_was_first
from promotion.applications.models import Application, ApplicationFile, ApplicationState
from promotion.applications.rights import require_own
from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.kernel.attachments import keep

MOST = 10
_WRITABLE = (ApplicationState.DRAFT, ApplicationState.RETURNED)


@transaction.atomic
def attach_file(*, access: Access, application: Application, file: IO[bytes], name: str) -> ApplicationFile:
    """Raises ``Forbidden`` (not one's own), ``Refused`` (handed in; too many; a file that is not taken)."""
    require_own(access, application)
    _hold(application)
    if ApplicationFile.objects.filter(application=application, removed_at=None).count() >= MOST:
        raise Refused(_("At most %(most)s files.") % {"most": MOST}, code="file")
    stored = keep(access, file=file, name=name, about_employee_id=application.employee_id)
    found: ApplicationFile = ApplicationFile.objects.create(application=application, attachment=stored)
    _record(access, application, "application_filed", stored.sha256)
    return found


@transaction.atomic
def remove_file(*, access: Access, file: ApplicationFile) -> None:
    """Its content is erased with it: nobody has read it but the person. Raises as ``attach_file``."""
    require_own(access, file.application)
    _hold(file.application)
    if file.application.attempt == 0:
        file.attachment.content.delete()
    ApplicationFile.objects.filter(pk=file.pk, removed_at=None).update(removed_at=Now())
    _record(access, file.application, "application_unfiled", file.attachment.sha256)


def _hold(application: Application) -> None:
    """Nobody hands it in meanwhile. Raises ``Refused`` where somebody has."""
    rows = Application.objects.select_for_update().filter(pk=application.pk, state__in=_WRITABLE)
    if not rows.exists():
        application.refresh_from_db()
        raise Refused(who_was_first(application), code="state")


def _record(access: Access, application: Application, action: str, sha256: str) -> None:
    audit.record(
        access, action, object_type="application", object_key=application.pk, employee_id=application.employee_id,
        after={"sha256": sha256},
    )  # fmt: skip
