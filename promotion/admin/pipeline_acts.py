"""What HR does with many of the pipeline at once: a round, a reminder, exams confirmed."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from promotion.applications.actions.exam_confirm import confirm_exams
from promotion.applications.actions.owners_remind import Reminded, remind_owners
from promotion.applications.exams import exams_to_confirm
from promotion.panels.selectors import to_arrange
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.admin import page
from staff.kernel.admin.pages import access_of_request
from staff.web.reach import pk_in


@page("applications/chosen/", "applications-chosen", Thing.APPLICATION, Verb.UPDATE)
def act_on_chosen(request: HttpRequest) -> HttpResponse:
    """``pick``: applications; ``act``: ``remind`` whoever owes their next step, or choose a ``round`` for them."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    access = access_of_request(request)
    picked = [pk_in(text) for text in request.POST.getlist("pick")]
    if request.POST.get("act") == "round":
        return _to_a_round(request, access, picked)
    try:
        reminded = remind_owners(access=access, applications=picked)
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        _say_reminded(request, reminded)
    return _back(request)


@page("applications/confirm-chosen/", "applications-confirm-chosen", Thing.APPLICATION, Verb.CREATE)
def confirm_chosen(request: HttpRequest) -> HttpResponse:
    """``person``: employees whose exams are confirmed; what one cannot have, the others do not lose."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    access = access_of_request(request)
    picked = [pk_in(text) for text in request.POST.getlist("person")]
    people = list(exams_to_confirm(access).filter(pk__in=picked))
    if not people:
        messages.error(request, _("Choose whose exam is confirmed; whoever was confirmed meanwhile is listed no more."))
        return _back(request)
    found = confirm_exams(access=access, employees=people)
    done = sum(one.application is not None for one in found)
    if done:
        said = ngettext(
            "%(n)d exam is confirmed; the review begins.", "%(n)d exams are confirmed; their reviews begin.", done
        )
        messages.success(request, said % {"n": done})
    for one in found:
        if one.refusal:
            messages.error(request, _("%(name)s: %(why)s") % {"name": one.employee, "why": one.refusal})
    return _back(request)


def _to_a_round(request: HttpRequest, access: Access, picked: list[int]) -> HttpResponse:
    """The page on which a round is arranged for them, or one is chosen that takes more."""
    free = list(to_arrange(access).filter(pk__in=picked).values_list("pk", flat=True))
    if seats := len(set(picked)) - len(free):
        said = ngettext(
            "%(n)d of those chosen is in a round already, or waits for none.",
            "%(n)d of those chosen are in a round already, or wait for none.",
            seats,
        )
        messages.warning(request, said % {"n": seats})
    if not free:
        return _back(request)
    return HttpResponseRedirect(reverse("admin:round-new", query=[("pick", pk) for pk in free]))


def _say_reminded(request: HttpRequest, reminded: Reminded) -> None:
    """Who was reminded now, who had been today, and where nobody is to be."""
    comma = pgettext("list", ", ")
    if n := len(reminded.now):
        said = ngettext("%(n)d person has been reminded: %(names)s.", "%(n)d people have been reminded: %(names)s.", n)
        messages.success(request, said % {"n": n, "names": comma.join(reminded.now)})
    if n := len(reminded.before):
        said = ngettext(
            "%(n)d person was reminded today already: %(names)s.",
            "%(n)d people were reminded today already: %(names)s.",
            n,
        )
        messages.info(request, said % {"n": n, "names": comma.join(reminded.before)})
    if reminded.nobody:
        numbers = comma.join(row.number for row in reminded.nobody)
        messages.info(request, _("Nobody else has anything to do there now: %(numbers)s.") % {"numbers": numbers})


def _back(request: HttpRequest) -> HttpResponse:
    """To the pipeline as it was narrowed: ``filters`` is what stood in its address."""
    filters = urlencode(parse_qsl(request.POST.get("filters", "").replace("\0", "")[:500]))
    url = reverse("admin:applications")
    return HttpResponseRedirect(f"{url}?{filters}" if filters else url)
