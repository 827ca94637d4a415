"""The records of this app: what people are paid."""

from __future__ import annotations

from staff.kernel.access import Thing
from staff.kernel.records.columns import Column, DayColumn, EmployeeColumn, NumberColumn
from staff.kernel.records.tables import PlainTable


class PayTable(PlainTable):
    """Fixed pay, post wage and performance pay from a day on, in yuan."""

    name = "pay"
    aliases = ("薪酬", "工资", "薪资")
    thing = Thing.PAY
    moment = "t.starts_on"
    target = "payroll_payrecord"
    fields = {
        "employee_no": "employee_id",
        "starts_on": "starts_on",
        "base": "base",
        "post_wage": "post_wage",
        "performance": "performance",
    }

    def columns(self) -> list[Column]:
        return [
            EmployeeColumn("employee_no", "工号", key=True),
            DayColumn("starts_on", "起始日", key=True, title="from"),
            NumberColumn("base", "固定工资", digits=10, decimals=2, negative=False),
            NumberColumn("post_wage", "岗位工资", digits=10, decimals=2, negative=False),
            NumberColumn("performance", "绩效工资", digits=10, decimals=2, negative=False),
        ]
