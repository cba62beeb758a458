#pragma once

#include "core/db/session.h"
#include "core/documents/document.h"
#include "core/documents/document_preparer.h"
#include "core/textindex/segment_content.h"

namespace llmemory::documents {

// Chunks of one tenant's documents. All functions run in a transaction of the owner's scope, on a
// pool thread.

/// A page of a document's chunks. Error: Validation; NotFound when the owner has no such document.
Result<ChunkPage> chunksOfDocument(db::Session &session, const ChunkListQuery &query);
/// Chunks of both levels. Error: NotFound when the owner has no such document.
Result<qint64> chunkCount(db::Session &session, const OwnerId &owner, const DocumentId &document);
/// Error: NotFound.
Result<Chunk> findChunk(db::Session &session, const OwnerId &owner, const ChunkId &id);
/// These chunks in any order; missing ones are left out.
Result<QList<Chunk>> findChunks(db::Session &session,
                                const OwnerId &owner,
                                const QList<ChunkId> &ids);
/// Writes the document's chunks in bulk, brings them into the text index, and makes a queue job for
/// each searched passage; how many passages. From here on others that write for the owner wait.
/// @param replaced  what deleteChunks() took out of the index in this transaction.
Result<int> insertChunks(db::Session &session,
                         const DocumentId &id,
                         const PreparedDocument &document,
                         const QString &embeddingProvider,
                         QList<textindex::IndexedChunk> replaced);
/// Has a document's passages found by another name. They keep their vectors.
Result<> renameChunks(db::Session &session,
                      const OwnerId &owner,
                      const DocumentId &document,
                      const QString &name);
/// Deletes all chunks of these documents with their vectors and jobs.
/// @return what the text index has to take back with changeIndex(), in this transaction.
Result<QList<textindex::IndexedChunk>> deleteChunks(db::Session &session,
                                                    const OwnerId &owner,
                                                    const QList<DocumentId> &documents);

} // namespace llmemory::documents
