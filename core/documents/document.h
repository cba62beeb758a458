#pragma once

#include "core/base/ids.h"
#include "core/base/json.h"
#include "core/documents/document_type.h"
#include "core/documents/text_structure.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <optional>

namespace llmemory {

/// Everything about a document except its text.
struct Document
{
    DocumentId id;
    OwnerId owner;
    QString idAtOrigin; ///< path, URL or any id the source uses; unique per owner
    DocumentType type = DocumentType::Unknown;
    QString name;
    QDateTime date; ///< UTC; invalid where unknown
    Json metadata = Json::object();
    QString language;          ///< ISO 639 code, or "unknown"
    QString contentHash;       ///< SHA-256 of the text, hex
    qint64 characters = 0;     ///< UTF-16 length of the text
    int pageCount = 0;         ///< 0 where the format has no pages
    int chunkCount = 0;        ///< searchable passages
    int embeddingsPending = 0; ///< passages not yet found by meaning
    QDateTime createdAt;       ///< UTC
    QDateTime updatedAt;       ///< UTC
};

/// A document to add or to replace (same owner and idAtOrigin).
struct DocumentInput
{
    OwnerId owner;
    QString idAtOrigin;
    QString name;
    DocumentType type = DocumentType::Unknown;
    QString content;
    TextStructure structure; ///< pages and headings of content; empty is fine
    QDateTime date;          ///< invalid = none
    Json metadata = Json::object();
    QString chunkingStrategy = QStringLiteral("hierarchical"); ///< the only one so far
    Json chunkingConfig; ///< null = sizes by type; else parent_size, child_size, parent_overlap,
                         ///< child_overlap
    bool generateEmbeddings = true; ///< false: queued only, embedded by the background worker
};

enum class AddStatus { Added, Updated, Unchanged };
/// "added", "updated", "unchanged".
QString toString(AddStatus status);

/// What adding a document did.
struct AddedDocument
{
    Document document;
    AddStatus status = AddStatus::Added;
    int chunksCreated = 0; ///< 0 when unchanged
    int embeddingsCreated = 0;
    int embeddingsPending = 0; ///< left in the queue
    double processingTimeMs = 0;
};

/// A stored passage.
struct Chunk
{
    ChunkId id;
    DocumentId document;
    ChunkId parent; ///< null for parents and only children
    int level = 1;  ///< 1 child (searched), 2 parent (context)
    int index = 0;
    QString content;
    int tokenCount = 0;
    Locator locator;
};

enum class DocumentOrder { CreatedAt, UpdatedAt, Name };

/// Which documents to list.
struct DocumentListQuery
{
    OwnerId owner;
    int limit = 20; ///< 1-200
    int offset = 0; ///< >= 0
    std::optional<DocumentType> type = std::nullopt;
    Json metadataFilter;  ///< null = all; else JSON containment
    QString nameContains; ///< empty = all; case-insensitive substring of name or origin
    DocumentOrder order = DocumentOrder::CreatedAt;
    bool descending = true;
};

struct DocumentPage
{
    QList<Document> documents;
    qint64 total = 0; ///< matching documents in all, not only on this page
    int limit = 0;
    int offset = 0;
};

/// A document with its text, for previews and "show".
struct DocumentDetails
{
    Document document;
    QString content;     ///< empty unless asked for
    QList<Chunk> chunks; ///< empty unless asked for; by index
};

/// A passage with the text around it, for the preview.
struct Passage
{
    Document document;
    Chunk chunk;
    QString before; ///< text just before the passage (at most 2,000 characters)
    QString after;  ///< text just after it (at most 2,000 characters)
};

} // namespace llmemory
