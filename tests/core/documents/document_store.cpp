#include "tests/core/documents/document_store.h"

#include "core/documents/document_preparer.h"
#include "core/documents/document_writer.h"
#include "core/embed/embedding_queue.h"

namespace llmemory::testing {

Result<AddedDocument> DocumentStore::add(const DocumentInput &input)
{
    const auto prepared = documents::prepareDocument(input);
    if (!prepared)
        return prepared.error();
    return as(input.owner, [&](db::Session &s) {
        return documents::writeDocument(s, *prepared, m_embedder.modelId());
    });
}

Result<AddedDocument> DocumentStore::addEmbedded(const DocumentInput &input)
{
    auto added = add(input);
    if (!added)
        return added;
    const auto embedded = embed(input.owner);
    return embedded ? added : Result<AddedDocument>(embedded.error());
}

Result<qint64> DocumentStore::embed(const OwnerId &owner)
{
    qint64 total = 0;
    for (;;) {
        const auto lease = embed::claimJobs(session(), {m_embedder.modelId(), owner});
        if (!lease)
            return lease.error();
        if (lease->jobs.isEmpty())
            return total;
        QList<QString> texts;
        for (const embed::EmbeddingJob &job : lease->jobs)
            texts << job.content;
        const auto vectors = m_embedder.embedDocuments(texts);
        if (!vectors)
            return vectors.error();
        const auto stored = embed::finishJobs(session(), *lease, *vectors);
        if (!stored)
            return stored;
        total += *stored;
    }
}

OwnerId ownerId(const QString &text)
{
    return OwnerId::parse(text).value();
}

DocumentInput documentInput(const OwnerId &owner, const QString &idAtOrigin, const QString &content)
{
    DocumentInput input;
    input.owner = owner;
    input.idAtOrigin = idAtOrigin;
    input.name = idAtOrigin;
    input.type = DocumentType::Text;
    input.content = content;
    return input;
}

QString englishText(int paragraphs)
{
    QString text;
    for (int i = 1; i <= paragraphs; ++i) {
        text +=
            QStringLiteral(
                "The harbour master keeps a ledger of every vessel that enters the port, and page "
                "%1 "
                "of it tells of the storms in that winter. Each captain signs below the entry, so "
                "that nobody can deny the fees that are due before the ship leaves again.\n\n")
                .arg(i);
    }
    return text;
}

} // namespace llmemory::testing
