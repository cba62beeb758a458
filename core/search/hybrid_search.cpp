#include "core/search/hybrid_search.h"

#include "core/db/transaction.h"
#include "core/search/fusion.h"
#include "core/search/hit_repository.h"
#include "core/search/text_query.h"
#include "core/search/text_search.h"
#include "core/search/vector_search.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QUuid>

#include <algorithm>

namespace llmemory::search {

namespace {

/// Candidates of each leg: fusion needs more than the page that is shown.
constexpr int kLeastCandidates = 100;
constexpr int kCandidatesPerHit = 3;

double milliseconds(const QElapsedTimer &timer)
{
    return double(timer.nsecsElapsed()) / 1e6;
}

class Search
{
public:
    Search(db::Session &session, const embed::Embedder &embedder, const SearchQuery &query)
        : m_session(session)
        , m_embedder(embedder)
        , m_query(query)
        , m_text(parseTextQuery(query.text))
        , m_candidates(std::max(kLeastCandidates, (query.offset + query.limit) * kCandidatesPerHit))
    {
        m_answer.query = query;
        m_answer.searchId = QUuid::createUuid().toString(QUuid::WithoutBraces);
    }

    Result<SearchAnswer> run()
    {
        QElapsedTimer total;
        total.start();
        if (auto ok = embedQuery(); !ok)
            return ok.error();
        auto done = db::inTransaction(m_session,
                                      "search",
                                      db::Scope::owner(m_query.owner),
                                      [this](db::Session &) { return searchInTransaction(); });
        if (!done)
            return done.error();
        m_answer.tookMs.total = milliseconds(total);
        return m_answer;
    }

private:
    Result<> embedQuery()
    {
        if (m_query.mode == SearchMode::Text)
            return {};
        QElapsedTimer timer;
        timer.start();
        auto vector = m_embedder.embedQuery(m_query.text);
        m_answer.tookMs.embedding = milliseconds(timer);
        if (vector)
            m_vector = std::move(*vector);
        else if (m_query.mode == SearchMode::Vector)
            return vector.error();
        else
            m_answer.note =
                QCoreApplication::translate("llmemory::search", "Found by words only: %1")
                    .arg(vector.error().message);
        return {};
    }

    Result<> searchInTransaction()
    {
        QElapsedTimer timer;
        timer.start();
        TextMatches text;
        if (m_query.mode != SearchMode::Vector || !m_text.none.isEmpty()) {
            auto found = searchText(m_session, m_query, m_text, m_candidates);
            if (!found)
                return found.error();
            text = std::move(*found);
        }
        m_answer.tookMs.text = milliseconds(timer);
        if (m_session.isCancelled())
            return Error::cancelled();
        timer.restart();
        QList<Ranked> nearest;
        if (!m_vector.empty()) {
            auto found = searchVectors(m_session, m_query, m_vector, m_candidates);
            if (!found)
                return found.error();
            auto kept = withoutUnwanted(m_session, m_query.owner, text.unwanted, *found);
            if (!kept)
                return kept.error();
            nearest = std::move(*kept);
        }
        m_answer.tookMs.vector = milliseconds(timer);
        timer.restart();
        const QList<Fused> page = fuse(text.ranked, nearest).mid(m_query.offset, m_query.limit);
        auto hits = loadHits(m_session, m_query, page, m_text, text.tsquery, m_query.offset + 1);
        m_answer.tookMs.fusion = milliseconds(timer);
        if (!hits)
            return hits.error();
        m_answer.hits = std::move(*hits);
        return {};
    }

    QList<Fused> fuse(const QList<Ranked> &text, const QList<Ranked> &nearest) const
    {
        switch (m_query.mode) {
        case SearchMode::Text:
            return fromTextLeg(text);
        case SearchMode::Vector:
            return fromVectorLeg(nearest);
        case SearchMode::Hybrid:
            break;
        }
        // Without a vector the text leg counts whole, whatever alpha says.
        return fuseByReciprocalRank(text, nearest, m_vector.empty() ? 0.0 : m_query.alpha);
    }

    db::Session &m_session;
    const embed::Embedder &m_embedder;
    const SearchQuery &m_query;
    TextQuery m_text;
    int m_candidates;
    embed::Vector m_vector;
    SearchAnswer m_answer;
};

} // namespace

Result<SearchAnswer> search(db::Session &session,
                            const embed::Embedder &embedder,
                            const SearchQuery &query)
{
    return Search(session, embedder, query).run();
}

} // namespace llmemory::search
