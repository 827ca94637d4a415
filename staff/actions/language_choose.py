"""Somebody chooses the language of their pages."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from staff.kernel.access import Access, Refused
from staff.models import Account


def choose_language(*, access: Access, language: str) -> None:
    """Kept on one's own account, so that another device knows it. No entry in the trail: nobody else is concerned.

    Raises ``Refused`` for a language the product does not speak.
    """
    if language not in dict(settings.LANGUAGES):
        raise Refused(_("There is no language `%(language)s`.") % {"language": language}, code="unknown_language")
    Account.objects.filter(pk=access.account_id).exclude(language=language).update(language=language)
