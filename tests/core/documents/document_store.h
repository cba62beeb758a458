#pragma once

#include "core/db/transaction.h"
#include "core/documents/document.h"
#include "core/testing/deterministic_embedder.h"
#include "tests/core/db/thread_session.h"

namespace llmemory::testing {

/// Documents of a test's schema, written and read as the program does, but on the calling thread
/// and without workers.
class DocumentStore
{
public:
    explicit DocumentStore(const TemporarySchema &database) : m_session(database) {}

    db::Session &session() { return *m_session; }
    const DeterministicEmbedder &embedder() const { return m_embedder; }

    /// One transaction in the owner's scope.
    template <typename Work>
    auto as(const OwnerId &owner, Work &&work)
    {
        return db::inTransaction(
            session(), "test", db::Scope::owner(owner), std::forward<Work>(work));
    }

    /// Prepares and writes; its passages wait for their vectors.
    Result<AddedDocument> add(const DocumentInput &input);
    /// The same with the vectors.
    Result<AddedDocument> addEmbedded(const DocumentInput &input);
    /// Makes the vectors that the owner's passages wait for; how many.
    Result<qint64> embed(const OwnerId &owner);

private:
    ThreadSession m_session;
    DeterministicEmbedder m_embedder;
};

/// A valid id.
OwnerId ownerId(const QString &text);
/// A small document of this owner.
DocumentInput documentInput(const OwnerId &owner,
                            const QString &idAtOrigin,
                            const QString &content);
/// An English text of so many paragraphs, each with a number of its own; a hundred make both
/// levels.
QString englishText(int paragraphs);

} // namespace llmemory::testing
