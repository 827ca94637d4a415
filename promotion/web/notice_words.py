"""How notices and objections read in the inbox and among what waits. An objector is told nothing by message: whose inbox holds
an answer would say who objected, so their answers wait among what is asked of them, for nobody else to read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from promotion.notices.actions.objection_raise import answerers
from promotion.notices.models import Objection, ObjectionState
from promotion.notices.selectors import HR, own_objections, to_answer, to_post
from promotion.notices.terms import regrow
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.overdue import Overdue, register_overdue
from staff.kernel.todos import Todo, register_todos
from staff.kernel.told import Payload, register_message
from staff.kernel.workdays import Workdays, register_terms

#: For so many days an answer stands among what waits for whoever objected.
_ANSWER_DAYS = 10
#: Working days in which HR answers an objection (a reading: the documents name none).
TO_ANSWER = 5


def register_notice_words() -> None:
    """Called once, when the apps are up."""
    posted = gettext_lazy("Your promotion is posted for everybody to read.")
    raised = gettext_lazy("An objection to a public notice waits for HR's answer.")
    register_message("notice_posted", lambda payload: str(posted), _board)
    register_message("objection_raised", lambda payload: str(raised), lambda payload: reverse("admin:notices"))
    register_todos("notices", todos)
    register_overdue("notices", overdue)
    register_terms("notices", regrow)


def todos(access: Access) -> Iterable[Todo]:
    """HR's notices to post and objections to answer; answers to one's own objections. Five queries at most."""
    if access.in_roles(HR).may(Thing.NOTICE, Verb.CREATE):
        waiting = list(to_post(access).values_list("step_since", flat=True))
        if waiting:
            text = ngettext("%(n)d approved promotion to post", "%(n)d approved promotions to post", len(waiting))
            yield Todo(
                "notices:post",
                text % {"n": len(waiting)},
                reverse("admin:notices"),
                since=timezone.localdate(waiting[0]),
            )
        for objection in to_answer(access):
            text = _("%(number)s: an objection to answer") % {"number": objection.entry.notice.number}
            yield Todo(
                f"objection:{objection.pk}", text, reverse("admin:objection", args=[objection.pk]),
                due_on=objection.entry.notice.ends_on, since=timezone.localdate(objection.raised_at),
            )  # fmt: skip
    if access.employee_id is None:
        return
    since = access.day - timedelta(days=_ANSWER_DAYS)
    for objection in own_objections(access).exclude(state=ObjectionState.OPEN).filter(answered_at__date__gte=since):
        text = _("HR has answered your objection to %(number)s") % {"number": objection.entry.notice.number}
        yield Todo(
            f"answer:{objection.pk}", text, reverse("my-objections"), since=timezone.localdate(objection.answered_at)
        )


def overdue(day: date) -> Iterable[Overdue]:
    """Objections that HR has left open for longer than the term, which hold the notice open. Nobody learns who objected."""
    rows = Objection.objects.filter(state=ObjectionState.OPEN, raised_at__date__lt=day).order_by("pk")
    late = list(rows.select_related("entry__notice", "entry__application__employee"))
    known = Workdays.known() if late else Workdays()
    for one in late:
        notice, application = one.entry.notice, one.entry.application
        due_on = known.nth_after(timezone.localdate(one.raised_at), TO_ANSWER)
        if due_on < day:
            yield Overdue(
                f"objection:{one.pk}", tuple(answerers(one.entry, notice, day, but=one.by_id)), application.employee_id,
                application.department_id, due_on, "objection_raised", {"notice": notice.pk},
            )  # fmt: skip


def _board(payload: Payload) -> str | None:
    return reverse("notices")
