"""应用: the server as an ASGI application, put together in one place."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from sqzl_desktop.server import wire
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.gate import Gate
from sqzl_desktop.server.metrics import Metrics
from sqzl_desktop.server.migrations import migrate
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.routes import Routes
from sqzl_desktop.server.settings import Settings


def create_app(settings: Settings) -> Starlette:
    """The server over the database of the settings, brought to its present form first.

    `app.state.database` is the open database; close it when the app is done with. Before that,
    `await app.state.events.close()` ends the streams. What `app.state.metrics` counts is for the
    operator's eyes, not for those who ask.
    """
    database = Database(settings.database, settings.connections)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    metrics = Metrics()
    routes = Routes(settings, database, metrics)
    every = routes.every()
    templates = {route.endpoint: route.path for route in every}
    app = Starlette(
        routes=every,
        middleware=[Middleware(Gate, metrics=metrics, routes=templates)],
        exception_handlers={HTTPException: _unknown},
    )
    app.state.database = database
    app.state.metrics = metrics
    app.state.events = routes.events
    return app


async def _unknown(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    sentence = "服务器没有这个功能，请检查服务器地址，或更新程序后重试"
    return wire.problem(Refusal(status, "UNKNOWN", sentence))
