"""Final accounts over HTTP. Moves are made at `/execution/final-account/{id}/moves/`."""

from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.views import ActorView, FileView
from assets import accounting
from assets.accounting import Shown
from assets.api.account_shapes import (
    AccountAmendSerializer,
    AccountFormSerializer,
    AccountOpenSerializer,
    AccountRowSerializer,
    AllocatedSerializer,
    CellsInputSerializer,
    DeclaredSerializer,
    DeferredInputSerializer,
    FinalAccountSerializer,
    TailsInputSerializer,
    form_as_json,
)
from assets.machines import FINAL_ACCOUNTS
from assets.rules.forms_layout import FORMS
from assets.services import accounts, book, declaring
from core.api import read_body
from core.errors import NotFound, Problem


def _account(pk: int, actor: Actor) -> dict[str, Any]:
    row = accounting.account_of(actor, pk)
    context = {"shown": Shown(row), "offers": FINAL_ACCOUNTS.offers(row, actor)}
    return FinalAccountSerializer(row, context=context).data


class ProjectAccountsView(ActorView):
    @extend_schema(
        responses=AccountRowSerializer(many=True), operation_id="final_accounts_list",
        summary="The final accounts of a project",
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> Response:
        """The whole project's, and those of single projects."""
        rows = accounting.accounts_of(accounting.project_of(self.actor, pk))
        return Response(AccountRowSerializer(rows, many=True).data)

    @extend_schema(
        request=AccountOpenSerializer, responses={201: FinalAccountSerializer}, operation_id="final_accounts_open",
        summary="Open a final account",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """For the clerk of the project's own unit, once the works are accepted."""
        body = read_body(AccountOpenSerializer(data=request.data))
        row = self.refused_at_once(
            body, lambda: accounts.open_account(pk, actor=self.actor, **body.values, faults=body.faults)
        )
        return Response(_account(row.pk, self.actor), status=status.HTTP_201_CREATED)


class AccountView(ActorView):
    @extend_schema(
        responses=FinalAccountSerializer, operation_id="final_accounts_retrieve", summary="One final account"
    )
    def get(self, request: Request, pk: int) -> Response:
        """With every pair of cells that does not agree, its deadline, its reduction and its moves."""
        return Response(_account(pk, self.actor))

    @extend_schema(
        request=AccountAmendSerializer, responses=FinalAccountSerializer, operation_id="final_accounts_amend",
        summary="Correct dates and narrative",
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> Response:
        body = read_body(AccountAmendSerializer(data=request.data))
        said = dict(body.values)
        version = said.pop("version", None)
        self.refused_at_once(
            body,
            lambda: accounts.amend(pk, actor=self.actor, values=said, expected_version=version, faults=body.faults),
        )
        return Response(_account(pk, self.actor))


class AccountFormView(ActorView):
    @extend_schema(
        responses=AccountFormSerializer, operation_id="final_account_forms_retrieve", summary="One form, cell by cell"
    )
    def get(self, request: Request, pk: int, form: str) -> Response:
        """`form`: 00 (cover), 01 … 08."""
        return Response(form_as_json(Shown(accounting.account_of(self.actor, pk)).forms, _form(form)))

    @extend_schema(
        request=CellsInputSerializer, responses=AccountFormSerializer, operation_id="final_account_forms_write",
        summary="Write cells of a form",
    )  # fmt: skip
    def patch(self, request: Request, pk: int, form: str) -> Response:
        """Figures of the system are written over only with a reason; sums never. An empty text takes a writing back."""
        known = _form(form)
        body = read_body(CellsInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: accounts.write_cells(
                pk, actor=self.actor, form=form, entries=CellsInputSerializer.entries_of(said),
                reason=said.get("reason", ""), expected_version=said.get("version"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(form_as_json(Shown(accounting.account_of(self.actor, pk)).forms, known))


def _form(number: str) -> Any:
    if number not in FORMS:
        raise NotFound(Problem("not_found", _("There is no such form.")))
    return FORMS[number]


class AccountDeferredView(ActorView):
    @extend_schema(
        request=DeferredInputSerializer, responses=FinalAccountSerializer, operation_id="final_account_deferred_replace",
        summary="Replace the deferred costs without contract",
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        """They are added to what contracts cost, and the whole is spread over the assets anew (R-FA-04)."""
        body = read_body(DeferredInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: accounts.keep_deferred(
                pk, actor=self.actor, rows=DeferredInputSerializer.rows_of(said), expected_version=said.get("version"),
                faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_account(pk, self.actor))


class AccountTailsView(ActorView):
    @extend_schema(
        request=TailsInputSerializer, responses=FinalAccountSerializer, operation_id="final_account_tails_replace",
        summary="Replace the tail works",
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        """At most 5 % of the approved estimate (R-FA-09)."""
        body = read_body(TailsInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: accounts.keep_tails(
                pk, actor=self.actor, rows=TailsInputSerializer.rows_of(said), expected_version=said.get("version"),
                faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_account(pk, self.actor))


class AccountAllocateView(ActorView):
    @extend_schema(
        request=None, responses=AllocatedSerializer, operation_id="final_accounts_allocate",
        summary="Spread the deferred costs over the assets",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        whole = accounts.allocate(pk, actor=self.actor)
        return Response(AllocatedSerializer({"allocated": whole}).data)


class AccountDeclareView(ActorView):
    @extend_schema(
        request=None, responses={201: DeclaredSerializer}, operation_id="final_accounts_declare",
        summary="Declare a compiled account to finance",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Opens the FA item with the account's lines and its book; the item decides the account."""
        item = declaring.declare(pk, actor=self.actor)
        return Response(DeclaredSerializer({"item_id": item.pk, "no": item.no}).data, status=status.HTTP_201_CREATED)


class AccountBookView(FileView):
    @extend_schema(
        request=None, responses={200: OpenApiResponse(OpenApiTypes.BINARY)}, operation_id="final_accounts_book",
        summary="The book as a file",
    )  # fmt: skip
    def post(self, request: Request, pk: int, format_name: str) -> HttpResponse:
        """`pdf` or `xlsx`, in official Chinese; the trace keeps what was taken, with its hash."""
        accounting.account_of(self.actor, pk)
        made = book.export(pk, format_name, actor=self.actor)
        answer = HttpResponse(made.content, content_type=made.content_type)
        answer["Content-Disposition"] = content_disposition_header(True, made.name)
        return answer
