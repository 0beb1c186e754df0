"""Operations on receivers: add, try and remove them, and say what of mentions they are told."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Response

from veilleur.api import delivery_shapes as shapes
from veilleur.api.admission import Admin, AdminScope
from veilleur.api.context import ApiContext, Context
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.writing import json_answer
from veilleur.delivery.keeping import Outgoing, keep_receiver, try_receiver
from veilleur.delivery.subscribed import check_draft
from veilleur.model.delivery import ReceiverDraft, SubscriptionDraft, SubscriptionId
from veilleur.model.scope import TokenScope
from veilleur.model.watch import LONGEST_NAME, NAME_PATTERN
from veilleur.model.wire import receiver_fields, subscription_fields
from veilleur.store import receivers as stored
from veilleur.store import subscriptions

_MOST_ID: Final = 2**53

ReceiverName = Annotated[
    str,
    Path(
        max_length=LONGEST_NAME,
        pattern=NAME_PATTERN,
        description="A receiver's name.",
        openapi_examples={"receiver": {"value": "equipe"}},
    ),
]
_SubscriptionKey = Annotated[
    int,
    Path(ge=1, le=_MOST_ID, description="A subscription's number.", openapi_examples={"subscription": {"value": 1}}),
]


def receiver_router() -> APIRouter:
    """Return the operations on receivers and subscriptions."""
    router = APIRouter(tags=["receivers"])
    one, of_one = "/receivers/{name}", "/receivers/{name}/subscriptions"
    for path, operation, method, summary, model in (
        ("/subscriptions", list_subscriptions, "GET", "List subscriptions", shapes.SubscriptionList),
        ("/subscriptions/{key}", end_subscription, "DELETE", "End a subscription", shapes.SubscriptionList),
        ("/receivers", list_receivers, "GET", "List receivers", shapes.ReceiverList),
        (one, add_receiver, "PUT", "Add a receiver", shapes.AddedReceiver),
        (one, remove_receiver, "DELETE", "Remove a receiver", shapes.Receiver),
        (f"{one}/test", test_receiver, "POST", "Try a receiver", shapes.Trial),
        (of_one, subscribe, "POST", "Subscribe a webhook to mentions", shapes.Subscription),
    ):
        router.add_api_route(path, operation, methods=[method], summary=summary, response_model=model)
    return router


def list_receivers(context: Context, scope: AdminScope) -> Response:
    """Answer with the project's receivers by name, their addresses masked; needs the scope `admin`."""
    found = stored.list_receivers(context.database, scope)
    return json_answer({"receivers": [receiver_fields(one) for one in found]})


def add_receiver(context: Context, admin: Admin, name: ReceiverName, body: shapes.ReceiverShape) -> Response:
    """Add a receiver, and answer with it and the secret that was made for it; needs the scope `admin`.

    An address in the own network is refused unless `VEILLEUR_DELIVERY_NETWORKS` names it. One that is there is
    removed first: a receiver is not changed.
    """
    draft = ReceiverDraft(name=name, kind=body.kind, address=body.address, secret=body.secret)
    added = keep_receiver(
        context.database, admin.scope, outgoing_of(context), draft, by=admin.name, now=context.clock()
    )
    return json_answer({"receiver": receiver_fields(added.receiver), "secret": added.secret})


def remove_receiver(context: Context, admin: Admin, name: ReceiverName) -> Response:
    """Forget a receiver and its address, and answer with what it was; what waited for it is given up.

    Needs the scope `admin`.
    """
    found = stored.find_receiver(context.database, admin.scope, name)
    if found is None:
        raise _unknown()
    stored.remove_receiver(context.database, admin.scope, name, by=admin.name, now=context.clock())
    return json_answer(receiver_fields(found))


def test_receiver(context: Context, admin: Admin, name: ReceiverName) -> Response:
    """Send a trial at once, and answer with how that went; needs the scope `admin`."""
    answer = try_receiver(context.database, admin.scope, outgoing_of(context), name, now=context.clock())
    if answer is None:
        raise _unknown()
    return json_answer({"outcome": answer.outcome, "detail": answer.detail})


def subscribe(context: Context, admin: Admin, name: ReceiverName, body: shapes.SubscriptionShape) -> Response:
    """Let a webhook be told of each mention of a watch or a query as it is created, changed or erased.

    Needs the scope `admin`.
    """
    if body.with_private and not admin.scope.may_read_private:
        detail = "Private mentions are told to others by a token with the scope read:private alone."
        raise Refusal(Problem(kind=ProblemKind.MISSING_SCOPE, detail=detail, missing_scope=TokenScope.READ_PRIVATE))
    now = context.clock()
    draft = SubscriptionDraft(watch=body.watch, query=body.query, zone=body.zone, with_private=body.with_private)
    check_draft(draft, now)
    made = subscriptions.subscribe(context.database, admin.scope, name, draft, by=admin.name, now=now)
    return json_answer(subscription_fields(made))


def list_subscriptions(context: Context, scope: AdminScope) -> Response:
    """Answer with the project's subscriptions, the oldest first; needs the scope `admin`."""
    return _subscriptions(context, scope)


def end_subscription(context: Context, scope: AdminScope, key: _SubscriptionKey) -> Response:
    """End a subscription and answer with those that are left; needs the scope `admin`."""
    if not subscriptions.end_subscription(context.database, scope, SubscriptionId(key), now=context.clock()):
        raise Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail="There is no subscription of this number."))
    return _subscriptions(context, scope)


def outgoing_of(context: ApiContext) -> Outgoing:
    """Return with what messages are sent; a server without a key for addresses refuses."""
    if context.outgoing is None:
        raise Refusal(Problem(kind=ProblemKind.REFUSED, detail="This server has no key for receivers' addresses."))
    return context.outgoing


def _subscriptions(context: ApiContext, scope: AdminScope) -> Response:
    found = subscriptions.list_subscriptions(context.database, scope)
    return json_answer({"subscriptions": [subscription_fields(one) for one in found]})


def _unknown() -> Refusal:
    return Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail="There is no receiver of this name."))
