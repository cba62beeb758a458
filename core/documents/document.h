#pragma once

#include "core/base/ids.h"
#include "core/base/json.h"
#include "core/documents/document_type.h"
#include "core/documents/text_structure.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <optional>
#include <vector>

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
    OwnerId owner = {};
    QString idAtOrigin = {};
    QString name = {};
    DocumentType type = DocumentType::Unknown;
    QString content = {};
    TextStructure structure = {}; ///< pages and headings of content; empty is fine
    QDateTime date = {};          ///< invalid = none
    Json metadata = Json::object();
    QString chunkingStrategy = QStringLiteral("hierarchical"); ///< the only one so far
    /// parent_size, child_size, parent_overlap, child_overlap; null = as the configuration says,
    /// as a rule by type.
    Json chunkingConfig = {};
    /// false: queued only, embedded by a background worker or by processPendingEmbeddings()
    bool generateEmbeddings = true;
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
    /// Why passages are still without a vector (Embedding, Unavailable): the document is stored and
    /// found by words, and the queue tries again. Nothing when they were embedded, or not to be
    /// embedded at once.
    std::optional<Error> embeddingError;
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
    /// Vector of the active model, unit length; empty unless asked for, and for passages that have
    /// none.
    std::vector<float> embedding;
};

enum class DocumentOrder { CreatedAt, UpdatedAt, Name };

/// Which documents to list.
struct DocumentListQuery
{
    OwnerId owner = {};
    int limit = 20; ///< 1-200
    int offset = 0; ///< >= 0
    std::optional<DocumentType> type = std::nullopt;
    Json metadataFilter = {};  ///< null = all; else JSON containment
    QString nameContains = {}; ///< empty = all; case-insensitive substring of name or origin
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

/// What of a document is read besides its row.
struct DocumentParts
{
    bool content = false;
    bool chunks = false;
    bool embeddings = false; ///< with the chunks
};

/// A document with the parts that were asked for.
struct DocumentDetails
{
    Document document;
    QString content;
    QList<Chunk> chunks; ///< by level and index
};

/// Which chunks of a document to read, both levels, by level and index.
struct ChunkListQuery
{
    OwnerId owner = {};
    DocumentId document = {};
    int limit = 0;  ///< 0 = all; else 1-200
    int offset = 0; ///< >= 0
    bool embeddings = false;
};

struct ChunkPage
{
    QList<Chunk> chunks;
    qint64 total = 0; ///< chunks of the document in all
    int limit = 0;
    int offset = 0;
};

/// What shall be different about a document; its text, id and chunks stay. What is not set stays
/// too.
struct DocumentChange
{
    std::optional<QString> name = {};
    std::optional<QDateTime> date = {}; ///< an invalid one removes the date
    std::optional<Json> metadata = {};  ///< in place of the whole object
};

/// Documents of one owner, by id or by what their metadata contains.
struct DocumentSelection
{
    QList<DocumentId> ids = {}; ///< count alone where both are given
    Json metadataFilter = {};   ///< null = none; else JSON containment, an object that is not empty
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
