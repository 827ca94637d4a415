"""Pay records: for payroll in its scope; the general manager and auditors read them; HR never sees an amount."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from payroll.actions.pay_record_save import save_pay_record
from payroll.models import PayRecord
from staff.admin.people import DepartmentFilter
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, DayField, PersonField, RoleAdmin, action_page, site
from staff.kernel.admin.pages import require


def yuan(**kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(max_digits=12, decimal_places=2, min_value=0, required=False, **kwargs)


class PayRecordForm(ActionForm):
    """A new record, or ``subject`` put right; its person stays."""

    refusal_fields = {"pay_record_key": "starts_on", "pay_is_not_negative": "base"}

    person = PersonField(label=gettext_lazy("person"), verb=Verb.CREATE, thing=Thing.PAY)
    starts_on = DayField(label=gettext_lazy("from"), help_text=gettext_lazy("Holds until the next record begins."))
    base = yuan(label=gettext_lazy("fixed pay"))
    post_wage = yuan(label=gettext_lazy("post wage"))
    performance = yuan(label=gettext_lazy("performance pay"))

    def prepare(self) -> None:
        if self.subject:
            del self.fields["person"]
            for name, field in self.fields.items():
                field.initial = getattr(self.subject, name)

    def perform(self) -> PayRecord:
        given = dict(self.cleaned_data)
        employee = given.pop("person", None) or self.subject.employee
        return save_pay_record(access=self.access, employee=employee, record=self.subject, **given)


class PayDepartmentFilter(DepartmentFilter):
    path = "employee_id"


@admin.register(PayRecord, site=site)
class PayRecordAdmin(RoleAdmin):
    adds = True
    list_display = ("person", "since", "fixed", "post", "performing")
    list_filter = (PayDepartmentFilter,)
    search_fields = ("id",)
    person_path = "employee"
    search_help_text = gettext_lazy("Name, employee no. or pinyin")
    ordering = ("employee__pinyin", "employee__employee_no", "-starts_on")

    def rows(self, access: Access) -> QuerySet[Any]:
        return PayRecord.objects.visible_to(access).select_related("employee")

    @display(description=gettext_lazy("person"), ordering="employee__pinyin")
    def person(self, record: PayRecord) -> str:
        return str(record.employee)

    @display(description=gettext_lazy("from"), ordering="starts_on")
    def since(self, record: PayRecord) -> str:
        return record.starts_on.isoformat()

    @display(description=gettext_lazy("fixed pay"), ordering="base")
    def fixed(self, record: PayRecord) -> str:
        return _amount(record.base)

    @display(description=gettext_lazy("post wage"), ordering="post_wage")
    def post(self, record: PayRecord) -> str:
        return _amount(record.post_wage)

    @display(description=gettext_lazy("performance pay"), ordering="performance")
    def performing(self, record: PayRecord) -> str:
        return _amount(record.performance)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, Thing.PAY, Verb.CREATE)
        return action_page(request, PayRecordForm, _page(_("Record pay")))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        access = require(request, Thing.PAY)
        record = self.found(request, object_id)
        if not access.may(Thing.PAY, Verb.UPDATE):
            return super().change_view(request, object_id, form_url, extra_context)
        return action_page(request, PayRecordForm, _page(f"{record.employee} · {record.starts_on}"), subject=record)


def _amount(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def _page(title: str) -> ActionPage:
    return ActionPage(
        title=title,
        submit=_("Save"),
        done=_("The pay record has been saved."),
        back=reverse("admin:payroll_payrecord_changelist"),
    )
