#include "tests/core/embed/vector_rows.h"

#include "core/db/transaction.h"

namespace llmemory::testing {

namespace {

constexpr db::Statement kFill{
    "fill",
    "WITH o AS (INSERT INTO {{tables.owners}} (owner_id, display_name, document_count, "
    "chunk_count) VALUES ($1, $1, $2::int, $2::int * $3::int) RETURNING 1), "
    "d AS (INSERT INTO {{tables.documents}} (owner_id, document_id, id_at_origin, "
    "document_type, document_name, language, text_config, content_hash, chunk_fingerprint, "
    "char_count, page_count, chunk_count, metadata, created_at) "
    "SELECT $1, gen_random_uuid(), n, 'text', n, 'en', 'english', '', '', 1, 0, $3::int, "
    "jsonb_build_object('part', n % 20), now() - interval '1 hour' FROM o, generate_series(1, "
    "$2::int) n "
    "RETURNING document_id), "
    "c AS (INSERT INTO {{tables.document_chunks}} (owner_id, chunk_id, document_id, chunk_index, "
    "chunk_level, content, content_hash, token_count, page, line_start, line_end, char_start, "
    "char_end, text_config) "
    "SELECT $1, gen_random_uuid(), document_id, n, 1, 'passage ' || n, '', 2, 0, 1, 1, 0, 1, "
    "'english' FROM d, generate_series(1, $3::int) n RETURNING chunk_id, document_id) "
    "INSERT INTO {{embeddings}} (owner_id, chunk_id, document_id, embedding) "
    "SELECT $1, chunk_id, document_id, l2_normalize((SELECT array_agg(random() - 0.5) FROM "
    "generate_series(1, $4::int) WHERE chunk_id IS NOT NULL)::real[]::vector)::halfvec FROM c"};

} // namespace

Result<> addVectorRows(db::Session &session, const VectorRows &rows)
{
    auto added = db::inTransaction(
        session, "fill", db::Scope::owner(rows.owner), [&](db::Session &s) -> Result<qint64> {
            if (auto ok = s.runScript(QStringLiteral("patience"),
                                      QStringLiteral("SET LOCAL statement_timeout = 0; "
                                                     "SELECT setseed(0.5)"));
                !ok)
                return ok.error();
            return s.execute(
                kFill, {rows.owner.toString(), rows.documents, rows.passages, rows.dimension});
        });
    return added ? Result<>() : Result<>(added.error());
}

} // namespace llmemory::testing
