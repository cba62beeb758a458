from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from llmemory_client import Problem, checked_owner


def _as_response(problem: Problem) -> HttpResponse:
    response = JsonResponse(
        problem.as_dict(), status=problem.status, content_type="application/problem+json"
    )
    for name, value in problem.headers.items():
        response[name] = value
    return response


class OwnerMiddleware:
    """Says whose documents a request is about, and answers what a view raises as Problem.

    Stands for the application's own sign-in: a proxy that authenticates sets this header, and
    removes it from what comes from outside. The owner is never taken from anything else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            request.owner = checked_owner(request.headers.get("X-Authenticated-User"))
        except Problem as problem:
            return _as_response(problem)
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _as_response(exception) if isinstance(exception, Problem) else None
