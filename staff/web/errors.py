"""The pages for what went wrong: each says what, where, and what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.utils.translation import gettext as _

from staff.kernel import audit
from staff.kernel.api import problems

#: Below it answers are for programs.
_API = "/api/"


def refusal(request: HttpRequest, message: str, *, status: int) -> HttpResponse:
    """A refusal of an action in its own words: 403 where the verb is lacking, 409 where the state forbids it."""
    return render(request, "403.html" if status == 403 else "409.html", {"message": message}, status=status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403. The exception's text is shown where it has one: it names who may."""
    message = str(exception or "") or _("Your roles do not reach this. Ask whoever looks after it, or HR.")
    return refusal(request, message, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path_info.startswith(_API):
        return problems.plain_answer(request, problems.BAD_REQUEST)
    return render(request, "400.html", status=400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: also for whatever lies outside one's scope, which does not exist for them."""
    if request.path_info.startswith(_API):
        return problems.plain_answer(request, problems.NOT_FOUND)
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: the page had lain open too long, or cookies are off."""
    return render(request, "csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Nothing that needs the database or the session: that may be what failed."""
    from django.template.loader import get_template

    if request.path_info.startswith(_API):
        return problems.plain_answer(request, problems.SERVER_ERROR)
    context = {"request_id": audit.request_id.get()}
    try:
        return HttpResponse(get_template("500.html").render(context, None), status=500)
    except TemplateDoesNotExist:
        return HttpResponse("500", status=500)
