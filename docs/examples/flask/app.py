"""A document library on Flask. Each user has documents of their own, kept by `llmemory serve`."""

from __future__ import annotations

import argparse
import atexit
import logging
import signal
import sys
from typing import Any

from werkzeug.exceptions import HTTPException

from flask import Flask, g, request
from llmemory_client import MAX_UPLOAD_BYTES, Client, Problem, checked_owner, whole_number

Answer = tuple[dict[str, Any], int]


def create_app(client: Client | None = None) -> Flask:
    app = Flask(__name__)
    # Room for the form around a file; the client looks at the file itself.
    app.config["MAX_CONTENT_LENGTH"] = MAX_UPLOAD_BYTES + 64 * 1024
    llmemory = client or Client.from_environment()
    atexit.register(llmemory.close)

    @app.errorhandler(Problem)
    def answer_problem(problem: Problem) -> tuple[dict[str, Any], int, dict[str, str]]:
        headers = problem.headers | {"Content-Type": "application/problem+json"}
        return problem.as_dict(), problem.status, headers

    @app.errorhandler(HTTPException)
    def answer_refusal(error: HTTPException) -> tuple[dict[str, Any], int, dict[str, str]]:
        return answer_problem(Problem(error.code or 500, "http", error.description or error.name))

    @app.before_request
    def authenticate() -> None:
        """Stands for the application's own sign-in: a proxy that authenticates sets this header,
        and removes it from what comes from outside. The owner is never taken from anything else."""
        g.owner = checked_owner(request.headers.get("X-Authenticated-User"))

    @app.post("/documents")
    def upload() -> Answer:
        file = request.files.get("file")
        if file is None or not file.filename:
            raise Problem(400, "validation", 'Send a file in the field "file".', "file")
        added = llmemory.upload(
            g.owner, file.filename, file.read(), request.form.get("id_at_origin")
        )
        return added, 201 if added["status"] == "added" else 200

    @app.get("/documents")
    def list_documents() -> dict[str, Any]:
        limit = whole_number(request.args, "limit", 20)
        return llmemory.documents(
            g.owner, limit=limit, offset=whole_number(request.args, "offset", 0)
        )

    @app.get("/documents/<document_id>")
    def show_document(document_id: str) -> dict[str, Any]:
        return llmemory.document(g.owner, document_id)

    @app.get("/documents/<document_id>/content")
    def show_content(document_id: str) -> dict[str, Any]:
        return llmemory.content(g.owner, document_id)

    @app.delete("/documents/<document_id>")
    def delete_document(document_id: str) -> tuple[str, int]:
        llmemory.delete(g.owner, document_id)
        return "", 204

    @app.get("/search")
    def search() -> dict[str, Any]:
        if "q" not in request.args:
            raise Problem(400, "validation", 'Say in "q" what to search for.', "q")
        return llmemory.search(
            g.owner, request.args["q"], limit=whole_number(request.args, "limit", 10)
        )

    return app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    logging.basicConfig(level=logging.INFO)
    # An orderly end runs what atexit holds.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    create_app().run(port=parser.parse_args().port)


if __name__ == "__main__":
    main()
