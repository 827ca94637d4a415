"""Policies: published versions, one version's document, and adoptions."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from policy.api.serializers import AdoptionSerializer, PolicyDocumentSerializer, PolicySerializer
from policy.models import Adoption, PolicyVersion
from policy.selectors import adoptions_visible_to, versions_visible_to
from staff.kernel.access import Thing
from staff.kernel.api.views import ApiViewSet


class PolicyFilters(django_filters.FilterSet):
    policy = django_filters.CharFilter(field_name="key", label=_("A policy's key."))


@extend_schema_view(
    list=extend_schema(
        summary=_("List versions of policies"),
        description=_(
            "By policy, the latest first. All for HR, the general manager and auditors; else those in force."
        ),
        tags=["policies"],
    )
)
class PoliciesViewSet(mixins.ListModelMixin, ApiViewSet):
    resource, thing = "policies", Thing.POLICY
    queryset = PolicyVersion.objects.all()
    serializer_class = PolicySerializer
    filterset_class = PolicyFilters

    def get_queryset(self) -> QuerySet[Any]:
        return versions_visible_to(self.access).defer("document").order_by("key", "-number")

    @extend_schema(
        summary=_("Read one version's document"),
        description=_("The document as it was published, and as text in the language that was asked for."),
        responses=PolicyDocumentSerializer,
        tags=["policies"],
    )
    @action(detail=False, url_path=r"(?P<key>[a-z][a-z0-9_-]*)/(?P<number>[0-9]{1,9})", filterset_class=None)
    def version(self, request: Request, key: str, number: str) -> Response:
        found = get_object_or_404(versions_visible_to(self.access), key=key, number=int(number))
        return Response(PolicyDocumentSerializer(found, context=self.get_serializer_context()).data)


class AdoptionFilters(django_filters.FilterSet):
    policy = django_filters.CharFilter(label=_("A policy's key."))
    in_force_on = django_filters.DateFilter(
        field_name="period", lookup_expr="contains", label=_("Those in force on that day.")
    )


@extend_schema_view(
    list=extend_schema(
        summary=_("List adoptions"),
        description=_("Which version is, was or will be in force where, with the values that were set."),
        tags=["policies"],
    )
)
class AdoptionsViewSet(mixins.ListModelMixin, ApiViewSet):
    resource, thing = "policies", Thing.POLICY
    queryset = Adoption.objects.all()
    serializer_class = AdoptionSerializer
    filterset_class = AdoptionFilters

    def get_queryset(self) -> QuerySet[Any]:
        found = adoptions_visible_to(self.access).select_related("version").defer("version__document")
        return found.order_by("policy", "pk")
