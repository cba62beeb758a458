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
/// Changes name, date or metadata; the document as it is then. Error: Validation with the field;
/// NotFound.
Result<Document> updateDocument(db::Session &session,
                                const OwnerId &owner,
                                const DocumentId &id,
                                const DocumentChange &change);
/// Deletes what exists of the selection and keeps the owner's counts right; the ids that were
/// deleted. Error: Validation for a selection of nothing.
Result<QList<DocumentId>> deleteDocuments(db::Session &session,
                                          const OwnerId &owner,
                                          const DocumentSelection &selection);
/// The one answer for a document that is absent or another owner's.
Error noSuchDocument();

} // namespace llmemory::documents
