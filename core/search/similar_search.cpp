#include "core/search/similar_search.h"

#include "core/base/elapsed.h"
#include "core/db/sql_array.h"
#include "core/search/candidates.h"
#include "core/search/hit_repository.h"
#include "core/search/hit_selection.h"
#include "core/search/text_search.h"
#include "core/search/vector_search.h"
#include "core/textindex/dictionary.h"
#include "core/textindex/lexemes.h"

#include <QCoreApplication>
#include <QUuid>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace llmemory::search {

using db::Session;
using db::Statement;
using textindex::AskedTerm;

namespace {

constexpr Statement kPassage{
    "similar_to_passage",
    "SELECT c.document_id, d.chunk_count, (SELECT avg(e.embedding)::text FROM {{embeddings}} e "
    "WHERE e.owner_id = $1 AND e.chunk_id = ANY (ARRAY(SELECT p.chunk_id "
    "FROM {{tables.document_chunks}} p WHERE p.owner_id = $1 AND p.document_id = c.document_id "
    "AND (p.chunk_id = c.chunk_id OR p.parent_chunk_id = c.chunk_id)))) "
    "FROM {{tables.document_chunks}} c JOIN {{tables.documents}} d "
    "ON d.owner_id = $1 AND d.document_id = c.document_id "
    "WHERE c.owner_id = $1 AND c.chunk_id = $2::uuid"};

constexpr Statement kDocument{
    "similar_to_document",
    "SELECT d.document_id, d.chunk_count, (SELECT avg(e.embedding)::text FROM {{embeddings}} e "
    "WHERE e.owner_id = $1 AND e.document_id = d.document_id) FROM {{tables.documents}} d "
    "WHERE d.owner_id = $1 AND d.document_id = $2::uuid"};

// The words of a passage, or of a parent's passages; $3 NULL: of the document.
constexpr Statement kWords{
    "words_of_passages",
    "SELECT p.search_vector::text FROM {{tables.document_chunks}} p "
    "WHERE p.owner_id = $1 AND p.document_id = $2::uuid AND p.chunk_level = 1 "
    "AND ($3::uuid IS NULL OR p.chunk_id = $3::uuid OR p.parent_chunk_id = $3::uuid) "
    "ORDER BY p.chunk_index LIMIT $4"};

/// Passages that stand for a document without vectors.
constexpr int kFirstPassages = 8;
/// Words that are looked up for their rarity, the most frequent ones.
constexpr qsizetype kMostWords = 300;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::search", text);
}

/// What others are compared with.
struct Model
{
    DocumentId document;
    int passages = 0;       ///< of its document
    embed::Vector vector;   ///< of unit length; empty where there is none
    QList<AskedTerm> terms; ///< in its place
};

embed::Vector normalized(embed::Vector vector)
{
    const double square = std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0);
    if (!(square > 0))
        return {};
    for (float &value : vector)
        value = float(value / std::sqrt(square));
    return vector;
}

Model modelFrom(const db::Row &row)
{
    Model model;
    model.document = DocumentId(row.value(0).toUuid());
    model.passages = row.integer(1);
    if (!row.isNull(2))
        model.vector = normalized(db::vectorFromLiteral(row.text(2)));
    return model;
}

/// The words that tell passages from others.
Result<QList<AskedTerm>> tellingTerms(Session &session,
                                      const OwnerId &owner,
                                      const db::Rows &vectors)
{
    QHash<QByteArray, double> counts;
    for (const db::Row &row : vectors) {
        for (const textindex::LexemeCount &lexeme : textindex::lexemesOfVector(row.text(0)))
            counts[textindex::termOf(lexeme.lexeme)] += lexeme.frequency;
    }
    QList<AskedTerm> terms;
    for (auto entry = counts.cbegin(); entry != counts.cend(); ++entry)
        terms.append({entry.key(), entry.value()});
    const auto leave = [&terms](qsizetype most) {
        std::sort(terms.begin(), terms.end(), [](const AskedTerm &a, const AskedTerm &b) {
            return a.asked != b.asked ? a.asked > b.asked : a.term < b.term;
        });
        terms.resize(std::min(terms.size(), most));
    };
    leave(kMostWords);
    QSet<QByteArray> names;
    for (const AskedTerm &term : std::as_const(terms))
        names.insert(term.term);
    const auto stored = textindex::findTerms(session, owner, names);
    if (!stored)
        return stored.error();
    QHash<QByteArray, double> rarity;
    for (const textindex::KnownTerm &term : stored->terms)
        rarity.insert(term.term,
                      textindex::inverseFrequency(stored->collection.passages, term.passages));
    for (AskedTerm &term : terms)
        term.asked *= rarity.value(term.term);
    leave(kSimilarTerms);
    for (AskedTerm &term : terms)
        term.asked = 1;
    return terms;
}

Result<Model> findModel(Session &session,
                        const Statement &statement,
                        const OwnerId &owner,
                        const QString &id,
                        const QVariant &passage,
                        const QString &missing)
{
    const auto rows = session.query(statement, {owner.toString(), id});
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return Error::notFound(missing);
    Model model = modelFrom(rows->first());
    if (!model.vector.empty())
        return model;
    const auto words = session.query(
        kWords, {owner.toString(), model.document.toString(), passage, kFirstPassages});
    if (!words)
        return words.error();
    auto terms = tellingTerms(session, owner, *words);
    if (!terms)
        return terms.error();
    model.terms = std::move(*terms);
    return model;
}

/// One look for what is like a model.
class SimilarSearch
{
public:
    SimilarSearch(Session &session, const OwnerId &owner, Model model, SimilarOptions options)
        : m_session(session), m_model(std::move(model)), m_options(options)
    {
        m_timer.start();
        m_answer.searchId = QUuid::createUuid().toString(QUuid::WithoutBraces);
        SearchQuery &query = m_answer.query;
        query.owner = owner;
        query.limit = options.limit;
        query.mode = byWords() ? SearchMode::Text : SearchMode::Vector;
        if (byWords())
            m_answer.note = tr("Found by words only: there is no vector of it yet.");
    }

    /// @param itself  is left out.
    Result<SearchAnswer> passages(const ChunkId &itself)
    {
        // Of its own document there are no more than these.
        const auto candidates = find(m_options.limit + m_model.passages);
        if (!candidates)
            return candidates.error();
        const auto documents = documentsOfPassages(m_session, m_answer.query.owner, *candidates);
        if (!documents)
            return documents.error();
        QList<Fused> others;
        for (const Fused &fused : *candidates) {
            const bool isOwn = documents->value(fused.chunk) == m_model.document;
            if (fused.chunk != itself && (m_options.isSameDocument || !isOwn))
                others.append(fused);
        }
        return show(others);
    }

    Result<SearchAnswer> documents()
    {
        m_answer.query.groupByDocument = true;
        int depth = kLeastCandidates + m_model.passages;
        for (;;) {
            const auto candidates = find(depth);
            if (!candidates)
                return candidates.error();
            auto documents = documentsOfPassages(m_session, m_answer.query.owner, *candidates);
            if (!documents)
                return documents.error();
            documents->removeIf(
                [this](const auto &entry) { return entry.value() == m_model.document; });
            const QList<Fused> others = bestOfEachDocument(*candidates, *documents);
            // Many passages of few documents: there may be others further down.
            const bool isAll = candidates->size() < depth;
            if (isAll || others.size() >= m_options.limit || depth >= kMostCandidates)
                return show(others);
            depth = moreCandidates(depth);
        }
    }

private:
    bool byWords() const { return m_model.vector.empty(); }

    Result<QList<Fused>> find(int most)
    {
        QElapsedTimer timer;
        timer.start();
        const auto found =
            byWords()
                ? searchTerms(m_session, m_answer.query, m_model.terms, most, m_options.bm25)
                : searchVectors(m_session, m_answer.query, m_model.vector, most, m_options.profile);
        if (!found)
            return found.error();
        (byWords() ? m_answer.tookMs.text : m_answer.tookMs.vector) += milliseconds(timer);
        return byWords() ? fromTextLeg(*found) : fromVectorLeg(*found);
    }

    Result<SearchAnswer> show(const QList<Fused> &found)
    {
        auto hits =
            loadHits(m_session, m_answer.query, found.mid(0, m_options.limit), PageOrigin(), 1);
        if (!hits)
            return hits.error();
        m_answer.hits = std::move(*hits);
        m_answer.tookMs.total = milliseconds(m_timer);
        return std::move(m_answer);
    }

    Session &m_session;
    const Model m_model;
    const SimilarOptions m_options;
    QElapsedTimer m_timer;
    SearchAnswer m_answer;
};

} // namespace

Result<SearchAnswer> similarPassages(Session &session,
                                     const OwnerId &owner,
                                     const ChunkId &chunk,
                                     const SimilarOptions &options)
{
    auto model = findModel(session,
                           kPassage,
                           owner,
                           chunk.toString(),
                           chunk.toString(),
                           tr("There is no such passage."));
    if (!model)
        return model.error();
    return SimilarSearch(session, owner, std::move(*model), options).passages(chunk);
}

Result<SearchAnswer> similarDocuments(Session &session,
                                      const OwnerId &owner,
                                      const DocumentId &document,
                                      const SimilarOptions &options)
{
    auto model = findModel(session,
                           kDocument,
                           owner,
                           document.toString(),
                           QVariant(QMetaType::fromType<QString>()),
                           tr("There is no such document."));
    if (!model)
        return model.error();
    return SimilarSearch(session, owner, std::move(*model), options).documents();
}

} // namespace llmemory::search
