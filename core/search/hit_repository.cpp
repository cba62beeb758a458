#include "core/search/hit_repository.h"

#include "core/db/sql_array.h"
#include "core/documents/chunk_repository.h"
#include "core/search/highlighter.h"

namespace llmemory::search {

using db::Statement;

namespace {

// A subquery's array is of unknown length to the planner: the plan that it keeps is that for any.
constexpr Statement kHits{
    "load_hits",
    "SELECT c.chunk_id, c.document_id, c.parent_chunk_id, c.content, c.page, "
    "c.line_start, c.line_end, "
    "c.char_start, c.char_end, c.heading_path, c.search_text IS NOT NULL, "
    "d.id_at_origin, d.document_name, "
    "d.document_type, d.metadata::text, "
    "CASE WHEN $3 <> '' AND c.search_text IS NULL THEN "
    "ts_headline(c.text_config, c.content, $3::tsquery, $4) END "
    "FROM {{tables.document_chunks}} c JOIN {{tables.documents}} d "
    "ON d.owner_id = c.owner_id AND d.document_id = c.document_id "
    "WHERE c.owner_id = $1 AND c.chunk_id = ANY ((SELECT $2::uuid[])::uuid[])",
    db::Plan::Kept};

constexpr Statement kTexts{"load_passage_texts",
                           "SELECT chunk_id, content FROM {{tables.document_chunks}} "
                           "WHERE owner_id = $1 AND chunk_id = ANY ($2::uuid[])"};

constexpr Statement kDocuments{"documents_of_passages",
                               "SELECT chunk_id, document_id FROM {{tables.document_chunks}} "
                               "WHERE owner_id = $1 AND chunk_id = ANY ($2::uuid[])"};

constexpr Statement kVectors{"load_vectors",
                             "SELECT chunk_id, embedding::text FROM {{embeddings}} "
                             "WHERE owner_id = $1 AND chunk_id = ANY ($2::uuid[])"};

QString idsOf(const QList<Fused> &fused)
{
    QStringList ids;
    for (const Fused &entry : fused)
        ids << entry.chunk.toString();
    return db::textArray(ids);
}

struct Loaded
{
    SearchHit hit;
    ChunkId parent;
};

Loaded hitFrom(const db::Row &row, const TextQuery &text)
{
    Loaded loaded;
    SearchHit &hit = loaded.hit;
    hit.chunk = ChunkId(row.value(0).toUuid());
    hit.document = DocumentId(row.value(1).toUuid());
    loaded.parent = ChunkId(row.value(2).toUuid());
    hit.content = row.text(3);
    hit.locator.page = row.integer(4);
    hit.locator.lineStart = row.integer(5);
    hit.locator.lineEnd = row.integer(6);
    hit.locator.charStart = row.bigint(7);
    hit.locator.charEnd = row.bigint(8);
    hit.locator.headingPath = row.text(9).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    hit.idAtOrigin = row.text(11);
    hit.documentName = row.text(12);
    hit.documentType = documentTypeFromString(row.text(13)).value_or(DocumentType::Unknown);
    hit.documentMetadata = Json::parse(row.text(14).toStdString(), nullptr, false);
    if (row.boolean(10))
        hit.highlights = highlightsOfWords(text.words, hit.content);
    else if (!row.isNull(15))
        hit.highlights = highlightsFromMarks(row.text(15), hit.content);
    return loaded;
}

template <typename T>
Json orNull(const std::optional<T> &value)
{
    return value ? Json(*value) : Json(nullptr);
}

Json fusionOf(const Fused &fused, const SearchQuery &query, const Fusion &fusion)
{
    if (fusion.method == FusionMethod::ReciprocalRank)
        return {{"method", "rrf"}, {"k", kRrfConstant}, {"alpha", query.alpha}};
    return {{"method", "weighted"},
            {"alpha", query.alpha},
            {"vector_weight", vectorWeight(query.alpha, fusion.balance)},
            {"text_share", orNull(fused.textShare)},
            {"vector_share", orNull(fused.vectorShare)}};
}

Json termsOf(const QList<textindex::TermMatch> &matches, const QList<Correction> &corrections)
{
    Json terms = Json::array();
    for (const textindex::TermMatch &match : matches) {
        terms.push_back({{"term", toJson(QString::fromUtf8(match.term))},
                         {"idf", match.idf},
                         {"frequency", match.frequency},
                         {"score", match.score}});
        for (const Correction &correction : corrections) {
            if (correction.term == match.term)
                terms.back()["instead_of"] = toJson(correction.typed);
        }
    }
    return terms;
}

/// How the hit came to its place, step by step; a step that was not taken is not told.
Json explanation(const Fused &fused, const SearchQuery &query, const PageOrigin &origin, int rank)
{
    Json explain{
        {"text", {{"rank", orNull(fused.textPlace)}, {"score", orNull(fused.textRank)}}},
        {"vector", {{"rank", orNull(fused.vectorPlace)}, {"score", orNull(fused.similarity)}}},
        {"fusion", fusionOf(fused, query, origin.fusion)}};
    if (!origin.variants.isEmpty()) {
        Json variants = Json::array();
        for (qsizetype i = 0; i < origin.variants.size(); ++i) {
            const int place = fused.variantPlaces.value(i);
            variants.push_back({{"query", toJson(origin.variants.at(i))},
                                {"rank", place > 0 ? Json(place) : Json(nullptr)}});
        }
        explain["expansion"] = {
            {"method", "rrf"}, {"k", kVariantRrfConstant}, {"variants", std::move(variants)}};
    }
    if (!origin.reranker.isEmpty()) {
        explain["rerank"] = {{"reranker", toJson(origin.reranker)},
                             {"score", orNull(fused.rerankScore)},
                             {"rank_before", orNull(fused.placeBefore)},
                             {"rank", rank}};
    }
    return explain;
}

void applyScores(SearchHit &hit,
                 const Fused &fused,
                 const SearchQuery &query,
                 const PageOrigin &origin,
                 int rank)
{
    hit.rank = rank;
    hit.score = fused.score;
    hit.similarity = fused.similarity;
    hit.textRank = fused.textRank;
    hit.rrfScore = fused.rrf;
    hit.rerankScore = fused.rerankScore;
    if (query.groupByDocument)
        hit.morePassages = fused.others;
    if (query.explain)
        hit.explain = explanation(fused, query, origin, rank);
}

/// In a two-level tree a hit has at most one ancestor; all of a page are read at once.
Result<> addParents(db::Session &session, const SearchQuery &query, QList<Loaded> &hits)
{
    QList<ChunkId> ids;
    for (const Loaded &loaded : hits) {
        if (!loaded.parent.isNull() && !ids.contains(loaded.parent))
            ids.append(loaded.parent);
    }
    if (ids.isEmpty() || query.contextWindow == 0)
        return {};
    auto parents = documents::findChunks(session, query.owner, ids);
    if (!parents)
        return parents.error();
    QHash<ChunkId, Chunk> byId;
    for (const Chunk &parent : *parents)
        byId.insert(parent.id, parent);
    for (Loaded &loaded : hits) {
        if (byId.contains(loaded.parent))
            loaded.hit.parents.append(byId.value(loaded.parent));
    }
    return {};
}

} // namespace

Result<QList<SearchHit>> loadHits(db::Session &session,
                                  const SearchQuery &query,
                                  const QList<Fused> &fused,
                                  const PageOrigin &origin,
                                  int firstRank)
{
    const QString options = QStringLiteral("HighlightAll=true, StartSel=\"%1\", StopSel=\"%2\"")
                                .arg(QChar(kMarkStart), QChar(kMarkEnd));
    const QString marked = alternatives(origin.tsquery, tsqueryOf(origin.corrections));
    auto rows = session.query(kHits, {query.owner.toString(), idsOf(fused), marked, options});
    if (!rows)
        return rows.error();
    QHash<ChunkId, Loaded> byId;
    for (const db::Row &row : *rows) {
        Loaded loaded = hitFrom(row, origin.words);
        byId.insert(loaded.hit.chunk, loaded);
    }
    QHash<ChunkId, QList<textindex::TermMatch>> terms;
    if (query.explain && !origin.terms.isEmpty()) {
        auto matched = matchedTerms(session, query.owner, origin.terms, byId.keys(), origin.text);
        if (!matched)
            return matched.error();
        terms = std::move(*matched);
    }
    QList<Loaded> ordered;
    for (qsizetype i = 0; i < fused.size(); ++i) {
        const Fused &entry = fused.at(i);
        if (!byId.contains(entry.chunk))
            continue;
        Loaded loaded = byId.value(entry.chunk);
        applyScores(loaded.hit, entry, query, origin, firstRank + int(i));
        if (terms.contains(entry.chunk))
            loaded.hit.explain["text"]["terms"] =
                termsOf(terms.value(entry.chunk), origin.corrections);
        ordered.append(loaded);
    }
    if (query.includeParentContext) {
        if (auto ok = addParents(session, query, ordered); !ok)
            return ok.error();
    }
    QList<SearchHit> hits;
    for (const Loaded &loaded : ordered)
        hits.append(loaded.hit);
    return hits;
}

Result<QHash<ChunkId, QString>> loadTexts(db::Session &session,
                                          const OwnerId &owner,
                                          const QList<Fused> &fused,
                                          int most)
{
    auto rows = session.query(kTexts, {owner.toString(), idsOf(fused.mid(0, most))});
    if (!rows)
        return rows.error();
    QHash<ChunkId, QString> texts;
    for (const db::Row &row : *rows)
        texts.insert(ChunkId(row.value(0).toUuid()), row.text(1));
    return texts;
}

Result<QHash<ChunkId, DocumentId>> documentsOfPassages(db::Session &session,
                                                       const OwnerId &owner,
                                                       const QList<Fused> &fused)
{
    auto rows = session.query(kDocuments, {owner.toString(), idsOf(fused)});
    if (!rows)
        return rows.error();
    QHash<ChunkId, DocumentId> documents;
    for (const db::Row &row : *rows)
        documents.insert(ChunkId(row.value(0).toUuid()), DocumentId(row.value(1).toUuid()));
    return documents;
}

Result<QHash<ChunkId, embed::Vector>> loadVectors(db::Session &session,
                                                  const OwnerId &owner,
                                                  const QList<Fused> &fused,
                                                  int most)
{
    auto rows = session.query(kVectors, {owner.toString(), idsOf(fused.mid(0, most))});
    if (!rows)
        return rows.error();
    QHash<ChunkId, embed::Vector> vectors;
    for (const db::Row &row : *rows)
        vectors.insert(ChunkId(row.value(0).toUuid()), db::vectorFromLiteral(row.text(1)));
    return vectors;
}

} // namespace llmemory::search
