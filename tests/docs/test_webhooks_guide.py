"""The example of the webhooks guide checks what is really sent, and refuses what is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.architecture.source_file import PROJECT
from tests.daemon.delivery.outgoing import LOOPBACK, SECRET, channels_with
from tests.servers.hook import Came, running_hook
from veilleur.app.clock import utc_now
from veilleur.delivery.channel import Message
from veilleur.delivery.webhook import REPLAY_WINDOW_S, write_address
from veilleur.model.delivery import AttemptOutcome, DeliveryId, Notice, ReceiverId, ReceiverKind

GUIDE = PROJECT / "docs" / "guides" / "webhooks.md"
Check = Callable[[dict[str, str], bytes, str], bool]


@pytest.fixture
def check() -> Check:
    """Give the function that the guide shows."""
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, str(GUIDE), "exec"), names)
    found: Check = names["is_from_veilleur"]
    return found


def sent(*, ago_s: int = 0) -> Came:
    notice = Notice(receiver_id=ReceiverId(1), subject="Pic", text="12 en 10 min", queued_at=utc_now())
    at = utc_now() - timedelta(seconds=ago_s)
    message = Message(delivery_id=DeliveryId("0" * 32), is_repeat=False, sent_at=at, told=notice)
    with running_hook() as hook:
        answer = channels_with(LOOPBACK, timeout_s=20)(ReceiverKind.WEBHOOK).send(
            write_address(hook.url, SECRET), message
        )
    assert answer.outcome == AttemptOutcome.DELIVERED
    return hook.came[0]


def test_the_guides_check_takes_what_is_sent(check: Check) -> None:
    came = sent()
    assert check(came.headers, came.body, SECRET)


def test_the_guides_check_refuses_another_body_another_secret_and_an_old_message(check: Check) -> None:
    came, old = sent(), sent(ago_s=REPLAY_WINDOW_S + 60)
    assert not check(came.headers, came.body + b" ", SECRET)
    assert not check(came.headers, came.body, "whsec_AAAA")
    assert not check(old.headers, old.body, SECRET)
