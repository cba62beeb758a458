#include "core/eval/synthetic_corpus.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace llmemory::eval {

namespace {

constexpr double kLargestShare = 0.6;
constexpr double kSmallestShare = 0.001;

/// In turn, 50 in the mean.
constexpr std::array kDocumentSizes{20, 35, 50, 65, 80};
constexpr int kPassageTokens = 300;
constexpr int kOverlapTokens = 25;
/// That a passage adds to the one before it, as the chunker cuts this language: measured.
constexpr int kWordsPerPassage = 129;

// Streams of the random numbers, apart from those of documents.
constexpr quint64 kOrderStream = 1;
constexpr quint64 kQueryStream = 2;
constexpr int kOwnerShift = 32;

constexpr int kFewestWords = 2;
constexpr int kMostWords = 12;

/// The random numbers of a document; they begin with its subject.
SyntheticRandom randomOf(quint64 seed, int owner, int number)
{
    return {seed, quint64(owner + 1) << kOwnerShift | quint64(number)};
}

} // namespace

QList<qint64> ownerSizes(const CorpusSize &size)
{
    const double least = std::min(kSmallestShare, (1 - kLargestShare) / size.owners);
    const double first = kLargestShare - least;
    const double ratio = std::max(0.0, 1 - first / (1 - size.owners * least));
    QList<qint64> sizes;
    qint64 rest = size.passages;
    for (int i = 0; i < size.owners; ++i) {
        const double share = least + first * std::pow(ratio, i);
        const bool isLast = i + 1 == size.owners;
        const qint64 passages =
            isLast ? rest : std::min(rest, qint64(std::llround(share * double(size.passages))));
        sizes += passages;
        rest -= passages;
    }
    return sizes;
}

SyntheticCorpus::SyntheticCorpus(QString ownerPrefix, const CorpusSize &size)
    : m_prefix(std::move(ownerPrefix)), m_size(size)
{
}

Result<OwnerId> SyntheticCorpus::owner(int index) const
{
    return OwnerId::parse(QStringLiteral("%1-%2").arg(m_prefix).arg(index + 1, 3, 10, QChar(u'0')));
}

QList<PlannedDocument> SyntheticCorpus::plan() const
{
    QList<PlannedDocument> documents;
    const QList<qint64> sizes = ownerSizes(m_size);
    for (int owner = 0; owner < m_size.owners; ++owner) {
        qint64 rest = sizes.at(owner);
        for (int number = 0; rest > 0; ++number) {
            const qint64 most = kDocumentSizes.at(size_t(number) % kDocumentSizes.size());
            const int passages = int(std::min(rest, most));
            documents.append({owner, number, passages});
            rest -= passages;
        }
    }
    SyntheticRandom random(m_size.seed, kOrderStream);
    for (qsizetype i = documents.size() - 1; i > 0; --i)
        documents.swapItemsAt(i, random.below(int(i) + 1));
    return documents;
}

QString SyntheticCorpus::idAtOrigin(const PlannedDocument &planned) const
{
    return QStringLiteral("bench/%1/%2").arg(m_size.seed).arg(planned.number);
}

Result<DocumentInput> SyntheticCorpus::document(const PlannedDocument &planned) const
{
    const auto tenant = owner(planned.owner);
    if (!tenant)
        return tenant.error();
    SyntheticRandom random = randomOf(m_size.seed, planned.owner, planned.number);
    const SyntheticSubject subject = SyntheticLanguage::subject(random);
    DocumentInput input;
    input.owner = *tenant;
    input.idAtOrigin = idAtOrigin(planned);
    input.name = m_language.query(random, subject, 0, 4);
    input.content = m_language.text(random, subject, planned.passages * kWordsPerPassage);
    input.metadata = {{"part", planned.number % kParts}};
    input.chunkingConfig = {{"parent_size", kPassageTokens * 2},
                            {"child_size", kPassageTokens},
                            {"parent_overlap", kOverlapTokens * 2},
                            {"child_overlap", kOverlapTokens}};
    input.generateEmbeddings = false;
    return input;
}

SyntheticQueries::SyntheticQueries(quint64 seed) : m_seed(seed), m_random(seed, kQueryStream) {}

QString SyntheticQueries::next(const OwnerId &owner, qint64 documents)
{
    const int index = owner.toString().section(u'-', -1).toInt() - 1;
    const int count = int(std::max<qint64>(1, documents));
    QString query;
    do {
        const int words = kFewestWords + int(m_seen.size() % (kMostWords - kFewestWords + 1));
        const int number = m_random.below(count);
        SyntheticRandom ofDocument = randomOf(m_seed, index, number);
        const SyntheticSubject subject = SyntheticLanguage::subject(ofDocument);
        const int size = kDocumentSizes.at(size_t(number) % kDocumentSizes.size());
        const int sections = SyntheticLanguage::sections(size * kWordsPerPassage);
        query = m_language.query(m_random, subject, m_random.below(sections), words);
    } while (m_seen.contains(query));
    m_seen.insert(query);
    return query;
}

} // namespace llmemory::eval
