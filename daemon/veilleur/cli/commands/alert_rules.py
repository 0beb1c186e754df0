"""`veilleur alert rules|add|edit|…`: what people are told of, how, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from shlex import quote
from typing import Annotated, Any, Final

import typer
from msgspec.structs import replace

from veilleur.cli.agreement import require_agreement
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, Server, ServerToken
from veilleur.cli.output.alerts import ALERT_RULES
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.client.errors import MissingScope
from veilleur.model.alert import AlertRule, AlertRuleDraft, AlertTrigger, Digest, QuietHours
from veilleur.model.delivery import AttemptOutcome, Severity
from veilleur.model.desk import Desk
from veilleur.model.errors import AlertRuleError
from veilleur.wording.languages import Language

RULES_EXAMPLES: Final = examples(("veilleur alert rules", "Every rule, and what it waits for"))
ADD_EXAMPLES: Final = examples(
    ("veilleur alert add nombre --on count --watch plastique --at-least 5 --within 60", "Five mentions in an hour"),
    ("veilleur alert add pics --on burst", "Suddenly more of any hashtag, account, conversation or word"),
    (
        "veilleur alert add astreinte --on every --watch crise --severity urgent --to ana --to bo --next-after 10",
        "An on-call list: bo is told where ana has not taken it on within 10 minutes",
    ),
)
EDIT_EXAMPLES: Final = examples(
    ("veilleur alert edit nombre --quiet 22:00-07:00 --zone Europe/Paris", "Nothing at night"),
)
REMOVE_EXAMPLES: Final = examples(("veilleur alert remove nombre --yes", "It rests; its alerts stay"))
RESTORE_EXAMPLES: Final = examples(("veilleur alert restore nombre", "It goes on"))
TEST_EXAMPLES: Final = examples(("veilleur alert test nombre", "A test to everybody whom it may tell"))

_Name = Annotated[str, typer.Argument(metavar="NAME", help="The rule's name.")]
_Trigger = Annotated[AlertTrigger | None, typer.Option("--on", show_default=False, help="What it waits for.")]
_Watch = Annotated[
    str | None, typer.Option("--watch", metavar="NAME", show_default=False, help="The watch that it is about.")
]
_Words = Annotated[
    list[str] | None,
    typer.Option("--word", metavar="WORD", show_default=False, help="Only mentions with one of these; repeatable."),
]
_Severity = Annotated[
    Severity | None, typer.Option("--severity", show_default=False, help="`urgent` waits for no digest and no morning.")
]
_AtLeast = Annotated[int | None, typer.Option("--at-least", show_default=False, help="For `count`: so many.")]
_Within = Annotated[
    int | None, typer.Option("--within", metavar="MINUTES", show_default=False, help="Window, silence, or patience.")
]
_CoolDown = Annotated[
    int | None, typer.Option("--cool-down", metavar="MINUTES", show_default=False, help="From one alert to the next.")
]
_Group = Annotated[
    int | None,
    typer.Option("--group", metavar="MINUTES", show_default=False, help="What comes so soon is told with it."),
]
_Digest = Annotated[Digest | None, typer.Option("--digest", show_default=False, help="Told together, at these times.")]
_Quiet = Annotated[
    str | None,
    typer.Option("--quiet", metavar="HH:MM-HH:MM", show_default=False, help="Nobody is told then; `none` ends it."),
]
_Zone = Annotated[str | None, typer.Option("--zone", metavar="ZONE", show_default=False, help="Whose clocks count.")]
_To = Annotated[
    list[str] | None,
    typer.Option("--to", metavar="RECEIVER", show_default=False, help="Who is told (else all); repeatable."),
]
_NextAfter = Annotated[
    int | None,
    typer.Option(
        "--next-after", metavar="MINUTES", show_default=False, help="Makes `--to` an on-call list, told one by one."
    ),
]
_Language = Annotated[
    Language | None, typer.Option("--language", "-l", show_default=False, help="In which receivers are told.")
]
_PublicOnly = Annotated[bool, typer.Option("--public", help="It sees public mentions alone, and so may its readers.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def rules(
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List alert rules, those that rest too."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        ALERT_RULES.write(format, desk.alert_rules.every(with_archived=True), viewer_zone(is_utc=True))


def add(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    *,
    trigger: _Trigger = None,
    watch: _Watch = None,
    words: _Words = None,
    severity: _Severity = None,
    at_least: _AtLeast = None,
    within: _Within = None,
    cool_down: _CoolDown = None,
    group: _Group = None,
    digest: _Digest = None,
    quiet: _Quiet = None,
    zone: _Zone = None,
    to: _To = None,
    next_after: _NextAfter = None,
    language: _Language = None,
    public_only: _PublicOnly = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Make a rule: it finds what comes from now on."""
    if trigger is None:
        raise typer.BadParameter("say what it waits for: --on every, count, silence, burst …")
    given = _given(
        trigger,
        watch,
        words,
        severity,
        at_least,
        within,
        cool_down,
        group,
        digest,
        quiet,
        zone,
        to,
        next_after,
        language,
    )
    with opened_desk(data_dir, database_url, server, token, is_public=public_only) as desk:
        if desk.alert_rules.find(name) is not None:
            raise typer.BadParameter(f"there is an alert rule {name} already: `veilleur alert edit` changes it")
        _write(desk, name, replace(AlertRuleDraft(trigger=trigger), **given))
        is_heard = bool(to) or _has_receiver(desk)
    say(f"Alert rule {name} waits. `veilleur alert test {quote(name)}` tries the way to its receivers.")
    if not is_heard:
        say("There is no receiver yet: it tells nobody until `veilleur receiver add` makes one.")


def edit(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    *,
    trigger: _Trigger = None,
    watch: _Watch = None,
    words: _Words = None,
    severity: _Severity = None,
    at_least: _AtLeast = None,
    within: _Within = None,
    cool_down: _CoolDown = None,
    group: _Group = None,
    digest: _Digest = None,
    quiet: _Quiet = None,
    zone: _Zone = None,
    to: _To = None,
    next_after: _NextAfter = None,
    language: _Language = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Change what is given of a rule; what it was is kept."""
    given = _given(
        trigger,
        watch,
        words,
        severity,
        at_least,
        within,
        cool_down,
        group,
        digest,
        quiet,
        zone,
        to,
        next_after,
        language,
    )
    with opened_desk(data_dir, database_url, server, token) as desk:
        _write(desk, name, replace(_known(desk, name).draft, **given))
    say(f"Alert rule {name} is changed.")


def _has_receiver(desk: Desk) -> bool:
    """Say whether there is a receiver; True as well where this token may not know."""
    try:
        return bool(desk.receivers.every())
    except MissingScope:
        return True


def remove(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    name: _Name,
    yes: _Yes = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Let a rule rest; its alerts stay, and it can be restored."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        _known(desk, name)
        require_agreement(
            f"Let the alert rule {name} rest?", is_given=yes, unasked="removes", otherwise="Nothing was removed."
        )
        desk.alert_rules.archive(name)
    say(f"Alert rule {name} rests; `veilleur alert restore {quote(name)}` lets it go on.")


def restore(
    name: _Name,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Let a rule that rests go on."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        if not desk.alert_rules.restore(name):
            raise _unknown(name)
    say(f"Alert rule {name} waits again.")


def try_out(
    name: _Name,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Send a test at once to everybody whom a rule may tell; ends with 1 where one did not take it."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        tried = desk.alert_rules.try_out(name)
    if tried is None:
        raise _unknown(name)
    if not tried:
        raise typer.BadParameter("there is nobody to tell: the project has no receiver yet")
    for one in tried:
        is_told = one.outcome is AttemptOutcome.DELIVERED
        say(f"{one.receiver} took it." if is_told else f"{one.receiver}: it did not come ({one.outcome}): {one.detail}")
    if any(one.outcome is not AttemptOutcome.DELIVERED for one in tried):
        raise typer.Exit(1)


def _write(desk: Desk, name: str, draft: AlertRuleDraft) -> None:
    try:
        desk.alert_rules.save(name, draft)
    except AlertRuleError as error:
        raise typer.BadParameter(str(error)) from error


def _known(desk: Desk, name: str) -> AlertRule:
    rule = desk.alert_rules.find(name)
    if rule is None:
        raise _unknown(name)
    return rule


def _unknown(name: str) -> typer.BadParameter:
    return typer.BadParameter(f"there is no alert rule {name}: `veilleur alert rules` shows them")


def _given(*values: Any) -> dict[str, Any]:  # noqa: ANN401 - each option has its own type
    """Return the fields of a draft that options give, in the order of `add`."""
    names = (
        *("trigger", "watch", "words", "severity", "at_least", "window_minutes", "cool_down_minutes"),
        *("group_minutes", "digest", "quiet", "zone", "receivers", "escalate_minutes", "language"),
    )
    given = {name: value for name, value in zip(names, values, strict=True) if value is not None}
    for name in ("words", "receivers"):
        if name in given:
            given[name] = tuple(given[name])
    if "quiet" in given:
        given["quiet"] = _read_quiet(given["quiet"])
    return given


def _read_quiet(text: str) -> QuietHours | None:
    if text == "none":
        return None
    try:
        begin, end = (datetime.strptime(part.strip(), "%H:%M").replace(tzinfo=UTC) for part in text.split("-"))
    except ValueError as error:
        raise typer.BadParameter(f"--quiet takes two times such as 22:00-07:00, not {text!r}") from error
    return QuietHours(begin.hour * 60 + begin.minute, end.hour * 60 + end.minute)
