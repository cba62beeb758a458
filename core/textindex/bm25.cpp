#include "core/textindex/bm25.h"

#include "core/textindex/length_norm.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace llmemory::textindex {

namespace {

constexpr quint32 kPage = 4096; ///< scores

/// What scoring works in, kept from one query of a thread to its next: megabytes that the C library
/// gets from the system each time cost a page fault for each 4 KB, which took half of the time that
/// a query on 600,000 passages takes.
struct Scratch
{
    std::vector<std::unique_ptr<double[]>> pages; ///< free ones
    std::vector<quint32> candidates;
    std::vector<double> values;

    /// Gives back what only few owners need: those of a million passages and more.
    void trim()
    {
        constexpr size_t kPagesKept = 256; // 8 MB
        constexpr size_t kEntriesKept = kPagesKept * kPage;
        if (pages.size() > kPagesKept)
            pages.resize(kPagesKept);
        if (candidates.capacity() > kEntriesKept)
            candidates = {};
        if (values.capacity() > kEntriesKept)
            values = {};
    }
};

thread_local Scratch scratch;

/// Scores by passage number. Numbers of passages that are gone leave gaps, so pages are made where
/// there is something.
class Accumulators
{
public:
    Accumulators() = default;
    ~Accumulators()
    {
        for (std::unique_ptr<double[]> &page : m_pages) {
            if (page)
                scratch.pages.push_back(std::move(page));
        }
        scratch.trim();
    }
    Q_DISABLE_COPY_MOVE(Accumulators)

    double &operator[](quint32 chunk)
    {
        const size_t page = chunk / kPage;
        if (page >= m_pages.size())
            m_pages.resize(page + 1);
        if (!m_pages[page])
            m_pages[page] = emptyPage();
        return m_pages[page][chunk % kPage];
    }
    /// 0 where there is none.
    double *find(quint32 chunk)
    {
        const size_t page = chunk / kPage;
        return page < m_pages.size() && m_pages[page] ? &m_pages[page][chunk % kPage] : nullptr;
    }

private:
    static std::unique_ptr<double[]> emptyPage()
    {
        if (scratch.pages.empty())
            return std::make_unique<double[]>(kPage);
        std::unique_ptr<double[]> page = std::move(scratch.pages.back());
        scratch.pages.pop_back();
        std::fill_n(page.get(), kPage, 0.0);
        return page;
    }

    std::vector<std::unique_ptr<double[]>> m_pages;
};

/// A set of passage numbers.
class ChunkSet
{
public:
    explicit ChunkSet(const std::vector<quint32> &ascending)
        : m_bits(ascending.empty() ? 0 : ascending.back() + size_t(1))
    {
        for (const quint32 chunk : ascending)
            m_bits[chunk] = true;
    }
    bool contains(quint32 chunk) const { return chunk < m_bits.size() && m_bits[chunk]; }

private:
    std::vector<bool> m_bits;
};

/// The score in place @p most among the candidates so far.
double scoreInPlace(size_t most, const std::vector<quint32> &candidates, Accumulators &scores)
{
    std::vector<double> &values = scratch.values;
    values.clear();
    values.reserve(candidates.size());
    for (const quint32 chunk : candidates)
        values.push_back(scores[chunk]);
    const auto place = values.begin() + std::ptrdiff_t(most - 1);
    std::nth_element(values.begin(), place, values.end(), std::greater<>());
    return *place;
}

} // namespace

std::optional<QList<TermLists>> listsOf(const QList<AskedTerm> &terms,
                                        const QList<QByteArray> &blocks)
{
    QHash<QByteArrayView, TermLists> found;
    for (const AskedTerm &term : terms)
        found.insert(term.term, {term.term, 0, false, {}, term.asked});
    for (const QByteArray &block : blocks) {
        TermBlockReader reader(block);
        while (const auto entry = reader.next()) {
            const auto lists = found.find(entry->term);
            if (lists == found.end())
                continue;
            lists->passages += entry->passages();
            lists->hasRemoved |= entry->removed > 0;
            lists->lists.append(entry->list);
        }
        if (reader.isDamaged())
            return std::nullopt;
    }
    QList<TermLists> lists;
    for (const AskedTerm &term : terms) {
        auto entry = found.find(term.term);
        if (entry != found.end() && entry->passages > 0)
            lists.append(std::move(*entry));
        if (entry != found.end())
            found.erase(entry);
    }
    return lists;
}

double inverseFrequency(qint64 passages, qint64 holding)
{
    const auto others = double(std::max<qint64>(passages - holding, 0));
    return std::log1p((others + 0.5) / (double(holding) + 0.5));
}

Bm25::Bm25(const Collection &collection, QList<TermLists> terms, const Bm25Parameters &parameters)
{
    const double average = collection.passages > 0
                               ? double(collection.totalLength) / double(collection.passages)
                               : 1.0;
    for (int norm = 0; norm < 256; ++norm) {
        const double length = double(lengthOfNorm(quint8(norm)));
        m_lengthFactor[size_t(norm)] =
            parameters.k1 * (1 - parameters.b + parameters.b * length / std::max(average, 1e-9));
    }
    m_table.resize(256 * kTabled);
    for (size_t norm = 0; norm < 256; ++norm) {
        for (size_t frequency = 1; frequency < kTabled; ++frequency)
            m_table[norm * kTabled + frequency] =
                double(frequency) / (double(frequency) + m_lengthFactor[norm]);
    }
    for (TermLists &lists : terms) {
        const double idf = inverseFrequency(collection.passages, lists.passages);
        const double weight = idf * lists.asked;
        m_terms.push_back({std::move(lists), idf, weight});
    }
    std::stable_sort(m_terms.begin(), m_terms.end(), [](const Term &a, const Term &b) {
        return a.lists.passages < b.lists.passages;
    });
}

double Bm25::saturated(quint32 frequency, quint8 norm) const
{
    if (frequency < kTabled)
        return m_table[size_t(norm) * kTabled + frequency];
    return double(frequency) / (double(frequency) + m_lengthFactor[norm]);
}

template <typename Visit>
bool Bm25::visit(const Term &term, Visit &&visit) const
{
    if (!term.lists.hasRemoved) {
        for (const QByteArrayView list : term.lists.lists) {
            const bool whole =
                visitPostings(list, [&](quint32 chunk, quint32 frequency, quint8 norm, bool) {
                    visit(chunk, term.weight * saturated(frequency, norm), frequency);
                });
            if (!whole)
                return false;
        }
        return true;
    }
    // Adding and subtracting would leave rounding errors behind.
    Postings all;
    for (const QByteArrayView list : term.lists.lists) {
        auto postings = decodePostings(list);
        if (!postings)
            return false;
        all.insert(all.end(), postings->begin(), postings->end());
    }
    settle(all);
    for (const Posting &posting : all) {
        if (!posting.removed)
            visit(posting.chunk,
                  term.weight * saturated(posting.frequency, posting.norm),
                  posting.frequency);
    }
    return true;
}

std::optional<std::vector<ScoredChunk>> Bm25::best(size_t most,
                                                   const std::vector<quint32> *allowed) const
{
    std::optional<ChunkSet> only;
    if (allowed)
        only.emplace(*allowed);
    // No term adds more than its weight: the other factor is 1 at most, whatever k1 and b are. What
    // is added up in another order may differ in the last bits.
    constexpr double kRounding = 1 + 1e-12;
    double others = 0;
    for (const Term &term : m_terms)
        others += term.weight;

    Accumulators scores;
    std::vector<quint32> &candidates = scratch.candidates;
    candidates.clear();
    double highest = 0;
    bool closed = false;
    for (const Term &term : m_terms) {
        const auto add = [&](quint32 chunk, double score, quint32) {
            if (closed) {
                double *known = scores.find(chunk);
                if (known && *known > 0)
                    *known += score;
                return;
            }
            if (only && !only->contains(chunk))
                return;
            double &sum = scores[chunk];
            if (sum == 0)
                candidates.push_back(chunk);
            sum += score;
            highest = std::max(highest, sum);
        };
        if (!visit(term, add))
            return std::nullopt;
        others -= term.weight;
        const double reach = std::max(others, 0.0) * kRounding + 1e-12;
        if (!closed && candidates.size() >= most && reach < highest)
            closed = reach < scoreInPlace(most, candidates, scores);
    }

    const auto better = [](const ScoredChunk &a, const ScoredChunk &b) {
        return a.score != b.score ? a.score > b.score : a.chunk < b.chunk;
    };
    // A heap with the worst on top.
    std::vector<ScoredChunk> ranked;
    ranked.reserve(std::min(most, candidates.size()));
    for (const quint32 chunk : candidates) {
        const ScoredChunk entry{chunk, scores[chunk]};
        if (ranked.size() == most) {
            if (!better(entry, ranked.front()))
                continue;
            std::pop_heap(ranked.begin(), ranked.end(), better);
            ranked.pop_back();
        }
        ranked.push_back(entry);
        std::push_heap(ranked.begin(), ranked.end(), better);
    }
    std::sort_heap(ranked.begin(), ranked.end(), better);
    return ranked;
}

std::optional<QList<TermMatch>> Bm25::explain(quint32 wanted) const
{
    QList<TermMatch> matches;
    for (const Term &term : m_terms) {
        const bool whole = visit(term, [&](quint32 chunk, double score, quint32 frequency) {
            if (chunk == wanted)
                matches.append({term.lists.term, term.idf, frequency, score});
        });
        if (!whole)
            return std::nullopt;
    }
    return matches;
}

} // namespace llmemory::textindex
