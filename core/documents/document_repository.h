#pragma once

#include "core/db/session.h"
#include "core/documents/document.h"

namespace llmemory::documents {

// Reading and deleting documents of one tenant. All functions run in a transaction of the owner's
// scope, on a pool thread.

Result<DocumentPage> listDocuments(db::Session &session, const DocumentListQuery &query);
/// Error: NotFound.
Result<Document> findDocument(db::Session &session, const OwnerId &owner, const DocumentId &id);
/// These documents in any order, in one statement; missing ones are left out.
Result<QList<Document>> findDocuments(db::Session &session,
                                      const OwnerId &owner,
                                      const QList<DocumentId> &ids);
/// The stored text. Error: NotFound.
Result<QString> documentContent(db::Session &session, const OwnerId &owner, const DocumentId &id);
/// Deletes what exists of these ids and keeps the owner's counts right; how many.
Result<qint64> deleteDocuments(db::Session &session,
                               const OwnerId &owner,
                               const QList<DocumentId> &ids);

} // namespace llmemory::documents
