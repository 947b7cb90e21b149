"""/healthz for supervisors: 200 with a small JSON when web, database and worker are well, 503 with the reason."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app, jsonify

from portal.kernel.health import health as examine
from portal.services import Services

health = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    """Register the one route that is no office's."""
    app.register_blueprint(health)


@health.get("/healthz")
def healthz() -> tuple[Response, int]:
    """The state of this installation."""
    services: Services = current_app.extensions["portal"]
    state = examine(services.engine)
    answer: dict[str, bool | str] = {"web": True, "database": state.database, "worker": state.worker}
    if state.reason:
        answer["reason"] = state.reason
    return jsonify(answer), 200 if state.well else 503
