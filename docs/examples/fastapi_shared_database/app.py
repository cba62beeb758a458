"""A reading list on FastAPI: its ratings and the documents of `llmemory serve` in one database.

Adding, searching and deleting go through the endpoint. Lists are one query over both schemas.
"""

from __future__ import annotations

import logging
import os
from typing import Any
from uuid import UUID

import asyncpg

from database import Database
from fastapi import Body, Depends, FastAPI, File, Form, Header, Query, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from llmemory_client import MAX_UPLOAD_BYTES, Client, Problem, checked_owner, unavailable

logging.basicConfig(level=logging.INFO)
logging.getLogger("uvicorn").propagate = False  # it writes its lines itself
app = FastAPI(title="Reading list")


@app.on_event("startup")
async def open_services() -> None:
    app.state.llmemory = await run_in_threadpool(Client.from_environment)
    app.state.database = await Database.open(
        os.environ["DATABASE_URL"], os.environ.get("LLMEMORY_SCHEMA", "llmemory")
    )


@app.on_event("shutdown")
async def close_services() -> None:
    await app.state.database.close()
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


@app.exception_handler(OSError)
@app.exception_handler(asyncpg.PostgresConnectionError)
@app.exception_handler(asyncpg.OperatorInterventionError)
@app.exception_handler(asyncpg.InterfaceError)
async def answer_lost_database(request: Request, error: Exception) -> JSONResponse:
    logging.error("The database: %s", error)
    return await answer_problem(request, unavailable())


async def current_client(request: Request) -> Client:
    return request.app.state.llmemory


async def current_database(request: Request) -> Database:
    return request.app.state.database


async def current_owner(x_authenticated_user: str | None = Header(None)) -> str:
    """Stands for the application's own sign-in: a proxy that authenticates sets this header, and
    removes it from what comes from outside. The owner is never taken from anything else."""
    return checked_owner(x_authenticated_user)


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
async def list_documents(
    limit: int = Query(20, ge=1, le=200),
    offset: int = Query(0, ge=0, le=10_000),
    owner: str = Depends(current_owner),
    database: Database = Depends(current_database),
) -> dict[str, Any]:
    async with database.as_owner(owner) as connection:
        documents = await database.documents(connection, limit, offset)
        total = await database.count(connection)
    return {"documents": documents, "total": total, "limit": limit, "offset": offset}


@app.get("/documents/{document_id}")
async def show_document(
    document_id: UUID,
    owner: str = Depends(current_owner),
    database: Database = Depends(current_database),
) -> dict[str, Any]:
    async with database.as_owner(owner) as connection:
        document = await database.document(connection, document_id)
    if document is None:
        raise Problem(404, "not_found", "There is no such document.")
    return document


@app.put("/documents/{document_id}/stars", status_code=204)
async def rate_document(
    document_id: UUID,
    stars: int = Body(..., ge=1, le=5, embed=True),
    owner: str = Depends(current_owner),
    database: Database = Depends(current_database),
) -> Response:
    async with database.as_owner(owner) as connection:
        if not await database.rate(connection, document_id, stars):
            raise Problem(404, "not_found", "There is no such document.")
    return Response(status_code=204)


@app.delete("/documents/{document_id}", status_code=204)
async def delete_document(
    document_id: UUID,
    owner: str = Depends(current_owner),
    client: Client = Depends(current_client),
    database: Database = Depends(current_database),
) -> Response:
    await run_in_threadpool(client.delete, owner, str(document_id))
    # Should this fail, the stars stay without a document, and no list shows them.
    async with database.as_owner(owner) as connection:
        await database.forget(connection, document_id)
    return Response(status_code=204)


@app.get("/search")
async def search(
    q: str = Query(...),
    limit: int = 10,
    owner: str = Depends(current_owner),
    client: Client = Depends(current_client),
    database: Database = Depends(current_database),
) -> dict[str, Any]:
    answer = await run_in_threadpool(client.search, owner, q, limit=limit)
    async with database.as_owner(owner) as connection:
        stars = await database.stars(connection, {hit["document_id"] for hit in answer["results"]})
    for hit in answer["results"]:
        hit["stars"] = stars.get(hit["document_id"])
    return answer
