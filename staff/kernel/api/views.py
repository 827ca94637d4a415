"""What every view of ``/api/v1/`` is: asked by somebody, for a resource, within bounds, and answered once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any, ClassVar, cast

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed, NotFound, UnsupportedMediaType
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.utils.mediatypes import media_type_matches
from rest_framework.viewsets import GenericViewSet

from staff.actions.request_answer import Answer, Reused, UnderWay, answer_once
from staff.kernel.access import Access, Forbidden, Thing, Verb
from staff.kernel.api.authentication import access_of_api
from staff.kernel.api.filters import bad_parameters
from staff.kernel.api.names import Names
from staff.kernel.api.problems import CONTENT_TYPE, KEY_MISSING, KEY_REUSED, UNDER_WAY, Problem
from staff.kernel.api.schema import KEY_PATTERN
from staff.kernel.programs import READ, WRITE, allows
from staff.models import ApiToken
from staff.selectors.second_factor import has_second_factor, must_have_second_factor

#: Says that the answer was given before.
REPLAYED = "Idempotency-Replayed"


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_page_size(self, request: Request) -> int:
        """Raises ``Problem`` for a size that no page has."""
        asked = request.query_params.get(self.page_size_query_param, str(self.page_size))
        if not re.fullmatch("[0-9]{1,3}", asked) or not 1 <= int(asked) <= self.max_page_size:
            told = _("A page has 1 to %(most)s rows.") % {"most": self.max_page_size}
            raise bad_parameters({self.page_size_query_param: [told]})
        return int(asked)


class HasRight(BasePermission):
    """The token is for this resource, its account has the second factor that a role takes, and the verb on the thing.

    A method that is not there is nobody's to have.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if view.action is None:
            raise MethodNotAllowed(str(request.method))
        if isinstance(request.auth, ApiToken):
            self._require_of_token(request.auth, view)
        view.require()
        return True

    def _require_of_token(self, token: ApiToken, view: Any) -> None:
        if must_have_second_factor(view.access) and not has_second_factor(token.account):
            raise Forbidden(_("Your role takes a second factor. Set it up in the settings, then make a new token."))
        if not allows(token.scopes, view.resource, view.kind_of_access):
            raise Forbidden(
                _("This takes a token with the scope %(scope)s.") % {"scope": f"{view.resource}:{view.kind_of_access}"}
            )


class ApiViewSet(GenericViewSet):
    """``resource`` is what a token's scope names, ``thing`` what the table of roles does.

    ``verbs``: what each method takes; reading, where it is not named. ``own_transactions``: its write cannot run inside a
    transaction, and by itself does nothing twice. ``named_by``: where an answer to a write names the row that it is about,
    if it is about one.
    """

    resource: ClassVar[str]
    thing: ClassVar[Thing]
    verbs: ClassVar[Mapping[str, Verb]] = {"create": Verb.CREATE, "partial_update": Verb.UPDATE}
    own_transactions = False
    named_by: ClassVar[str] = ""

    permission_classes = [IsAuthenticated, HasRight]
    pagination_class = Pages

    @cached_property
    def access(self) -> Access:
        return access_of_api(self.request)

    @cached_property
    def names(self) -> Names:
        return Names(self.access)

    @property
    def kind_of_access(self) -> str:
        return READ if self.request.method in SAFE_METHODS else WRITE

    def require(self) -> None:
        """Raises ``Forbidden``, naming who can."""
        self.access.require(self.thing, self.verbs.get(self.action, Verb.READ))

    def read(self, serializer_class: type[Serializer], request: Request, *, partial: bool = False) -> Serializer:
        """The body, read and valid. Raises ``ValidationError`` with every fault."""
        serializer = serializer_class(data=request.data, partial=partial, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return serializer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Besides what DRF asks for, wraps a writing method so that it is answered once."""
        super().initial(request, *args, **kwargs)
        if any("\x00" in value for value in kwargs.values()):
            raise NotFound
        if request.method in SAFE_METHODS:
            return
        name = str(request.method).lower()
        setattr(self, name, self._once(getattr(self, name)))

    def _once(self, handler: Callable[..., Response]) -> Callable[..., Response]:
        def answered(request: Request, *args: Any, **kwargs: Any) -> Response:
            key = _key_of(request)
            if not any(media_type_matches(parser.media_type, request.content_type) for parser in self.get_parsers()):
                raise UnsupportedMediaType(request.content_type)
            digest, _body = _digest_of(request._request), request.data  # broken JSON leaves the key free
            try:
                found = answer_once(
                    account_id=cast(int, request.user.pk),
                    key=key,
                    digest=digest,
                    perform=lambda: self._perform(handler, request, *args, **kwargs),
                    own_transactions=self.own_transactions,
                )
            except UnderWay as refused:
                raise Problem(UNDER_WAY, refused.message, headers={"Retry-After": "1"}) from refused
            except Reused as refused:
                raise Problem(KEY_REUSED, refused.message) from refused
            if found.replayed:
                self._require_reached(found.body, kwargs)
            headers = {REPLAYED: "true"} if found.replayed else {}
            content_type = CONTENT_TYPE if found.status >= 400 else None
            return Response(found.body, status=found.status, headers=headers, content_type=content_type)

        return answered

    def _require_reached(self, body: Any, kwargs: Mapping[str, Any]) -> None:
        """What was answered is told again only while its row is within reach. Raises ``Http404``."""
        name = kwargs.get(self.lookup_field) or (isinstance(body, dict) and body.get(self.named_by))
        if name:
            get_object_or_404(self.get_queryset(), **{self.lookup_field: name})

    def _perform(self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any) -> Answer:
        """A refusal undoes what was begun, and is an answer too."""
        try:
            with nullcontext() if self.own_transactions else transaction.atomic():
                response = handler(request, *args, **kwargs)
        except Exception as error:  # handed to DRF's handler, which raises again what is no refusal
            response = self.handle_exception(error)
        return Answer(response.status_code, json.loads(JSONRenderer().render(response.data)))


def _key_of(request: Request) -> str:
    key: str = request.headers.get("Idempotency-Key", "")
    if not re.fullmatch(KEY_PATTERN, key):
        raise Problem(KEY_MISSING)
    return key


def _digest_of(request: HttpRequest) -> str:
    """Of method, address and body, byte for byte."""
    told = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    told.update(request.body)
    return told.hexdigest()
