"""What the room of shortlists tells the product: its messages, and what waits for the general manager."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from promotion.shortlist.selectors import to_decide
from staff.kernel.access import Access, Thing
from staff.kernel.todos import Todo, register_todos
from staff.kernel.told import register_message
from staff.kernel.trail import ACTIONS, OBJECTS, ObjectKind, watch


def declare() -> None:
    register_message(
        "vacancy_to_decide",
        lambda payload: _("A supervisor's post is vacant: somebody of the shortlist may be chosen."),
        lambda payload: reverse("vacancy", args=[payload["vacancy"]]),
    )
    register_message(
        "vacancy_decided",
        lambda payload: _("It is decided who fills a vacant post, or that nobody does."),
        lambda payload: reverse("admin:vacancy", args=[payload["vacancy"]]),
    )
    register_message(
        "vacancy_chosen",
        lambda payload: _("You are chosen for a supervisor's post. HR talks to you about what follows."),
    )
    register_todos("vacancies", _todos)


def declare_trail() -> None:
    from django.utils.translation import gettext_lazy

    watch("promotion.Vacancy", Thing.VACANCY, personal=("words", "reason"))
    watch("promotion.Shortlisted", Thing.VACANCY)
    ACTIONS.update(
        {
            "vacancy_marked": gettext_lazy("Post marked vacant"),
            "vacancy_decided": gettext_lazy("Vacant post decided on"),
            "vacancy_taken_back": gettext_lazy("Vacancy taken back"),
        }
    )
    OBJECTS["vacancy"] = ObjectKind(gettext_lazy("vacant post"), Thing.VACANCY)


def _todos(access: Access) -> Iterable[Todo]:
    for row in to_decide(access)[:100]:
        text = _("Choose for the vacant post %(post)s (%(department)s), or nobody") % {
            "post": row.post, "department": row.department.name,
        }  # fmt: skip
        yield Todo(
            f"vacancy:{row.pk}", text, reverse("vacancy", args=[row.pk]), since=timezone.localdate(row.opened_at)
        )
