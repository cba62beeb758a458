#pragma once

#include "core/textindex/term_block.h"

#include <QHash>

#include <array>

namespace llmemory::textindex {

/// k1 of BM25: how soon further occurrences of a word stop counting. Lucene's default.
inline constexpr double kBm25K1 = 1.2;
/// b of BM25: how much a passage's length counts, 0 not at all, 1 in full. Lucene's default.
inline constexpr double kBm25B = 0.75;

struct Bm25Parameters
{
    double k1 = kBm25K1; ///< 0 or more; 0 = only whether a passage has a word counts
    double b = kBm25B;   ///< 0-1
};

/// All passages of an owner.
struct Collection
{
    qint64 passages = 0;
    qint64 totalLength = 0; ///< counted occurrences of all terms
};

/// A term of a query.
struct AskedTerm
{
    QByteArray term;  ///< as termOf() gives it
    double asked = 1; ///< how often the query has it: it counts so many times; above 0
};

/// A term of a query with everything that is stored for it.
struct TermLists
{
    QByteArray term;
    qint64 passages = 0; ///< that hold it
    bool hasRemoved = false;
    QList<QByteArrayView> lists; ///< one of each segment that has the term
    double asked = 1;            ///< see AskedTerm
};

/// The stored lists of a query's @p terms, each of them once, in an owner's @p blocks, whose bytes
/// must live as long as the answer. Terms that are in no block are left out. Nothing when a block
/// is damaged. Pure.
std::optional<QList<TermLists>> listsOf(const QList<AskedTerm> &terms,
                                        const QList<QByteArray> &blocks);

struct ScoredChunk
{
    quint32 chunk = 0;
    double score = 0;

    friend bool operator==(const ScoredChunk &, const ScoredChunk &) = default;
};

/// Why a passage got its score: one term of it.
struct TermMatch
{
    QByteArray term;
    double idf = 0;
    quint32 frequency = 0;
    double score = 0; ///< the passage's score is the sum over its terms
};

/// The rarity of a term: ln(1 + (passages - holding + 0.5) / (holding + 0.5)), Lucene's idf. Pure.
/// @param passages  of the owner. @param holding  of them that hold the term.
double inverseFrequency(qint64 passages, qint64 holding);

/// Scores an owner's passages by BM25 as Lucene does since version 8 (BM25Similarity):
///
///   score = sum over the query's words of idf * tf / (tf + k1 * (1 - b + b * length / average
///   length)) idf   = ln(1 + (N - n + 0.5) / (n + 0.5))
///
/// with N passages of which n hold the term; a word that the query has twice counts twice; and the
/// length as it is in lengthNorm(). A value for one query; it refers to the bytes of the lists. One
/// thread.
class Bm25
{
public:
    Bm25(const Collection &collection, QList<TermLists> terms, const Bm25Parameters &parameters);

    /// The best passages: exactly those that scoring all of them would give. Terms are looked at
    /// from the rarest on; as soon as the others together cannot lift a passage that has none so
    /// far above the one in the last place, they are only counted where a passage is known already
    /// (MaxScore: Turtle and Flood, "Query evaluation: strategies and optimizations", 1995).
    /// @param most     how many, above 0. @param allowed  only these, ascending; null = all.
    /// @return best first, equal scores by number. Nothing when a list is damaged.
    std::optional<std::vector<ScoredChunk>> best(
        size_t most, const std::vector<quint32> *allowed = nullptr) const;

    /// The terms that a passage holds, rarest first. Nothing when a list is damaged.
    std::optional<QList<TermMatch>> explain(quint32 chunk) const;

private:
    struct Term
    {
        TermLists lists;
        double idf = 0;
        double weight = 0; ///< idf, as often as it is asked for
    };

    double saturated(quint32 frequency, quint8 norm) const;
    /// Calls visit(chunk, score) for each passage that holds the term.
    template <typename Visit>
    bool visit(const Term &term, Visit &&visit) const;

    static constexpr quint32 kTabled = 16; ///< frequencies below have their value in the table

    std::vector<Term> m_terms;              ///< rarest first
    std::array<double, 256> m_lengthFactor; ///< k1 * (1 - b + b * length / average) by norm
    std::vector<double> m_table;            ///< saturated(), by norm, then by frequency
};

} // namespace llmemory::textindex
