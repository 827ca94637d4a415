"""Public notices as programs read them: what is posted, and nothing more."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers

from promotion.notices.models import Notice, NoticeState
from promotion.notices.selectors import notices_for, with_entries
from staff.kernel.access import Thing
from staff.kernel.api.views import ApiViewSet


class EntrySerializer(serializers.Serializer):
    employee_no = serializers.CharField()
    name = serializers.CharField()
    department = serializers.CharField(help_text=_("As it was called when the notice was posted."))
    from_tier = serializers.CharField()
    to_tier = serializers.CharField()
    clauses = serializers.CharField()
    taken_back_on = serializers.DateField(allow_null=True)


class NoticeSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.CharField()
    policy = serializers.CharField(source="version.key")
    version = serializers.IntegerField(source="version.number")
    department = serializers.SerializerMethodField()
    state = serializers.ChoiceField(NoticeState.choices)
    posted_on = serializers.DateField()
    days = serializers.IntegerField(help_text=_("Working days after it was posted."))
    ends_on = serializers.DateField(help_text=_("The last day, until 24:00; it may grow with the calendar."))
    ended_on = serializers.DateField(allow_null=True)
    digest = serializers.CharField(help_text=_("SHA-256 of what is posted."))
    people = EntrySerializer(source="entries", many=True)

    def get_department(self, notice: Notice) -> str:
        name: str = self.context["view"].names.name_of(notice.department_id)
        return name


class NoticeFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=NoticeState.choices)
    year = django_filters.NumberFilter()


@extend_schema_view(
    list=extend_schema(
        summary=_("List public notices"), description=_("Everybody's to read, the latest first."), tags=["notices"]
    ),
    retrieve=extend_schema(
        summary=_("Read one public notice"), description=_("Names, numbers, departments and tiers."), tags=["notices"]
    ),
)
class NoticesViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    resource, thing = "notices", Thing.NOTICE
    queryset = Notice.objects.all()
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilters
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Any]:
        return with_entries(notices_for(self.access))
