#pragma once

#include "core/chunk/chunk_draft.h"
#include "core/config.h"
#include "core/documents/document.h"

#include <QList>

namespace llmemory::documents {

/// A document with everything that can be worked out before the database is touched.
struct PreparedDocument
{
    DocumentInput input;      ///< checked, scrubbed
    QString language;         ///< ISO 639 code or "unknown"
    QString textConfig;       ///< PostgreSQL text search configuration
    QString contentHash;      ///< SHA-256 of the text, hex
    QString chunkFingerprint; ///< same fingerprint = same chunks
    QList<chunk::ChunkDraft> chunks;
};

/// Checks the input against the limits of the contract, scrubs it, detects its language and cuts it
/// into chunks. Pure, any thread; some milliseconds for 100 kB.
/// @param chunking  sizes where the input's own chunkingConfig does not say them.
/// Error: Validation with the field.
Result<PreparedDocument> prepareDocument(DocumentInput input,
                                         const Config::Chunking &chunking = {});

} // namespace llmemory::documents
