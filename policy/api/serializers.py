"""Versions and adoptions as programs read them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from policy.document_text import as_text
from policy.models import PolicyVersion
from policy.selectors import unbound
from staff.kernel.api.fields import DepartmentField
from staff.kernel.api.serializers import inserted
from staff.kernel.words import in_english


class PolicySerializer(serializers.Serializer):
    policy = serializers.CharField(source="key")
    version = serializers.IntegerField(source="number")
    title_zh = serializers.CharField()
    title_en = serializers.CharField()
    parts = serializers.ListField(
        child=serializers.CharField(), help_text=_("What it governs: ladder, scorecard, pay:<component>.")
    )
    digest = serializers.CharField(help_text=_("SHA-256 of the document."))
    published_at = serializers.DateTimeField()


class PolicyDocumentSerializer(PolicySerializer):
    document = serializers.CharField(help_text=_("YAML, as it was published."))
    text = serializers.SerializerMethodField(
        help_text=_("Clause by clause, each beside its rules in words, in the language that was asked for.")
    )

    def get_text(self, version: PolicyVersion) -> str:
        return as_text(unbound(version), "en" if in_english() else "zh")


class AdoptionSerializer(serializers.Serializer):
    policy = serializers.CharField()
    version = serializers.IntegerField(source="version.number")
    department = DepartmentField(source="department_id", help_text=_("With all below it."))
    until = serializers.DateField(source="period.upper", allow_null=True, help_text=_("Exclusive; null: open."))
    values = serializers.DictField(child=serializers.CharField(), help_text=_("Parameters and readings that were set."))
    adopted_at = serializers.DateTimeField()

    def get_fields(self) -> dict[str, Any]:
        begins = serializers.DateField(source="period.lower", allow_null=True)
        return inserted(super().get_fields(), "department", **{"from": begins})
