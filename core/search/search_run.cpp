#include "core/search/search_run.h"

#include "core/documents/document_repository.h"
#include "core/search/running_tasks.h"
#include "core/search/vector_search.h"

#include <QCoreApplication>
#include <QUuid>

#include <algorithm>

namespace llmemory::search {

using db::Session;

namespace {

/// Candidates of each leg: fusion needs more than what is looked at afterwards.
constexpr int kLeastCandidates = 100;
constexpr int kCandidatesPerPassage = 3;

double milliseconds(const QElapsedTimer &timer)
{
    return double(timer.nsecsElapsed()) / 1e6;
}

bool isTextOnly(const QueryVariant &variant)
{
    return variant.meaning.isEmpty();
}

} // namespace

SearchRun::SearchRun(const Tools &tools,
                     const SearchQuery &query,
                     bool withDocuments,
                     const CancelTest &isCancelled)
    : m_tools(tools), m_query(query), m_withDocuments(withDocuments), m_isCancelled(isCancelled)
{
    const Config::Search &config = tools.config;
    const ParsedQuery parsed = readLeniently(query.text);
    m_query.filter = narrowed(query.filter, parsed);
    m_meaning = meaningOf(parsed);
    m_rerank = query.rerank.value_or(config.rerank) && !m_meaning.isEmpty();
    m_topK = query.rerankTopK.value_or(config.rerankTopK);
    const int reranked = config.rerankReturnK > 0 ? config.rerankReturnK : query.limit;
    m_pageSize = m_rerank ? query.rerankReturnK.value_or(reranked) : query.limit;

    const bool expand = query.queryExpansion.value_or(config.queryExpansion);
    m_variants = queryVariants(
        query.text, expand ? query.maxQueryVariants.value_or(config.maxQueryVariants) : 1);
    // The query itself stays, also where it has conditions only.
    m_variants.erase(std::remove_if(m_variants.begin() + 1,
                                    m_variants.end(),
                                    [this](const QueryVariant &v) { return weightOf(v) <= 0; }),
                     m_variants.end());

    const int needed = std::max(query.offset + m_pageSize, m_rerank ? m_topK : 0);
    m_depth.candidates = std::max(kLeastCandidates, needed * kCandidatesPerPassage);
    m_depth.efSearch = efSearch(config.hnswProfile);
    m_fusion = {config.fusion, tools.embedder.hybridBalance()};

    m_origin.words = m_variants.first().words;
    m_origin.fusion = m_fusion;
    if (m_variants.size() > 1) {
        for (const QueryVariant &variant : std::as_const(m_variants))
            m_origin.variants << variant.text;
    }
    m_answer.query = query;
    m_answer.searchId = QUuid::createUuid().toString(QUuid::WithoutBraces);
}

Result<DocumentSearchAnswer> SearchRun::run()
{
    QElapsedTimer total;
    total.start();
    auto loaded = m_variants.size() == 1 ? findByOneWording() : findByAllWordings();
    if (!loaded)
        return loaded.error();
    if (m_rerank && !m_fused.isEmpty()) {
        if (auto ok = rerank(loaded->texts); !ok)
            return ok.error();
        loaded = loadOnPool();
        if (!loaded)
            return loaded.error();
    }
    m_answer.hits = std::move(loaded->hits);
    m_answer.tookMs.total = milliseconds(total);
    return DocumentSearchAnswer{std::move(m_answer), std::move(loaded->documents)};
}

Result<SearchRun::Loaded> SearchRun::findByOneWording()
{
    const auto wording = wordingOf(m_variants.first());
    if (!wording)
        return wording.error();
    auto step =
        readOnPool(m_tools.database, "search", m_query.owner, m_isCancelled, [&](Session &session) {
            return findAndLoad(session, *wording);
        });
    if (!step)
        return step.error();
    m_fused = std::move(step->candidates.fused);
    const SearchTimings &took = step->candidates.tookMs;
    m_answer.tookMs.text = took.text;
    m_answer.tookMs.vector = took.vector;
    m_answer.tookMs.fusion = took.fusion;
    return std::move(step->loaded);
}

Result<SearchRun::Step> SearchRun::findAndLoad(Session &session, const Wording &wording)
{
    auto found = findCandidates(session, m_query, wording, m_depth, m_fusion);
    if (!found)
        return found.error();
    QElapsedTimer timer;
    timer.start();
    m_origin.tsquery = found->tsquery;
    auto loaded = load(session, found->fused);
    if (!loaded)
        return loaded.error();
    found->tookMs.fusion += milliseconds(timer);
    return Step{std::move(*found), std::move(*loaded)};
}

Result<SearchRun::Loaded> SearchRun::findByAllWordings()
{
    // Those that need no vector first: they run while the others are being embedded.
    QList<qsizetype> order;
    for (qsizetype i = 0; i < m_variants.size(); ++i)
        order.append(i);
    std::stable_partition(
        order.begin(), order.end(), [this](qsizetype i) { return isTextOnly(m_variants.at(i)); });

    RunningTasks<Candidates> tasks;
    for (const qsizetype i : std::as_const(order)) {
        if (m_isCancelled())
            return Error::cancelled();
        auto wording = wordingOf(m_variants.at(i));
        if (!wording)
            return wording.error();
        tasks.start(m_tools.database,
                    "search_wording",
                    m_query.owner,
                    [this, wording = std::move(*wording)](Session &session) {
                        return findCandidates(session, m_query, wording, m_depth, m_fusion);
                    });
    }
    auto found = tasks.wait(m_isCancelled);
    if (!found)
        return found.error();

    QElapsedTimer timer;
    timer.start();
    QList<VariantList> lists(m_variants.size());
    SearchTimings &took = m_answer.tookMs;
    for (qsizetype n = 0; n < order.size(); ++n) {
        Candidates &candidates = (*found)[n];
        const qsizetype i = order.at(n);
        if (i == 0)
            m_origin.tsquery = candidates.tsquery;
        lists[i] = {std::move(candidates.fused), weightOf(m_variants.at(i))};
        took.text = std::max(took.text, candidates.tookMs.text);
        took.vector = std::max(took.vector, candidates.tookMs.vector);
    }
    m_fused = fuseVariants(lists);
    auto loaded = loadOnPool();
    took.fusion = milliseconds(timer);
    return loaded;
}

Result<Wording> SearchRun::wordingOf(const QueryVariant &variant)
{
    Wording wording{variant.words, {}};
    if (m_query.mode == SearchMode::Text || isTextOnly(variant))
        return wording;
    QElapsedTimer timer;
    timer.start();
    auto vector = m_tools.embedder.embedQueryUnless(m_isCancelled, variant.meaning);
    m_answer.tookMs.embedding += milliseconds(timer);
    if (vector) {
        wording.vector = std::move(*vector);
    } else if (m_query.mode == SearchMode::Vector) {
        return vector.error();
    } else {
        m_withoutVectors = true;
        addNote(QCoreApplication::translate("llmemory::search", "Found by words only: %1")
                    .arg(vector.error().message));
    }
    return wording;
}

double SearchRun::weightOf(const QueryVariant &variant) const
{
    if (!isTextOnly(variant) || m_query.mode == SearchMode::Text || m_withoutVectors)
        return 1;
    // A wording for the text leg counts as much as alpha leaves to that leg.
    return m_query.mode == SearchMode::Hybrid ? 1 - m_query.alpha : 0;
}

Result<> SearchRun::rerank(const QHash<ChunkId, QString> &texts)
{
    QElapsedTimer timer;
    timer.start();
    QList<Fused> candidates;
    QList<QString> passages;
    for (qsizetype i = 0; i < m_fused.size(); ++i) {
        const Fused &fused = m_fused.at(i);
        const bool isDeleted = i < m_topK && !texts.contains(fused.chunk);
        if (isDeleted)
            continue;
        candidates.append(fused);
        if (i < m_topK)
            passages.append(texts.value(fused.chunk));
    }
    const auto outcome = m_tools.reranking.run(m_meaning, passages, m_isCancelled);
    if (!outcome)
        return outcome.error();
    m_fused = reranked(candidates, outcome->scores);
    m_origin.reranker = outcome->reranker;
    addNote(outcome->note);
    m_rerank = false;
    m_answer.tookMs.rerank = milliseconds(timer);
    return {};
}

Result<SearchRun::Loaded> SearchRun::loadOnPool() const
{
    return readOnPool(
        m_tools.database, "load_hits", m_query.owner, m_isCancelled, [this](Session &session) {
            return load(session, m_fused);
        });
}

Result<SearchRun::Loaded> SearchRun::load(Session &session, const QList<Fused> &fused) const
{
    if (!m_rerank)
        return loadPage(session, fused);
    auto texts = loadTexts(session, m_query.owner, fused, m_topK);
    if (!texts)
        return texts.error();
    return Loaded{std::move(*texts), {}, {}};
}

Result<SearchRun::Loaded> SearchRun::loadPage(Session &session, const QList<Fused> &fused) const
{
    auto hits = loadHits(
        session, m_query, fused.mid(m_query.offset, m_pageSize), m_origin, m_query.offset + 1);
    if (!hits)
        return hits.error();
    Loaded loaded{{}, std::move(*hits), {}};
    if (m_withDocuments && !loaded.hits.isEmpty()) {
        auto documents = documentsOf(session, loaded.hits);
        if (!documents)
            return documents.error();
        loaded.documents = std::move(*documents);
    }
    return loaded;
}

Result<QList<Document>> SearchRun::documentsOf(Session &session, const QList<SearchHit> &hits) const
{
    QList<DocumentId> ids;
    for (const SearchHit &hit : hits) {
        if (!ids.contains(hit.document))
            ids.append(hit.document);
    }
    auto documents = documents::findDocuments(session, m_query.owner, ids);
    if (!documents)
        return documents;
    std::sort(documents->begin(), documents->end(), [&](const Document &a, const Document &b) {
        return ids.indexOf(a.id) < ids.indexOf(b.id);
    });
    return documents;
}

void SearchRun::addNote(const QString &note)
{
    if (note.isEmpty() || m_answer.note.contains(note))
        return;
    if (!m_answer.note.isEmpty())
        m_answer.note += QLatin1Char(' ');
    m_answer.note += note;
}

} // namespace llmemory::search
