"""What every job shares: the database knows that a job writes, and which."""

from __future__ import annotations

from typing import Any

from celery import Task
from django.utils import timezone

from staff.kernel import audit
from staff.kernel.access import Access


class Job(Task):
    """A task that acts as the system, named by itself."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with audit.acting(Access.system(timezone.localdate(), self.name)):
            return super().__call__(*args, **kwargs)
