"""A rule of the database, broken, told in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext as _

from staff.kernel.access import Refused

SEALED = "sealed_month_is_closed"

#: A message, or what makes one of the JSON object that the database gives as the error's detail.
Message = str | Callable[[dict[str, Any]], str]


@contextmanager
def told(messages: Mapping[str, Message]) -> Iterator[None]:
    """Runs the block in a savepoint; breaking a constraint named in ``messages`` raises ``Refused`` with its message.

    The refusal's code is the constraint's name. A sealed month is always told; any other error goes on as it is.
    """
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        diag = getattr(error.__cause__, "diag", None)
        name = getattr(diag, "constraint_name", None) or ""
        if diag and name in messages:
            message = messages[name]
            text = message(json.loads(diag.message_detail)) if callable(message) else message
            raise Refused(text, code=name) from error
        if diag and name == SEALED:
            raise Refused(
                _("%(month)s is sealed and takes no more facts. What was wrong in it is put right by a correction.")
                % json.loads(diag.message_detail),
                code=SEALED,
            ) from error
        raise


def require_fit(row: models.Model, *columns: str) -> None:
    """Raises ``Refused``, its code the column's name, where a text of the row is longer than its column takes."""
    for name in columns:
        column = row._meta.get_field(name)
        most = getattr(column, "max_length", None)
        if most is not None and len(getattr(row, name)) > most:
            label = str(getattr(column, "verbose_name", name))
            raise Refused(_("%(field)s: at most %(most)s characters.") % {"field": label, "most": most}, code=name)
