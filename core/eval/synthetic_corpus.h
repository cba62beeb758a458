#pragma once

#include "core/documents/document.h"
#include "core/eval/synthetic_language.h"

#include <QList>
#include <QSet>

namespace llmemory::eval {

/// What a benchmark works on.
struct CorpusSize
{
    qint64 passages = 100'000; ///< of all tenants together, about
    int owners = 50;           ///< tenants, at least 1
    quint64 seed = 1;          ///< another seed, other texts
};

/// A document that is still to be made.
struct PlannedDocument
{
    int owner = 0;    ///< from 0, the largest
    int number = 0;   ///< from 0, among those of its owner
    int passages = 0; ///< about
};

/// Passages of each tenant: the largest has 60 %, each next one about 0.37 of the one before it,
/// and none less than 0.1 % (of 50 tenants). Their sum is @p size's. Pure.
QList<qint64> ownerSizes(const CorpusSize &size);

/// A corpus of made-up text for benchmarks, the same whenever it is made: tenants of very different
/// size, documents of 20 to 80 passages that each keep to one topic, passages of 300 tokens. All
/// members: any thread.
class SyntheticCorpus
{
public:
    /// Metadata of every document: `{"part": 0}` to `{"part": 19}` in turn, so that a filter on one
    /// keeps 5 %.
    static constexpr int kParts = 20;

    /// @param ownerPrefix  tenants are called "<prefix>-001" and so on.
    SyntheticCorpus(QString ownerPrefix, const CorpusSize &size);

    /// Error: Validation when the prefix makes no tenant's name.
    Result<OwnerId> owner(int index) const;
    /// All documents, those of different tenants mixed as they are where people work side by side.
    QList<PlannedDocument> plan() const;
    /// The id at origin of a document; tells one from the other within the tenant.
    QString idAtOrigin(const PlannedDocument &planned) const;
    /// The document, ready to be added; not embedded at once. Some milliseconds.
    Result<DocumentInput> document(const PlannedDocument &planned) const;

private:
    const QString m_prefix;
    const CorpusSize m_size;
    const SyntheticLanguage m_language;
};

/// Queries on a synthetic corpus, of 2 to 12 words in turn, none twice.
class SyntheticQueries
{
public:
    /// @param seed  of the corpus.
    explicit SyntheticQueries(quint64 seed);

    /// A query for which a tenant has an answer: about the subject of one of its documents.
    /// @param owner      a tenant of a synthetic corpus
    /// @param documents  that it has
    QString next(const OwnerId &owner, qint64 documents);

private:
    const quint64 m_seed;
    const SyntheticLanguage m_language;
    SyntheticRandom m_random;
    QSet<QString> m_seen;
};

} // namespace llmemory::eval
