from __future__ import annotations

from django.apps import apps
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_http_methods
from llmemory_client import MAX_UPLOAD_BYTES, Client, Problem, whole_number


def _llmemory() -> Client:
    return apps.get_app_config("library").llmemory


@require_http_methods(["GET", "POST"])
def documents(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _upload(request)
    limit = whole_number(request.GET, "limit", 20)
    offset = whole_number(request.GET, "offset", 0)
    return JsonResponse(_llmemory().documents(request.owner, limit=limit, offset=offset))


def _upload(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        raise Problem(400, "validation", 'Send a file in the field "file".', "file")
    content = file.read(MAX_UPLOAD_BYTES + 1)
    added = _llmemory().upload(request.owner, file.name, content, request.POST.get("id_at_origin"))
    return JsonResponse(added, status=201 if added["status"] == "added" else 200)


@require_http_methods(["GET", "DELETE"])
def document(request: HttpRequest, document_id: str) -> HttpResponse:
    if request.method == "DELETE":
        _llmemory().delete(request.owner, document_id)
        return HttpResponse(status=204)
    return JsonResponse(_llmemory().document(request.owner, document_id))


@require_GET
def content(request: HttpRequest, document_id: str) -> HttpResponse:
    return JsonResponse(_llmemory().content(request.owner, document_id))


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    if "q" not in request.GET:
        raise Problem(400, "validation", 'Say in "q" what to search for.', "q")
    limit = whole_number(request.GET, "limit", 10)
    return JsonResponse(_llmemory().search(request.owner, request.GET["q"], limit=limit))
