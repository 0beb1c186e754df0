"""A request of each operation that works once the sample log is played: its path with parameters, and its body."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from veilleur.api.alert_examples import alert_bodies
from veilleur.api.delivery_examples import delivery_bodies
from veilleur.api.examples import response_examples
from veilleur.api.project_examples import project_bodies
from veilleur.api.qualification_examples import qualification_bodies
from veilleur.api.report_examples import report_bodies
from veilleur.api.trend_examples import trend_bodies
from veilleur.api.watch_examples import watch_bodies

Document = dict[str, Any]


def request_bodies() -> dict[str, Any]:
    """Return the body of each operation that takes one, by operation id, as plain JSON values."""
    answers = response_examples()
    config, campaign = answers["write_device_config"], answers["write_campaign"]
    return {
        "write_device_config": {name: value for name, value in config.items() if name != "revision"},
        "write_campaign": {name: campaign[name] for name in ("kind", "openings")},
        **qualification_bodies(),
        **watch_bodies(),
        **delivery_bodies(),
        **report_bodies(),
        **alert_bodies(),
        **trend_bodies(),
        **project_bodies(),
    }


def example_path(path: str, operation: Document) -> str:
    """Return what follows the server's address, with the first example of each parameter."""
    given = {
        parameter["name"]: next(iter(parameter["examples"].values()))["value"]
        for parameter in operation.get("parameters", ())
        if parameter.get("examples")
    }
    path = path.replace("{mention_id}", response_examples()["read_mention"]["mention"]["id"])
    inner = {name: given.pop(name) for name in list(given) if f"{{{name}}}" in path}
    if inner:
        path = path.format(**inner)
    elif "{" in path:
        example = answer_media(operation)["example"]
        path = path.partition("{")[0] + str(example.get("mention", example)["id"])
    return f"{path}?{urlencode(given)}" if given else path


def example_body(operation: Document) -> Any:  # noqa: ANN401 - any JSON
    """Return the body that goes with it, None where it takes none."""
    body = operation.get("requestBody")
    return None if body is None else body["content"]["application/json"]["example"]


def answer_media(operation: Document) -> Document:
    """Return the one kind of content that an operation answers with."""
    media: Document = next(iter(operation["responses"]["200"]["content"].values()))
    return media
