#pragma once

#include "core/documents/document.h"
#include "core/http/call.h"
#include "core/http/query_fields.h"

namespace llmemory::http {

/// A document that a path names, and the owner who asks for it.
struct DocumentAddress
{
    OwnerId owner;
    DocumentId document;
};

/// Reads `…/{document_id}?owner_id=…`. Pure.
/// Error: Validation with the field for an id that is none, or another parameter.
Result<DocumentAddress> documentAddress(const Call &call);

/// A part of a document's passages.
struct ChunkPage
{
    DocumentAddress address;
    int limit = 20; ///< 1-200
    int offset = 0; ///< 0-10,000
};

/// Reads `…/{document_id}/chunks?owner_id=…&limit=&offset=`. Pure. Error: as documentAddress().
Result<ChunkPage> chunkPage(const Call &call);

/// Reads the parameters of `GET /v1/documents`. Pure; the numbers are checked by the list itself.
/// Error: Validation with the field: missing, unknown, or a word that is none of its kind.
Result<DocumentListQuery> documentListQuery(const Request &request);

/// Which documents to delete together.
struct DocumentSelection
{
    OwnerId owner;
    QList<DocumentId> documents;
};

/// Reads the body of `POST /v1/documents/delete`. Pure.
/// Error: Validation with the field: missing, unknown, an id that is none, or nothing selected.
Result<DocumentSelection> documentSelection(const Json &value);

} // namespace llmemory::http
