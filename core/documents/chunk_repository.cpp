#include "core/documents/chunk_repository.h"

#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/db/sql_array.h"
#include "core/documents/document_repository.h"
#include "core/documents/name_words.h"
#include "core/language/word_segmenter.h"
#include "core/textindex/segment_repository.h"
#include "core/textindex/text_index.h"

#include <QCoreApplication>

#include <algorithm>

// Columns that chunkFrom() reads; the vector where $3 asks for it.
#define CHUNK_COLUMNS                                                                              \
    "c.chunk_id, c.document_id, c.parent_chunk_id, c.chunk_level, c.chunk_index, c.content, "      \
    "c.token_count, c.page, c.line_start, c.line_end, c.char_start, c.char_end, c.heading_path "

namespace llmemory::documents {

using db::Statement;

namespace {

constexpr Statement kOfDocument{"chunks_of_document",
                                "SELECT " CHUNK_COLUMNS "FROM {{tables.document_chunks}} c "
                                "WHERE c.owner_id = $1 AND c.document_id = $2::uuid "
                                "ORDER BY c.chunk_level, c.chunk_index LIMIT $3 OFFSET $4"};
constexpr Statement kOfDocumentWithVectors{
    "chunks_with_vectors",
    "SELECT " CHUNK_COLUMNS ", e.embedding::text FROM {{tables.document_chunks}} c "
    "LEFT JOIN {{embeddings}} e ON e.owner_id = c.owner_id AND e.chunk_id = c.chunk_id "
    "WHERE c.owner_id = $1 AND c.document_id = $2::uuid "
    "ORDER BY c.chunk_level, c.chunk_index LIMIT $3 OFFSET $4"};
// One row where the document exists, none where it does not.
constexpr Statement kCount{
    "count_chunks",
    "SELECT (SELECT count(*) FROM {{tables.document_chunks}} c "
    "WHERE c.owner_id = $1 AND c.document_id = $2::uuid) "
    "FROM {{tables.documents}} d WHERE d.owner_id = $1 AND d.document_id = $2::uuid"};
constexpr Statement kFindMany{"find_chunks",
                              "SELECT " CHUNK_COLUMNS "FROM {{tables.document_chunks}} c "
                              "WHERE c.owner_id = $1 AND c.chunk_id = ANY ($2::uuid[])"};
// What the text index takes back. Passages that it does not have yet have no number.
constexpr Statement kDelete{
    "delete_chunks",
    "DELETE FROM {{tables.document_chunks}} WHERE owner_id = $1 AND document_id = ANY ($2::uuid[]) "
    "RETURNING chunk_no, search_vector::text"};

// All passages in one statement, a column in each array: COPY is refused on tables under row-level
// security, and a temporary table would outlive the transaction.
constexpr Statement kInsert{
    "insert_chunks",
    "INSERT INTO {{tables.document_chunks}} (owner_id, document_id, text_config, chunk_id, "
    "parent_chunk_id, "
    "chunk_index, chunk_level, content, search_text, heading_path, content_hash, token_count, "
    "page, line_start, "
    "line_end, char_start, char_end, chunk_no, heading_words, name_words) "
    "SELECT $1, $2::uuid, $3::regconfig, chunk_id, nullif(parent_chunk_id, '')::uuid, chunk_index, "
    "chunk_level, "
    "content, nullif(search_text, ''), heading_path, content_hash, token_count, page, line_start, "
    "line_end, "
    "char_start, char_end, nullif(chunk_no, 0), nullif(heading_words, ''), "
    "CASE WHEN chunk_level = 1 THEN $4 ELSE '' END FROM unnest($5::uuid[], $6::text[], "
    "$7::integer[], "
    "$8::smallint[], $9::text[], $10::text[], $11::text[], $12::text[], $13::integer[], "
    "$14::integer[], $15::integer[], $16::integer[], $17::bigint[], $18::bigint[], "
    "$19::bigint[], $20::text[]) AS drafts (chunk_id, parent_chunk_id, chunk_index, chunk_level, "
    "content, "
    "search_text, "
    "heading_path, content_hash, token_count, page, line_start, line_end, char_start, char_end, "
    "chunk_no, heading_words) RETURNING chunk_no, search_vector::text"};
constexpr Statement kIndexed{
    "indexed_chunks",
    "SELECT chunk_no, search_vector::text FROM {{tables.document_chunks}} WHERE owner_id = $1 "
    "AND document_id = $2::uuid AND chunk_level = 1 ORDER BY chunk_index FOR UPDATE"};
constexpr Statement kRename{
    "rename_chunks",
    "UPDATE {{tables.document_chunks}} SET name_words = $3, chunk_no = $4::bigint + chunk_index "
    "WHERE owner_id = $1 AND document_id = $2::uuid AND chunk_level = 1 "
    "RETURNING chunk_no, search_vector::text"};
constexpr Statement kQueue{"queue_embeddings",
                           "INSERT INTO {{tables.embedding_queue}} (owner_id, chunk_id, "
                           "provider_id, document_id, content_hash) "
                           "SELECT owner_id, chunk_id, $3, document_id, content_hash FROM "
                           "{{tables.document_chunks}} "
                           "WHERE owner_id = $1 AND document_id = $2::uuid AND chunk_level = 1"};

Chunk chunkFrom(const db::Row &row)
{
    Chunk chunk;
    chunk.id = ChunkId(row.value(0).toUuid());
    chunk.document = DocumentId(row.value(1).toUuid());
    chunk.parent = ChunkId(row.value(2).toUuid());
    chunk.level = row.integer(3);
    chunk.index = row.integer(4);
    chunk.content = row.text(5);
    chunk.tokenCount = row.integer(6);
    chunk.locator.page = row.integer(7);
    chunk.locator.lineStart = row.integer(8);
    chunk.locator.lineEnd = row.integer(9);
    chunk.locator.charStart = row.bigint(10);
    chunk.locator.charEnd = row.bigint(11);
    chunk.locator.headingPath = row.text(12).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    constexpr int kVector = 13;
    if (row.columns() > kVector && !row.isNull(kVector))
        chunk.embedding = db::vectorFromLiteral(row.text(kVector));
    return chunk;
}

Result<QList<Chunk>> chunksFrom(const Result<db::Rows> &rows)
{
    if (!rows)
        return rows.error();
    QList<Chunk> chunks;
    chunks.reserve(rows->size());
    for (const db::Row &row : *rows)
        chunks.append(chunkFrom(row));
    return chunks;
}

QString headingLines(const QStringList &path)
{
    QStringList lines;
    for (const QString &title : path)
        lines << title.simplified();
    return lines.join(QLatin1Char('\n'));
}

/// The text as the index shall see it; empty where the content serves.
QString searchText(const chunk::ChunkDraft &draft)
{
    const bool segmented =
        draft.level == chunk::kChildLevel && language::needsSegmentation(draft.content);
    return segmented ? language::segmentedWords(draft.content) : QString();
}

/// The headings as the index shall see them; empty where headingLines() serve.
QString headingWords(const chunk::ChunkDraft &draft)
{
    const QString lines = headingLines(draft.locator.headingPath);
    const bool segmented = draft.level == chunk::kChildLevel && language::needsSegmentation(lines);
    return segmented ? language::segmentedWords(lines) : QString();
}

/// $5 … $20 of kInsert. @param number  of the first passage.
QVariantList draftColumns(const QList<chunk::ChunkDraft> &drafts, qint64 number)
{
    QStringList ids;
    for (qsizetype i = 0; i < drafts.size(); ++i)
        ids << ChunkId::create().toString();
    const auto texts = [&](auto value) {
        QStringList column;
        for (const chunk::ChunkDraft &draft : drafts)
            column << value(draft);
        return QVariant(db::textArray(column));
    };
    const auto numbers = [&](auto value) {
        QList<qint64> column;
        for (const chunk::ChunkDraft &draft : drafts)
            column << value(draft);
        return QVariant(db::integerArray(column));
    };
    using Draft = chunk::ChunkDraft;
    return {
        db::textArray(ids),
        texts([&](const Draft &d) { return d.parent < 0 ? QString() : ids.at(d.parent); }),
        numbers([](const Draft &d) { return d.index; }),
        numbers([](const Draft &d) { return d.level; }),
        texts([](const Draft &d) { return d.content; }),
        texts(searchText),
        texts([](const Draft &d) { return headingLines(d.locator.headingPath); }),
        texts([](const Draft &d) { return sha256Hex(QStringView(d.content)); }),
        numbers([](const Draft &d) { return d.tokenCount; }),
        numbers([](const Draft &d) { return d.locator.page; }),
        numbers([](const Draft &d) { return d.locator.lineStart; }),
        numbers([](const Draft &d) { return d.locator.lineEnd; }),
        numbers([](const Draft &d) { return d.locator.charStart; }),
        numbers([](const Draft &d) { return d.locator.charEnd; }),
        numbers([&number](const Draft &d) { return d.level == chunk::kChildLevel ? number++ : 0; }),
        texts(headingWords)};
}

/// What changes in the text index by rows of chunk_no and search_vector.
QList<textindex::IndexedChunk> indexedChunks(const db::Rows &rows, bool removed)
{
    QList<textindex::IndexedChunk> chunks;
    for (const db::Row &row : rows) {
        if (!row.isNull(0))
            chunks.append({quint32(row.bigint(0)), row.text(1), removed});
    }
    return chunks;
}

} // namespace

Result<qint64> chunkCount(db::Session &session, const OwnerId &owner, const DocumentId &document)
{
    auto rows = session.query(kCount, {owner.toString(), document.toString()});
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return noSuchDocument();
    return rows->first().bigint(0);
}

Result<ChunkPage> chunksOfDocument(db::Session &session, const ChunkListQuery &query)
{
    if (query.limit != 0) {
        if (auto ok = limits::checkLimit(query.limit, limits::kPageLimit); !ok)
            return ok.error();
    }
    if (auto ok = limits::checkListOffset(query.offset); !ok)
        return ok.error();
    auto total = chunkCount(session, query.owner, query.document);
    if (!total)
        return total.error();
    const QVariant limit = query.limit == 0 ? QVariant() : QVariant(query.limit);
    auto chunks = chunksFrom(
        session.query(query.embeddings ? kOfDocumentWithVectors : kOfDocument,
                      {query.owner.toString(), query.document.toString(), limit, query.offset}));
    if (!chunks)
        return chunks.error();
    return ChunkPage{std::move(*chunks), *total, query.limit, query.offset};
}

Result<QList<Chunk>> findChunks(db::Session &session,
                                const OwnerId &owner,
                                const QList<ChunkId> &ids)
{
    QStringList texts;
    for (const ChunkId &id : ids)
        texts << id.toString();
    return chunksFrom(session.query(kFindMany, {owner.toString(), db::textArray(texts)}));
}

Result<Chunk> findChunk(db::Session &session, const OwnerId &owner, const ChunkId &id)
{
    auto found = findChunks(session, owner, {id});
    if (!found)
        return found.error();
    if (found->isEmpty())
        return Error::notFound(
            QCoreApplication::translate("llmemory::documents", "There is no such passage."));
    return found->first();
}

Result<int> insertChunks(db::Session &session,
                         const DocumentId &id,
                         const PreparedDocument &document,
                         const QString &embeddingProvider,
                         QList<textindex::IndexedChunk> replaced)
{
    const QString owner = document.input.owner.toString();
    const auto passages = std::count_if(
        document.chunks.begin(), document.chunks.end(), [](const chunk::ChunkDraft &draft) {
            return draft.level == chunk::kChildLevel;
        });
    // One at least, for the segment.
    const auto number =
        textindex::reserveNumbers(session, document.input.owner, std::max<qint64>(passages, 1));
    if (!number)
        return number.error();
    const QVariantList values =
        QVariantList{owner, id.toString(), document.textConfig, nameWords(document.input.name)} +
        draftColumns(document.chunks, *number);
    const auto rows = session.query(kInsert, values);
    if (!rows)
        return rows.error();
    const auto indexed = textindex::changeIndex(
        session, document.input.owner, *number, std::move(replaced) + indexedChunks(*rows, false));
    if (!indexed)
        return indexed.error();
    auto queued = session.execute(kQueue, {owner, id.toString(), embeddingProvider});
    if (!queued)
        return queued.error();
    return int(*queued);
}

Result<> renameChunks(db::Session &session,
                      const OwnerId &owner,
                      const DocumentId &document,
                      const QString &name)
{
    // Chunks are locked before the owner, as by those who delete them.
    const auto old = session.query(kIndexed, {owner.toString(), document.toString()});
    if (!old)
        return old.error();
    if (old->isEmpty())
        return {};
    const auto number = textindex::reserveNumbers(session, owner, old->size());
    if (!number)
        return number.error();
    const auto renamed =
        session.query(kRename, {owner.toString(), document.toString(), nameWords(name), *number});
    if (!renamed)
        return renamed.error();
    return textindex::changeIndex(
        session, owner, *number, indexedChunks(*old, true) + indexedChunks(*renamed, false));
}

Result<QList<textindex::IndexedChunk>> deleteChunks(db::Session &session,
                                                    const OwnerId &owner,
                                                    const QList<DocumentId> &documents)
{
    QStringList ids;
    for (const DocumentId &id : documents)
        ids << id.toString();
    auto rows = session.query(kDelete, {owner.toString(), db::textArray(ids)});
    if (!rows)
        return rows.error();
    return indexedChunks(*rows, true);
}

} // namespace llmemory::documents
