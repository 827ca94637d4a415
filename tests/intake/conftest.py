"""The company of the pages' tests while its November is being entered: October is sealed, the window is open."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django.test import Client

from assessment.actions.cells_save import CellAnswer, CellEntry, save_cells
from assessment.models import EmployeeMonth, Metric
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import Account
from staff.selectors.access import access_of
from tests.web.company import Company
from tests.web.conftest import Visitor, company, house, on, visitor

__all__ = ["Visitor", "company", "house", "visitor"]

NOVEMBER = Month.parse("2026-11")
DAY = date(2026, 12, 4)


_the_day = on(DAY, "en")


def acting(username: str, day: date = DAY) -> Access:
    """What the account reaches on the day."""
    return access_of(Account.objects.get(username=username), day)


def cell(number: str, value: str, seen: str = "", metric: str = "excellent_cases") -> CellEntry:
    return CellEntry(number, metric, value, seen)


def save(access: Access, *cells: CellEntry, month: Month = NOVEMBER, reason: str = "") -> list[CellAnswer]:
    return save_cells(access=access, month=month, cells=cells, reason=reason)


def held(company: Company, number: str, metric: str = "excellent_cases", month: Month = NOVEMBER) -> object:
    row = EmployeeMonth.objects.filter(employee=company.people[number], month=month).first()
    return getattr(row, f"s{Metric.objects.get(key=metric).slot}") if row else None


Post = Callable[..., Any]


def post_cells(client: Client, *cells: dict[str, str | None], month: str = "2026-11") -> Any:
    return client.post(f"/intake/{month}/cells/", json.dumps({"cells": cells}), content_type="application/json")
