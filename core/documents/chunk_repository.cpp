#include "core/documents/chunk_repository.h"

#include "core/base/text.h"
#include "core/db/copy_writer.h"
#include "core/db/sql_array.h"
#include "core/language/word_segmenter.h"

#include <QCoreApplication>

#define CHUNK_COLUMNS                                                                              \
    "chunk_id, document_id, parent_chunk_id, chunk_level, chunk_index, content, token_count, "     \
    "page, "                                                                                       \
    "line_start, line_end, char_start, char_end, heading_path "                                    \
    "FROM {{tables.document_chunks}} WHERE owner_id = $1 AND "

namespace llmemory::documents {

using db::Statement;

namespace {

constexpr Statement kOfDocument{"chunks_of_document",
                                "SELECT " CHUNK_COLUMNS
                                "document_id = $2 ORDER BY chunk_level, chunk_index"};
constexpr Statement kFindMany{"find_chunks", "SELECT " CHUNK_COLUMNS "chunk_id = ANY ($2::uuid[])"};
constexpr Statement kDelete{
    "delete_chunks",
    "DELETE FROM {{tables.document_chunks}} WHERE owner_id = $1 AND document_id = $2"};

// Row-level security forbids COPY into the table itself. Emptied first: a transaction may write
// several documents.
constexpr const char *kStage = R"sql(
CREATE TEMP TABLE IF NOT EXISTS llmemory_chunk_stage (
    chunk_id uuid, parent_chunk_id uuid, chunk_index integer, chunk_level smallint, content text, search_text text,
    heading_path text, content_hash text, token_count integer, page integer, line_start integer, line_end integer,
    char_start bigint, char_end bigint
) ON COMMIT DELETE ROWS;
DELETE FROM pg_temp.llmemory_chunk_stage
)sql";
constexpr Statement kCopy{
    "copy_chunks",
    "COPY pg_temp.llmemory_chunk_stage (chunk_id, parent_chunk_id, chunk_index, chunk_level, "
    "content, search_text, heading_path, content_hash, token_count, page, line_start, line_end, "
    "char_start, char_end) FROM STDIN"};
// Parents first: their children refer to them.
constexpr Statement kInsert{
    "insert_chunks",
    "INSERT INTO {{tables.document_chunks}} (owner_id, chunk_id, document_id, parent_chunk_id, "
    "chunk_index, "
    "chunk_level, content, search_text, heading_path, content_hash, token_count, page, line_start, "
    "line_end, "
    "char_start, char_end, text_config) "
    "SELECT $1, chunk_id, $2::uuid, parent_chunk_id, chunk_index, chunk_level, content, "
    "search_text, heading_path, "
    "content_hash, token_count, page, line_start, line_end, char_start, char_end, $3::regconfig "
    "FROM pg_temp.llmemory_chunk_stage ORDER BY chunk_level DESC, chunk_index"};
constexpr Statement kQueue{"queue_embeddings",
                           "INSERT INTO {{tables.embedding_queue}} (owner_id, chunk_id, "
                           "provider_id, document_id, content_hash) "
                           "SELECT $1, chunk_id, $3, $2::uuid, content_hash FROM "
                           "pg_temp.llmemory_chunk_stage WHERE chunk_level = 1"};

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

Result<> writeDraft(db::CopyWriter &copy,
                    const chunk::ChunkDraft &draft,
                    const ChunkId &id,
                    const ChunkId &parent)
{
    copy.field(id.toString());
    if (parent.isNull())
        copy.nullField();
    else
        copy.field(parent.toString());
    copy.field(draft.index).field(draft.level).field(draft.content);
    if (draft.level == chunk::kChildLevel && language::needsSegmentation(draft.content))
        copy.field(language::segmentedWords(draft.content));
    else
        copy.nullField();
    copy.field(headingLines(draft.locator.headingPath))
        .field(sha256Hex(QStringView(draft.content)));
    copy.field(draft.tokenCount).field(draft.locator.page);
    copy.field(draft.locator.lineStart).field(draft.locator.lineEnd);
    copy.field(draft.locator.charStart).field(draft.locator.charEnd);
    return copy.endRow();
}

Result<> stage(db::Session &session, const QList<chunk::ChunkDraft> &drafts)
{
    if (auto ok = session.runScript(QStringLiteral("chunk_stage"), QLatin1String(kStage)); !ok)
        return ok;
    auto copy = db::CopyWriter::begin(session, kCopy);
    if (!copy)
        return copy.error();
    QList<ChunkId> ids;
    for (qsizetype i = 0; i < drafts.size(); ++i)
        ids.append(ChunkId::create());
    for (qsizetype i = 0; i < drafts.size(); ++i) {
        const int parent = drafts.at(i).parent;
        if (auto ok = writeDraft(
                **copy, drafts.at(i), ids.at(i), parent < 0 ? ChunkId() : ids.at(parent));
            !ok)
            return ok;
    }
    auto written = (*copy)->finish();
    return written ? Result<>() : Result<>(written.error());
}

} // namespace

Result<QList<Chunk>> chunksOfDocument(db::Session &session,
                                      const OwnerId &owner,
                                      const DocumentId &document)
{
    return chunksFrom(session.query(kOfDocument, {owner.toString(), document.toString()}));
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
                         const QString &embeddingProvider)
{
    if (auto ok = stage(session, document.chunks); !ok)
        return ok.error();
    const QString owner = document.input.owner.toString();
    if (auto ok = session.execute(kInsert, {owner, id.toString(), document.textConfig}); !ok)
        return ok.error();
    auto queued = session.execute(kQueue, {owner, id.toString(), embeddingProvider});
    if (!queued)
        return queued.error();
    return int(*queued);
}

Result<> deleteChunks(db::Session &session, const OwnerId &owner, const DocumentId &document)
{
    auto done = session.execute(kDelete, {owner.toString(), document.toString()});
    return done ? Result<>() : Result<>(done.error());
}

} // namespace llmemory::documents
