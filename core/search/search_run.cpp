#include "core/search/search_run.h"

#include "core/base/elapsed.h"
#include "core/documents/document_repository.h"
#include "core/search/candidates.h"
#include "core/search/facet_repository.h"
#include "core/search/generated_wordings.h"
#include "core/search/hit_selection.h"
#include "core/search/lexical_reranker.h"
#include "core/search/running_tasks.h"
#include "core/search/summary.h"
#include "core/search/text_generator.h"
#include "core/search/vector_search.h"

#include <QCoreApplication>
#include <QUuid>

#include <algorithm>

namespace llmemory::search {

using db::Session;

namespace {

/// Of each leg, for each passage that is looked at afterwards.
constexpr int kCandidatesPerPassage = 3;
/// Passages beyond those needed among which different ones are looked for.
constexpr int kDiversified = 50;
/// Hits whose highlights two connections make faster than one.
constexpr int kHitsToSplit = 8;

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
    m_mostVariants = expand ? query.maxQueryVariants.value_or(config.maxQueryVariants) : 1;

    m_needed = std::max(query.offset + m_pageSize, m_rerank ? m_topK : 0);
    m_depth.candidates = std::max(kLeastCandidates, m_needed * kCandidatesPerPassage);
    m_depth.profile = config.hnswProfile;
    m_depth.text = textOptions(config);
    m_depth.sizes = &tools.sizes;
    m_fusion = {config.fusion, tools.embedder.hybridBalance()};

    m_origin.fusion = m_fusion;
    m_origin.text = m_depth.text;
    m_answer.query = query;
    m_answer.searchId = QUuid::createUuid().toString(QUuid::WithoutBraces);
}

Result<DocumentSearchAnswer> SearchRun::run()
{
    QElapsedTimer total;
    total.start();
    if (auto ok = chooseVariants(); !ok)
        return ok.error();
    if (auto ok = find(); !ok)
        return ok.error();
    QElapsedTimer timer;
    timer.start();
    if (m_rerank && !m_fused.isEmpty()) {
        if (auto ok = rerank(); !ok)
            return ok.error();
        m_answer.tookMs.rerank = milliseconds(timer);
        timer.restart();
    }
    if (m_query.minScore)
        m_fused = scoringAtLeast(m_fused, *m_query.minScore);
    if (m_query.diversity > 0) {
        if (auto ok = diversify(); !ok)
            return ok.error();
    }
    auto loaded = loadPage();
    if (!loaded)
        return loaded.error();
    m_answer.tookMs.fusion += milliseconds(timer);
    if (m_query.facets) {
        if (auto ok = addFacets(); !ok)
            return ok.error();
    }
    m_answer.hits = std::move(loaded->hits);
    m_answer.didYouMean = correctedQuery(readLeniently(m_query.text), m_origin.corrections);
    m_answer.tookMs.total = milliseconds(total);
    return DocumentSearchAnswer{std::move(m_answer), std::move(loaded->documents)};
}

Result<> SearchRun::chooseVariants()
{
    const auto wordings = generatedWordings();
    if (!wordings)
        return wordings.error();
    m_variants = wordings->isEmpty() ? queryVariants(m_query.text, m_mostVariants)
                                     : queryVariants(m_query.text, *wordings, m_mostVariants);
    // The query itself stays, also where it has conditions only.
    m_variants.erase(std::remove_if(m_variants.begin() + 1,
                                    m_variants.end(),
                                    [this](const QueryVariant &v) { return weightOf(v) <= 0; }),
                     m_variants.end());
    m_origin.words = m_variants.first().words;
    if (m_variants.size() > 1) {
        for (const QueryVariant &variant : std::as_const(m_variants))
            m_origin.variants << variant.text;
    }
    return {};
}

Result<QStringList> SearchRun::generatedWordings()
{
    const auto &generator = m_tools.config.generator;
    const int most = m_mostVariants - 1;
    if (!generator || most < 1 || m_meaning.isEmpty())
        return QStringList();
    const QString instruction = wordingInstruction(m_meaning, most);
    const auto answer = m_tools.generating.run<QString>(
        [generator, instruction] { return generator->generate(instruction); },
        m_isCancelled,
        QCoreApplication::translate("llmemory::search",
                                    "The text generator did not answer in time."));
    if (m_isCancelled())
        return Error::cancelled();
    const QStringList wordings = answer ? wordingsOf(*answer, m_meaning, most) : QStringList();
    if (wordings.isEmpty())
        addNote(
            QCoreApplication::translate("llmemory::search", "Other wordings were made by rules: %1")
                .arg(answer ? QCoreApplication::translate("llmemory::search",
                                                          "The text generator gave none.")
                            : answer.error().message));
    return wordings;
}

Result<> SearchRun::find()
{
    for (;;) {
        if (auto ok = findCandidates(); !ok)
            return ok;
        if (!m_query.groupByDocument)
            return {};
        if (auto ok = group(); !ok)
            return ok;
        // Many passages of few documents: there may be others further down.
        if (m_fused.size() >= m_needed || !m_isCut || m_depth.candidates >= kMostCandidates)
            return {};
        m_depth.candidates = moreCandidates(m_depth.candidates);
    }
}

Result<> SearchRun::findCandidates()
{
    RunningTasks<LegAnswer> tasks;
    QList<std::pair<qsizetype, Leg>> started;
    const auto start = [&](qsizetype variant, Leg leg, const Wording &wording) {
        started.append({variant, leg});
        tasks.start(m_tools.database,
                    leg == Leg::Words ? "search_words" : "search_meaning",
                    m_query.owner,
                    [this, leg, wording](Session &session) {
                        return leg == Leg::Words
                                   ? searchByWords(session, m_query, wording, m_depth)
                                   : searchByMeaning(session, m_query, wording, m_depth);
                    });
    };
    QList<Wording> wordings;
    for (const QueryVariant &variant : std::as_const(m_variants))
        wordings.append({variant.words, {}});
    const auto startWords = [&] {
        for (qsizetype i = 0; i < m_variants.size(); ++i) {
            const QueryVariant &variant = m_variants.at(i);
            const bool hasWords = m_query.mode == SearchMode::Text || !variant.words.any.isEmpty();
            if (isTextOnly(variant) || (m_query.mode != SearchMode::Vector && hasWords))
                start(i, Leg::Words, wordings.at(i));
        }
    };
    const auto startMeaning = [&]() -> Result<> {
        for (qsizetype i = 0; i < m_variants.size(); ++i) {
            if (m_query.mode == SearchMode::Text || isTextOnly(m_variants.at(i)))
                continue;
            if (auto ok = embed(i); !ok)
                return ok;
            wordings[i].vector = m_vectors.value(i);
            if (!wordings.at(i).vector.empty())
                start(i, Leg::Meaning, wordings.at(i));
        }
        return {};
    };
    // The leg that is searched longest is to begin first, but words need not wait for a slow model.
    const bool isImmediate = m_tools.embedder.isImmediate();
    if (!isImmediate)
        startWords();
    if (auto ok = startMeaning(); !ok)
        return ok;
    if (isImmediate)
        startWords();
    auto found = tasks.wait(m_isCancelled);
    if (!found)
        return found.error();
    QElapsedTimer timer;
    timer.start();
    fuse(wordings, started, *found);
    m_answer.tookMs.fusion += milliseconds(timer);
    return {};
}

void SearchRun::fuse(const QList<Wording> &wordings,
                     const QList<std::pair<qsizetype, Leg>> &started,
                     const QList<LegAnswer> &found)
{
    struct Both
    {
        QList<Ranked> text;
        QList<Ranked> nearest;
    };
    QList<Both> legs(wordings.size());
    SearchTimings &took = m_answer.tookMs;
    m_isCut = false;
    for (qsizetype n = 0; n < started.size(); ++n) {
        const auto [variant, leg] = started.at(n);
        const LegAnswer &answer = found.at(n);
        const bool isText = leg == Leg::Words;
        (isText ? legs[variant].text : legs[variant].nearest) = answer.ranked;
        double &slowest = isText ? took.text : took.vector;
        slowest = std::max(slowest, answer.tookMs);
        m_isCut = m_isCut || answer.ranked.size() >= m_depth.candidates;
        if (variant == 0 && (isText || m_origin.tsquery.isEmpty()))
            m_origin.tsquery = answer.tsquery;
        if (variant == 0 && isText) {
            m_origin.terms = answer.terms;
            m_origin.corrections = answer.corrections;
        }
    }
    QList<VariantList> lists;
    for (qsizetype i = 0; i < wordings.size(); ++i) {
        const Both &both = legs.at(i);
        lists.append({fusedLegs(m_query, wordings.at(i), both.text, both.nearest, m_fusion),
                      weightOf(m_variants.at(i))});
    }
    m_fused = lists.size() == 1 ? lists.first().found : fuseVariants(lists);
}

Result<> SearchRun::group()
{
    auto documents = readOnPool(
        m_tools.database, "group_hits", m_query.owner, m_isCancelled, [this](Session &session) {
            return documentsOfPassages(session, m_query.owner, m_fused);
        });
    if (!documents)
        return documents.error();
    m_fused = bestOfEachDocument(m_fused, *documents);
    return {};
}

Result<> SearchRun::diversify()
{
    const int most = std::min<int>(int(m_fused.size()), kDiversified + m_needed);
    auto vectors = readOnPool(
        m_tools.database, "load_vectors", m_query.owner, m_isCancelled, [&](Session &session) {
            return loadVectors(session, m_query.owner, m_fused, most);
        });
    if (!vectors)
        return vectors.error();
    m_fused = diversified(m_fused, *vectors, m_query.diversity, most);
    return {};
}

Result<> SearchRun::embed(qsizetype variant)
{
    if (m_isCancelled())
        return Error::cancelled();
    if (m_vectors.contains(variant))
        return {};
    auto vector = vectorOf(m_variants.at(variant));
    if (!vector)
        return vector.error();
    m_vectors.insert(variant, std::move(*vector));
    return {};
}

Result<embed::Vector> SearchRun::vectorOf(const QueryVariant &variant)
{
    QElapsedTimer timer;
    timer.start();
    auto vector = m_tools.embedder.embedQueryUnless(m_isCancelled, variant.meaning);
    m_answer.tookMs.embedding += milliseconds(timer);
    if (vector || m_query.mode == SearchMode::Vector)
        return vector;
    if (m_isCancelled())
        return Error::cancelled();
    m_withoutVectors = true;
    addNote(QCoreApplication::translate("llmemory::search", "Found by words only: %1")
                .arg(vector.error().message));
    return embed::Vector();
}

double SearchRun::weightOf(const QueryVariant &variant) const
{
    if (!isTextOnly(variant) || m_query.mode == SearchMode::Text || m_withoutVectors)
        return 1;
    // A wording for the text leg counts as much as alpha leaves to that leg.
    return m_query.mode == SearchMode::Hybrid ? 1 - m_query.alpha : 0;
}

Result<> SearchRun::rerank()
{
    const auto texts = readOnPool(
        m_tools.database, "load_texts", m_query.owner, m_isCancelled, [this](Session &session) {
            return loadTexts(session, m_query.owner, m_fused, m_topK);
        });
    if (!texts)
        return texts.error();
    QList<Fused> candidates;
    QList<QString> passages;
    for (qsizetype i = 0; i < m_fused.size(); ++i) {
        const Fused &fused = m_fused.at(i);
        const bool isDeleted = i < m_topK && !texts->contains(fused.chunk);
        if (isDeleted)
            continue;
        candidates.append(fused);
        if (i < m_topK)
            passages.append(texts->value(fused.chunk));
    }
    const auto outcome = m_tools.reranking.run(m_meaning, passages, m_isCancelled);
    if (!outcome)
        return outcome.error();
    const bool byMeaning = m_query.mode == SearchMode::Vector ||
                           (m_query.mode == SearchMode::Hybrid && m_query.alpha >= 1);
    const double lexicalShare = byMeaning ? kLexicalShareOfMeaning : kLexicalShare;
    m_fused = reranked(candidates, outcome->scores, outcome->isLexical ? lexicalShare : 1);
    m_origin.reranker = outcome->reranker;
    addNote(outcome->note);
    return {};
}

Result<> SearchRun::addFacets()
{
    auto facets = readOnPool(
        m_tools.database, "search_facets", m_query.owner, m_isCancelled, [this](Session &session) {
            return countFacets(session, m_query, wordsOfAnswer());
        });
    if (!facets)
        return facets.error();
    if (!facets->exact)
        addNote(QCoreApplication::translate("llmemory::search",
                                            "The counts are estimated from a sample of %1 "
                                            "passages.")
                    .arg(kFacetPassages));
    m_answer.facets = std::move(*facets);
    return {};
}

TextQuery SearchRun::wordsOfAnswer() const
{
    QStringList words = m_origin.words.words;
    for (const Correction &correction : m_origin.corrections)
        words << correction.word;
    return m_origin.corrections.isEmpty() ? m_origin.words : anyOfWords(words, m_origin.words);
}

Result<SearchRun::Page> SearchRun::loadPage() const
{
    const QList<Fused> passages = m_fused.mid(m_query.offset, m_pageSize);
    // Highlighting is nearly all of the work, and the connection of the other leg is free.
    // Documents may have passages in both halves.
    const bool isSplit =
        passages.size() >= kHitsToSplit && !m_origin.tsquery.isEmpty() && !m_withDocuments;
    const qsizetype first = isSplit ? (passages.size() + 1) / 2 : passages.size();
    RunningTasks<Page> tasks;
    const auto start = [&](const QList<Fused> &part, qsizetype place) {
        tasks.start(m_tools.database, "load_hits", m_query.owner, [=, this](Session &session) {
            return loadHitsOf(session, part, m_query.offset + int(place) + 1);
        });
    };
    start(passages.first(first), 0);
    if (isSplit)
        start(passages.mid(first), first);
    auto parts = tasks.wait(m_isCancelled);
    if (!parts)
        return parts.error();
    Page page = parts->takeFirst();
    for (const Page &rest : std::as_const(*parts))
        page.hits += rest.hits;
    return page;
}

Result<SearchRun::Page> SearchRun::loadHitsOf(Session &session,
                                              const QList<Fused> &passages,
                                              int firstRank) const
{
    auto hits = loadHits(session, m_query, passages, m_origin, firstRank);
    if (!hits)
        return hits.error();
    Page page{std::move(*hits), {}};
    for (SearchHit &hit : page.hits)
        hit.summary = summaryOf(hit.content, m_tools.summaryMaxTokens);
    if (m_withDocuments && !page.hits.isEmpty()) {
        auto documents = documentsOf(session, page.hits);
        if (!documents)
            return documents.error();
        page.documents = std::move(*documents);
    }
    return page;
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
