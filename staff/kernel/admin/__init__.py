"""The admin that every app builds on: one site, permissions from roles, rows from scopes, writes through actions."""

from staff.kernel.admin.filters import ChoiceFilter
from staff.kernel.admin.forms import ActionForm, DayField, DepartmentField, FilesField, MonthFormField, PersonField
from staff.kernel.admin.model_admin import RoleAdmin
from staff.kernel.admin.pages import ActionPage, action_page, page
from staff.kernel.admin.site import may_in_admin, site

__all__ = [
    "ActionForm",
    "ActionPage",
    "ChoiceFilter",
    "DayField",
    "DepartmentField",
    "FilesField",
    "MonthFormField",
    "PersonField",
    "RoleAdmin",
    "action_page",
    "may_in_admin",
    "page",
    "site",
]
