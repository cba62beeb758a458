"""A document library on FastAPI. Each user has documents of their own, kept by `llmemory serve`."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import Depends, FastAPI, File, Form, Header, Query, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from llmemory_client import MAX_UPLOAD_BYTES, Client, Problem, checked_owner

logging.basicConfig(level=logging.INFO)
logging.getLogger("uvicorn").propagate = False  # it writes its lines itself
app = FastAPI(title="Document library")


@app.on_event("startup")
async def open_client() -> None:
    app.state.llmemory = await run_in_threadpool(Client.from_environment)


@app.on_event("shutdown")
async def close_client() -> None:
    await run_in_threadpool(app.state.llmemory.close)


@app.exception_handler(Problem)
async def answer_problem(request: Request, problem: Problem) -> JSONResponse:
    return JSONResponse(
        problem.as_dict(), problem.status, problem.headers, media_type="application/problem+json"
    )


@app.exception_handler(RequestValidationError)
async def answer_bad_request(request: Request, error: RequestValidationError) -> JSONResponse:
    first = error.errors()[0]
    field = str(first["loc"][-1])
    return await answer_problem(
        request, Problem(400, "validation", f"{field}: {first['msg']}.", field)
    )


async def current_client(request: Request) -> Client:
    return request.app.state.llmemory


async def current_owner(x_authenticated_user: str | None = Header(None)) -> str:
    """Stands for the application's own sign-in: a proxy that authenticates sets this header, and
    removes it from what comes from outside. The owner is never taken from anything else."""
    return checked_owner(x_authenticated_user)


# Handlers without `async` run in FastAPI's threads: waiting there never holds up the event loop.


@app.post("/documents", status_code=201)
def upload(
    response: Response,
    file: UploadFile = File(...),
    id_at_origin: str | None = Form(None),
    owner: str = Depends(current_owner),
    client: Client = Depends(current_client),
) -> dict[str, Any]:
    content = file.file.read(MAX_UPLOAD_BYTES + 1)
    added = client.upload(owner, file.filename or "", content, id_at_origin)
    response.status_code = 201 if added["status"] == "added" else 200
    return added


@app.get("/documents")
def list_documents(
    limit: int = 20,
    offset: int = 0,
    owner: str = Depends(current_owner),
    client: Client = Depends(current_client),
) -> dict[str, Any]:
    return client.documents(owner, limit=limit, offset=offset)


@app.get("/documents/{document_id}")
def show_document(
    document_id: str, owner: str = Depends(current_owner), client: Client = Depends(current_client)
) -> dict[str, Any]:
    return client.document(owner, document_id)


@app.get("/documents/{document_id}/content")
def show_content(
    document_id: str, owner: str = Depends(current_owner), client: Client = Depends(current_client)
) -> dict[str, Any]:
    return client.content(owner, document_id)


@app.delete("/documents/{document_id}", status_code=204)
def delete_document(
    document_id: str, owner: str = Depends(current_owner), client: Client = Depends(current_client)
) -> Response:
    client.delete(owner, document_id)
    return Response(status_code=204)


@app.get("/search")
def search(
    q: str = Query(...),
    limit: int = 10,
    owner: str = Depends(current_owner),
    client: Client = Depends(current_client),
) -> dict[str, Any]:
    return client.search(owner, q, limit=limit)
