#include "core/documents/document_writer.h"

#include "core/documents/chunk_repository.h"
#include "core/documents/document_repository.h"
#include "core/documents/text_structure_json.h"
#include "core/tenants/owner_repository.h"

#include <algorithm>
#include <optional>

namespace llmemory::documents {

using db::Statement;

namespace {

// The lock makes writers of the same document wait for each other.
constexpr Statement kLock{
    "lock_document",
    "SELECT document_id, chunk_fingerprint, chunk_count, "
    "document_name = $3 AND document_type = $4 AND document_date IS NOT DISTINCT FROM "
    "$5::timestamptz "
    "AND metadata = $6::jsonb, document_name = $3 "
    "FROM {{tables.documents}} WHERE owner_id = $1 AND id_at_origin = $2 FOR UPDATE"};
constexpr Statement kInsert{
    "insert_document",
    "INSERT INTO {{tables.documents}} (owner_id, id_at_origin, document_name, document_type, "
    "document_date, metadata, "
    "document_id, language, text_config, content_hash, chunk_fingerprint, char_count, page_count, "
    "chunk_count) "
    "VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7::uuid, $8, $9::regconfig, $10, $11, $12, $13, $14) "
    "ON CONFLICT (owner_id, id_at_origin) DO NOTHING"};
constexpr Statement kUpdate{
    "update_document",
    "UPDATE {{tables.documents}} SET document_name = $3, document_type = $4, document_date = $5, "
    "metadata = $6::jsonb, language = $8, text_config = $9::regconfig, content_hash = $10, "
    "chunk_fingerprint = $11, "
    "char_count = $12, page_count = $13, chunk_count = $14, updated_at = now() "
    "WHERE owner_id = $1 AND id_at_origin = $2 AND document_id = $7::uuid"};
constexpr Statement kContent{
    "write_content",
    "INSERT INTO {{tables.document_contents}} (owner_id, document_id, content, structure) "
    "VALUES ($1, $2::uuid, $3, $4::jsonb) ON CONFLICT (owner_id, document_id) "
    "DO UPDATE SET content = excluded.content, structure = excluded.structure"};

struct Existing
{
    DocumentId id;
    QString fingerprint;
    int chunkCount = 0;
    bool sameFields = false;
    bool sameName = false;
};

class Writer
{
public:
    Writer(db::Session &session, const PreparedDocument &document, const QString &provider)
        : m_session(session)
        , m_document(document)
        , m_provider(provider)
        , m_passages(int(
              std::count_if(document.chunks.begin(), document.chunks.end(), [](const auto &draft) {
                  return draft.level == chunk::kChildLevel;
              })))
    {
    }

    Result<AddedDocument> write()
    {
        const OwnerId &owner = m_document.input.owner;
        if (auto ok = tenants::ensureOwner(m_session, owner); !ok)
            return ok.error();
        auto existing = lockExisting();
        if (!existing)
            return existing.error();
        if (!*existing) {
            const DocumentId fresh = DocumentId::create();
            auto inserted = m_session.execute(kInsert, values(fresh));
            if (!inserted)
                return inserted.error();
            if (*inserted == 1)
                return finish(fresh, AddStatus::Added, writeChunks(fresh, 1, 0, {}));
            // Somebody else added it since we looked.
            existing = lockExisting();
            if (!existing)
                return existing.error();
            if (!*existing)
                return Error{.kind = ErrorKind::Conflict,
                             .message = QStringLiteral(
                                 "The document was added and deleted at the same time."),
                             .sqlState = QStringLiteral("40001")};
        }
        return replace(**existing);
    }

private:
    Result<AddedDocument> replace(const Existing &old)
    {
        const bool sameChunks = old.fingerprint == m_document.chunkFingerprint;
        if (sameChunks && old.sameFields)
            return finish(old.id, AddStatus::Unchanged, 0);
        auto updated = m_session.execute(kUpdate, values(old.id));
        if (!updated)
            return updated.error();
        if (sameChunks) {
            const DocumentInput &input = m_document.input;
            if (auto ok = old.sameName ? Result<>()
                                       : renameChunks(m_session, input.owner, old.id, input.name);
                !ok)
                return ok.error();
            return finish(old.id, AddStatus::Updated, 0);
        }
        auto deleted = deleteChunks(m_session, m_document.input.owner, {old.id});
        if (!deleted)
            return deleted.error();
        return finish(old.id,
                      AddStatus::Updated,
                      writeChunks(old.id, 0, old.chunkCount, std::move(*deleted)));
    }

    Result<std::optional<Existing>> lockExisting()
    {
        auto rows = m_session.query(kLock, values({}).mid(0, 6));
        if (!rows)
            return rows.error();
        if (rows->isEmpty())
            return std::optional<Existing>();
        const db::Row &row = rows->first();
        return std::optional<Existing>(Existing{DocumentId(row.value(0).toUuid()),
                                                row.text(1),
                                                row.integer(2),
                                                row.boolean(3),
                                                row.boolean(4)});
    }

    /// $1 … $14 of the statements above.
    QVariantList values(const DocumentId &id) const
    {
        const DocumentInput &input = m_document.input;
        return {input.owner.toString(),
                input.idAtOrigin,
                input.name,
                toString(input.type),
                input.date.isValid() ? QVariant(input.date.toUTC())
                                     : QVariant(QMetaType::fromType<QDateTime>()),
                QString::fromUtf8(toUtf8(input.metadata)),
                id.toString(),
                m_document.language,
                m_document.textConfig,
                m_document.contentHash,
                m_document.chunkFingerprint,
                qint64(input.content.size()),
                int(input.structure.pageStarts.size()),
                m_passages};
    }

    Result<int> writeChunks(const DocumentId &id,
                            int newDocuments,
                            int oldPassages,
                            QList<textindex::IndexedChunk> replaced)
    {
        const DocumentInput &input = m_document.input;
        const QString structure = QString::fromUtf8(toUtf8(structureToJson(input.structure)));
        auto content = m_session.execute(
            kContent, {input.owner.toString(), id.toString(), input.content, structure});
        if (!content)
            return content.error();
        auto written = insertChunks(m_session, id, m_document, m_provider, std::move(replaced));
        if (!written)
            return written;
        auto counted =
            tenants::changeCounts(m_session, input.owner, newDocuments, *written - oldPassages);
        return counted ? written : Result<int>(counted.error());
    }

    Result<AddedDocument> finish(const DocumentId &id, AddStatus status, const Result<int> &written)
    {
        if (!written)
            return written.error();
        auto document = findDocument(m_session, m_document.input.owner, id);
        if (!document)
            return document.error();
        AddedDocument added;
        added.document = *document;
        added.status = status;
        added.chunksCreated = *written;
        return added;
    }

    db::Session &m_session;
    const PreparedDocument &m_document;
    const QString &m_provider;
    int m_passages;
};

} // namespace

Result<AddedDocument> writeDocument(db::Session &session,
                                    const PreparedDocument &document,
                                    const QString &embeddingProvider)
{
    return Writer(session, document, embeddingProvider).write();
}

} // namespace llmemory::documents
