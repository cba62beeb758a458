#pragma once

#include "core/db/session.h"
#include "core/documents/document_preparer.h"

namespace llmemory::documents {

/// Writes a document: new, replaced, or left alone when nothing changed. Keeps its id when
/// replaced. In one transaction of the owner's scope, so a crash leaves the old version or the new
/// one.
/// @param embeddingProvider  active model whose queue gets the passages.
/// @return the document, the status and the number of passages written; embeddings counts are 0.
Result<AddedDocument> writeDocument(db::Session &session,
                                    const PreparedDocument &document,
                                    const QString &embeddingProvider);

} // namespace llmemory::documents
