"""Record files in the browser: a template to fill in, a preview of what a file would do, then one button.

An upload is seen by whoever sent it alone, and only as long as their roles still reach what is in it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from unfold.widgets import UnfoldAdminFileFieldWidget

from staff.actions.records_load import MOST_BYTES, apply, drop, loadable_tables, preview, require_table, template_of
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.admin import ActionForm, page
from staff.kernel.admin.pages import access_of_request, render
from staff.kernel.periods import Month
from staff.kernel.records.tables import RecordTable, table_named
from staff.kernel.words import in_english
from staff.models import RecordUpload

_SHOWN = 30


class UploadForm(ActionForm):
    refusal_fields = {"too_large": "file"}

    file = forms.FileField(
        label=gettext_lazy("file"),
        help_text=gettext_lazy("CSV or XLSX. The file's or the sheet's name says which table it is."),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_file(self) -> Any:
        """Too large a file is told before it is read into memory."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(
                _("The file has more than %(most)s MB. Ask the operator to load it on the server.")
                % {"most": MOST_BYTES >> 20}
            )
        return file

    def perform(self) -> RecordUpload:
        file = self.cleaned_data["file"]
        return preview(access=self.access, file_name=file.name, content=file.read())


@page("uploads/", "uploads", None)
def uploads(request: HttpRequest) -> HttpResponse:
    """The form, the templates, and what oneself has sent lately."""
    access, tables = _allowed(request)
    given: dict[str, Any] = {"access": access}
    form = UploadForm(request.POST, request.FILES, **given) if request.method == "POST" else UploadForm(**given)
    if form.is_bound and form.is_valid():
        try:
            upload = form.perform()
        except Forbidden:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            return HttpResponseRedirect(reverse("admin:upload", args=[upload.pk]))
    context = {
        "title": _("Uploads"),
        "form": form,
        "tables": [(table.name, _called(table)) for table in tables],
        "by_month": [(table.name, _called(table)) for table in tables if table.by_month],
        "month": Month.of(access.day).previous,
        "uploads": RecordUpload.objects.filter(account=access.account_id).defer("content", "changes", "summary")[
            :_SHOWN
        ],
    }
    return render(request, "admin/staff/uploads.html", context, status=422 if form.errors else 200)


@page("uploads/<int:pk>/", "upload", None)
def upload_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would add and change, or every fault in it; and the decision."""
    access, _tables = _allowed(request)
    upload = get_object_or_404(
        RecordUpload.objects.defer("content", "changes").select_related("account"), pk=pk, account=access.account_id
    )
    found = [(table, table_named(table["table"])) for table in upload.summary.get("tables", [])]
    for _report, table in found:
        require_table(access, table)
    refusal = ""
    if request.method == "POST":
        try:
            return _decide(request, access, upload)
        except Forbidden:
            raise
        except Refused as refused:
            refusal = refused.message
            upload.refresh_from_db()
    context = {
        "title": _("Preview of an upload"),
        "upload": upload,
        "refusal": refusal,
        "tables": [_shown(report, table) for report, table in found],
    }
    return render(request, "admin/staff/upload.html", context, status=409 if refusal else 200)


@page("uploads/templates/<slug:table>/", "upload-template", None)
@require_GET
def template(request: HttpRequest, table: str) -> HttpResponse:
    """A file with the right headers: empty, or with the people of ``?month=`` in it."""
    access, _tables = _allowed(request)
    asked = request.GET.get("month")
    try:
        name, content = template_of(access=access, table_name=table, month=Month.parse(asked) if asked else None)
    except (KeyError, ValueError) as error:
        raise Http404 from error
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


def _allowed(request: HttpRequest) -> tuple[Access, list[RecordTable]]:
    access = access_of_request(request)
    tables = loadable_tables(access)
    if not tables:
        raise Forbidden(_("Files of records are uploaded by HR, those of pay by payroll."))
    return access, tables


def _decide(request: HttpRequest, access: Access, upload: RecordUpload) -> HttpResponse:
    now = timezone.now()
    if request.POST.get("act") == "drop":
        drop(access=access, upload_id=upload.pk, now=now)
        messages.info(request, _("The upload has been dropped. No record has changed."))
    else:
        apply(access=access, upload_id=upload.pk, now=now)
        messages.success(request, _("The file has been loaded as previewed."))
    return HttpResponseRedirect(reverse("admin:uploads"))


def _called(table: RecordTable) -> str:
    return table.name if in_english() or not table.aliases else table.aliases[0]


def _shown(report: dict[str, Any], table: RecordTable) -> dict[str, Any]:
    """A table's report as the page lists it: headers in the page's language and the file's order, cells beside them."""
    heads = {column.head: column.head if in_english() else column.zh for column in table.columns()}
    changes = report["changes"]
    spoken = {head for change in changes for head in change["after"]}
    values = [*(head for head in heads if head in spoken), *sorted(spoken - heads.keys())]
    rows = [
        {
            "line": change["line"],
            "is_new": not change["before"],
            "key": [change["key"][head] for head in sorted(change["key"], key=[*heads, *change["key"]].index)],
            "cells": [(change["before"].get(head, ""), change["after"].get(head)) for head in values],
        }
        for change in changes
    ]
    more = report["added"] + report["changed"] - len(changes)
    columns = [heads.get(head, head) for head in values]
    return {**report, "called": _called(table), "columns": columns, "listed": rows, "more": more}
