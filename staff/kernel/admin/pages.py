"""Pages of the admin that are no model's list: one decorator, and one page for every form that ends in an action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from staff.access import today_access
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.admin.forms import ActionForm
from staff.kernel.admin.site import PageView, may_in_admin, site
from staff.models import Employee


def access_of_request(request: HttpRequest) -> Access:
    """What the account reaches, as an act through the admin."""
    return today_access(request.user)  # type: ignore[arg-type]


def require(request: HttpRequest, thing: Thing, verb: Verb = Verb.READ) -> Access:
    """The request's access. Raises ``Forbidden`` naming who may, also where one may only read about oneself."""
    access = access_of_request(request)
    access.require(thing, verb)
    if not may_in_admin(access, thing, verb):
        raise Forbidden(_("Your roles read this of yourself alone; see your own page."))
    return access


def page(route: str, name: str, thing: Thing | None, verb: Verb = Verb.READ) -> Callable[[PageView], PageView]:
    """Registers ``view(request, …)`` as a page of the admin for whoever has the verb on the thing.

    Without a thing the view asks for itself whether the reader may be there.
    """

    def register(view: PageView) -> PageView:
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if thing is not None:
                require(request, thing, verb)
            return view(request, *args, **kwargs)

        site.add_page(route, name, guarded)
        return view

    return register


def render(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> TemplateResponse:
    """A page in the admin's shell; ``title`` of the context is its heading."""
    request.current_app = site.name
    return TemplateResponse(request, template, {**site.each_context(request), **context}, status=status)


@dataclass(frozen=True, slots=True)
class ActionPage:
    """What a form's page says around the form, and where it leads when the action is done."""

    title: str
    submit: str
    done: str
    back: str
    lead: str = ""
    #: Words and address of the way out where this form is not the right one.
    other: tuple[str, str] | None = None
    facts: list[tuple[str, Any]] = field(default_factory=list)


def action_page(
    request: HttpRequest,
    form_class: type[ActionForm],
    about: ActionPage,
    *,
    subject: Any = None,
    initial: dict[str, Any] | None = None,
    back: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """Shows the form; on POST calls its action. A refusal is an error of the form (422), lacking rights a 403."""
    given = {"access": access_of_request(request), "subject": subject, "initial": initial}
    form = form_class(request.POST, request.FILES, **given) if request.method == "POST" else form_class(**given)
    if form.is_bound and form.is_valid():
        try:
            result = form.perform()
        except Forbidden:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, about.done)
            return HttpResponseRedirect(back(result) if back else about.back)
    return render(
        request,
        form.template,
        {"title": about.title, "form": form, "about": about},
        status=422 if form.errors else 200,
    )


def person_or_404(access: Access, object_id: str) -> Employee:
    """The person of that id in scope. Raises ``Http404``: outside the scope there is nobody."""
    if not (object_id.isascii() and object_id.isdigit() and len(object_id) < 19):
        raise Http404
    return get_object_or_404(Employee.objects.visible_to(access), pk=int(object_id))
