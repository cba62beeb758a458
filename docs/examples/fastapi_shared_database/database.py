"""The application's own table, and llmemory's documents beside it in the same database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

# None of these says whose rows: that is the transaction's business, see Database.as_owner().
_LIST = """
SELECT d.document_id, d.document_name, d.document_type, d.created_at, r.stars
FROM {schema}.documents d LEFT JOIN reading_list.ratings r USING (owner_id, document_id)
"""
_RATE = """
INSERT INTO reading_list.ratings (document_id, stars)
SELECT document_id, $2 FROM {schema}.documents WHERE document_id = $1
ON CONFLICT (owner_id, document_id) DO UPDATE SET stars = excluded.stars
RETURNING document_id
"""
_STARS = """
SELECT document_id, stars FROM reading_list.ratings WHERE document_id = ANY ($1::uuid[])
"""


class Database:
    """A pool of connections, and what the application asks."""

    def __init__(self, pool: asyncpg.Pool, service_schema: str) -> None:
        self._pool = pool
        schema = '"' + service_schema.replace('"', '""') + '"'
        self._list = _LIST.format(schema=schema)
        self._rate = _RATE.format(schema=schema)

    @classmethod
    async def open(cls, url: str, service_schema: str) -> Database:
        # No statement is kept between transactions, so that a pooler may stand in between.
        pool = await asyncpg.create_pool(
            url, min_size=1, max_size=4, command_timeout=30, statement_cache_size=0
        )
        database = cls(pool, service_schema)
        async with pool.acquire() as connection:
            without_owner = await database.count(connection)
        # Nobody said whose documents. Seeing some would be seeing everybody's.
        if without_owner > 0:
            await pool.close()
            raise RuntimeError("This role passes row-level security. Use the one of setup.sql.")
        return database

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def as_owner(self, owner: str) -> AsyncIterator[asyncpg.Connection]:
        """A transaction that sees and writes the rows of this owner only."""
        async with self._pool.acquire() as connection, connection.transaction():
            # `true`: for this transaction. The connection goes back to the pool without an owner.
            await connection.execute("SELECT set_config('llmemory.owner', $1, true)", owner)
            yield connection

    async def documents(
        self, connection: asyncpg.Connection, limit: int, offset: int
    ) -> list[dict[str, Any]]:
        """Newest first, with the stars they were given."""
        query = self._list + "ORDER BY d.created_at DESC, d.document_id LIMIT $1 OFFSET $2"
        return [dict(row) for row in await connection.fetch(query, limit, offset)]

    async def count(self, connection: asyncpg.Connection) -> int:
        return await connection.fetchval(f"SELECT count(*) FROM ({self._list}) AS listed")

    async def document(
        self, connection: asyncpg.Connection, document_id: UUID
    ) -> dict[str, Any] | None:
        row = await connection.fetchrow(self._list + "WHERE d.document_id = $1", document_id)
        return dict(row) if row else None

    async def rate(self, connection: asyncpg.Connection, document_id: UUID, stars: int) -> bool:
        """False when there is no such document (of this owner)."""
        return await connection.fetchval(self._rate, document_id, stars) is not None

    async def stars(
        self, connection: asyncpg.Connection, document_ids: Collection[str]
    ) -> dict[str, int]:
        rows = await connection.fetch(_STARS, document_ids)
        return {str(row["document_id"]): row["stars"] for row in rows}

    async def forget(self, connection: asyncpg.Connection, document_id: UUID) -> None:
        query = "DELETE FROM reading_list.ratings WHERE document_id = $1"
        await connection.execute(query, document_id)
