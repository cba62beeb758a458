#pragma once

#include "core/documents/document.h"
#include "core/tenants/owner.h"

namespace llmemory {

// Shapes of the HTTP contract, used by the endpoint and by `--json` on the command line. Pure.

/// ISO 8601 in UTC with milliseconds and "Z"; null for an invalid time.
Json toJson(const QDateTime &time);
Json toJson(const Locator &locator);
Json toJson(const Document &document);
/// With `embedding` where it was read.
Json toJson(const Chunk &chunk);
/// `{chunks, total, limit, offset}`
Json toJson(const ChunkPage &page);
/// `{document, status, chunks_created, embeddings_created, embeddings_pending, processing_time_ms}`
Json toJson(const AddedDocument &added);
/// `{documents, total, limit, offset}`
Json toJson(const DocumentPage &page);
Json toJson(const Owner &owner);
Json toJson(const OwnerStatistics &statistics);

/// Reads `{document_name?, document_date?, metadata?}` with at least one of them; a null date
/// removes it. Error: Validation with the field: wrong type, nothing to change, or unknown name.
Result<DocumentChange> documentChangeFromJson(const Json &value);

/// Reads `{owner_id, id_at_origin, document_name, document_type?, content, document_date?,
/// metadata?, chunking_strategy?, chunking_config?, generate_embeddings?}`. Error: Validation with
/// the field: wrong type, missing, or unknown name.
Result<DocumentInput> documentInputFromJson(const Json &value);

} // namespace llmemory
