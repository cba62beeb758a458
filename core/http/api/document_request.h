#pragma once

#include "core/base/json_fields.h"
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

/// Reads `…/{document_id}/chunks?owner_id=…&limit=&offset=`; a page of 20 where nothing is said.
/// Pure. Error: as documentAddress(); for a limit that is none.
Result<ChunkListQuery> chunkListQuery(const Call &call);

/// Reads the parameters of `GET /v1/documents`. Pure; the numbers are checked by the list itself.
/// Error: Validation with the field: missing, unknown, or a word that is none of its kind.
Result<DocumentListQuery> documentListQuery(const Request &request);

/// Reads the list "document_ids" of a body; empty when absent. A list that is there but empty is a
/// mistake: what it would select is nothing, not everything.
QList<DocumentId> documentIds(JsonFields &fields);

/// Documents of one owner to delete together.
struct OwnedSelection
{
    OwnerId owner;
    DocumentSelection documents;
};

/// Reads the body of `POST /v1/documents/delete`: `{owner_id, document_ids?, metadata_filter?}`.
/// Pure; whether something is selected is checked by the deletion itself.
/// Error: Validation with the field: missing, unknown, or an id that is none.
Result<OwnedSelection> ownedSelection(const Json &value);

} // namespace llmemory::http
