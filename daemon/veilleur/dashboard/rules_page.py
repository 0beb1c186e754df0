"""Alert rules: made on a watch, changed, let rest and go on; tried on the past and tried on their receivers."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import RedirectResponse

from veilleur.alerts.keeping import write_alert_rule
from veilleur.dashboard.backtest_part import tried
from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.first_run_page import FIRST, START_PATH, IsFirst
from veilleur.dashboard.forms import Fields, MemberForm
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.rule_forms import EMPTY_FIELDS, TOLD, draft_of, fields_of, usual_fields
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.alert import (
    LONGEST_RULE_NAME,
    WITHOUT_WATCH,
    AlertRule,
    AlertRuleDraft,
    AlertTrigger,
    Digest,
    RuleSaved,
)
from veilleur.model.condition import Condition, ConditionKind
from veilleur.model.delivery import Severity
from veilleur.model.errors import AlertRuleError
from veilleur.model.scope import TokenScope
from veilleur.model.watch import LONGEST_NAME, NAME_PATTERN
from veilleur.store.alert_rules import archive_alert_rule, get_alert_rule, list_alert_rules, restore_alert_rule
from veilleur.store.receivers import list_receivers
from veilleur.store.watches import get_watch, list_watches

_PATH: Final = "/alert-rules"
_TRIED_DAYS: Final = 30
_ON_PAST: Final = {AlertTrigger(kind.value): kind for kind in ConditionKind}

RuleName = Annotated[str, Path(max_length=LONGEST_RULE_NAME, pattern=NAME_PATTERN)]
_OnWatch = Annotated[str, Query(alias="watch", max_length=LONGEST_NAME)]
_Archived = Annotated[bool, Query(alias="archived")]


def rules_router() -> APIRouter:
    """Return the routes of rules; `/new-alert-rule` stands apart, since a rule may have any name."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    one = _PATH + "/{name}"
    router.add_api_route(_PATH, show_rules, methods=["GET", "HEAD"])
    router.add_api_route("/new-alert-rule", show_new, methods=["GET", "HEAD"])
    router.add_api_route("/new-alert-rule", make_rule, methods=["POST"])
    router.add_api_route("/new-alert-rule/backtest", show_backtest, methods=["GET"])
    router.add_api_route(one, show_rule, methods=["GET", "HEAD"])
    router.add_api_route(one + "/edit", show_edit, methods=["GET", "HEAD"])
    router.add_api_route(one + "/edit", change_rule, methods=["POST"])
    router.add_api_route(one + "/archive", archive, methods=["POST"])
    router.add_api_route(one + "/restore", restore, methods=["POST"])
    return router


def show_rules(pages: Pages, member: SignedInMember, with_archived: _Archived = False) -> Response:
    """Answer with the rules of which this person may know."""
    rules = list_alert_rules(pages.database, member.person.scope, with_archived=with_archived)
    return pages.show("alert_rules.html", member.visitor, rules=rules, with_archived=with_archived)


def show_new(pages: Pages, member: SignedInMember, watch: _OnWatch = "", is_first: IsFirst = False) -> Response:
    """Answer with the form of a new rule; whoever makes their first one is led back to the first steps."""
    member.require(TokenScope.WRITE_CASES)
    return _form(pages, member, usual_fields(watch) | ({FIRST: FIRST} if is_first else {}))


def make_rule(pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Make a rule under a name that none has yet."""
    return _save(pages, member, None, fields)


def show_rule(pages: Pages, member: SignedInMember, name: RuleName) -> Response:
    """Answer with what a rule waits for, whom it tells, and the forms that try it."""
    rule = found_rule(pages, member, name)
    return pages.show("alert_rule.html", member.visitor, rule=rule, tried_fields=fields_of(name, rule.draft))


def show_edit(pages: Pages, member: SignedInMember, name: RuleName) -> Response:
    """Answer with the form that changes a rule."""
    member.require(TokenScope.WRITE_CASES)
    rule = found_rule(pages, member, name)
    return _form(pages, member, fields_of(rule.name, rule.draft), rule)


def change_rule(pages: Pages, member: SignedInMember, name: RuleName, fields: MemberForm) -> Response:
    """Put what the form says in a rule's place; what it was before is kept."""
    member.require(TokenScope.WRITE_CASES)
    return _save(pages, member, found_rule(pages, member, name), fields)


def show_backtest(request: Request, pages: Pages, member: SignedInMember) -> Response:
    """Answer with how often a rule as the form has it would have alerted in thirty days."""
    zone = member.visitor.zone.key
    try:
        draft = draft_of(request.query_params, zone)
    except AlertRuleError as error:
        return pages.show("parts/rule_backtest.html", member.visitor, refusal=error)
    watch = None if draft.watch is None else get_watch(pages.database, member.person.scope, draft.watch)
    kind = _ON_PAST.get(draft.trigger)
    if watch is None or kind is None:
        return pages.show("parts/rule_backtest.html", member.visitor, refusal=None, needs_watch=kind is not None)
    condition = Condition(
        kind=kind,
        at_least=max(draft.at_least, 1),
        window_minutes=max(draft.window_minutes, 1),
        cool_down_minutes=draft.cool_down_minutes,
    )
    return tried(pages, member, _narrowed(watch.query, draft), condition, timedelta(days=_TRIED_DAYS), zone=watch.zone)


def archive(pages: Pages, member: SignedInMember, name: RuleName, _fields: MemberForm) -> Response:
    """Let a rule rest; its page has the button that lets it go on."""
    member.require(TokenScope.WRITE_CASES)
    rule = found_rule(pages, member, name)
    archive_alert_rule(pages.database, member.person.scope, rule.name, by=member.person.name, now=pages.clock())
    return _to(rule.name)


def restore(pages: Pages, member: SignedInMember, name: RuleName, _fields: MemberForm) -> Response:
    """Let a rule that rests go on."""
    member.require(TokenScope.WRITE_CASES)
    restore_alert_rule(pages.database, member.person.scope, found_rule(pages, member, name).name)
    return _to(name)


def found_rule(pages: PageContext, member: Member, name: str) -> AlertRule:
    """Return a rule of which this person may know; raises NothingHere."""
    rule = get_alert_rule(pages.database, member.person.scope, name)
    if rule is None:
        raise NothingHere
    return rule


def _narrowed(query: str, draft: AlertRuleDraft) -> str:
    """Return a watch's query narrowed by a rule's words, as a person would write it."""
    if not draft.words:
        return query
    words = " OR ".join(
        word if word.startswith(("#", "@")) else '"{}"'.format(word.replace('"', " ")) for word in draft.words
    )
    return f"({query}) ({words})" if query.strip() else words


def _save(pages: PageContext, member: Member, rule: AlertRule | None, fields: Fields) -> Response:
    member.require(TokenScope.WRITE_CASES)
    name, scope = fields.get("name", "").strip(), member.person.scope
    if rule is None and get_alert_rule(pages.database, scope, name) is not None:
        return _form(pages, member, fields, rule, trouble=RuleSaved.NAME_TAKEN)
    zone = member.visitor.zone.key if rule is None else rule.draft.zone
    old_name = name if rule is None else rule.name
    try:
        draft = draft_of(fields, zone)
        saved = write_alert_rule(
            pages.database, scope, old_name, draft, by=member.person.name, now=pages.clock(), new_name=name
        )
    except AlertRuleError as error:
        return _form(pages, member, fields, rule, refusal=error)
    if saved is not RuleSaved.SAVED:
        return _form(pages, member, fields, rule, trouble=saved)
    return RedirectResponse(START_PATH, HTTPStatus.SEE_OTHER) if FIRST in fields else _to(name)


def _form(  # noqa: PLR0913 - the form, and the one thing that may be wrong with it
    pages: PageContext,
    member: Member,
    fields: Fields,
    rule: AlertRule | None = None,
    *,
    trouble: RuleSaved | None = None,
    refusal: AlertRuleError | None = None,
) -> Response:
    is_refused = trouble is not None or refusal is not None
    scope = member.person.scope
    return pages.show(
        "alert_rule_form.html",
        member.visitor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK,
        fields=EMPTY_FIELDS | usual_fields("") | dict(fields),
        rule=rule,
        trouble=trouble,
        refusal=refusal,
        watches=list_watches(pages.database, scope),
        receivers=[one.name for one in list_receivers(pages.database, scope)],
        told=TOLD,
        triggers=tuple(AlertTrigger),
        without_watch=WITHOUT_WATCH,
        severities=tuple(Severity),
        digests=tuple(Digest),
        longest_name=LONGEST_RULE_NAME,
    )


def _to(name: str) -> Response:
    return RedirectResponse(f"{_PATH}/{quote(name, safe='')}", HTTPStatus.SEE_OTHER)
