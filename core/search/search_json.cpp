#include "core/documents/document_json.h"
#include "core/search/search_hit.h"

namespace llmemory {

namespace {

Json optionalNumber(const std::optional<double> &number)
{
    return number ? Json(*number) : Json();
}

Json highlights(const SearchHit &hit)
{
    Json list = Json::array();
    for (const auto &[start, end] : hit.highlights)
        list.push_back(Json::array({start, end}));
    return list;
}

Json parents(const SearchHit &hit)
{
    Json list = Json::array();
    for (const Chunk &parent : hit.parents)
        list.push_back(toJson(parent));
    return list;
}

Json hitToJson(const SearchHit &hit)
{
    Json json{{"rank", hit.rank},
              {"chunk_id", toJson(hit.chunk.toString())},
              {"document_id", toJson(hit.document.toString())},
              {"id_at_origin", toJson(hit.idAtOrigin)},
              {"document_name", toJson(hit.documentName)},
              {"document_type", toJson(toString(hit.documentType))},
              {"content", toJson(hit.content)},
              {"highlights", highlights(hit)},
              {"locator", toJson(hit.locator)},
              {"score", hit.score},
              {"similarity", optionalNumber(hit.similarity)},
              {"text_rank", optionalNumber(hit.textRank)},
              {"rrf_score", optionalNumber(hit.rrfScore)},
              {"rerank_score", optionalNumber(hit.rerankScore)},
              {"metadata", Json::object()},
              {"document_metadata", hit.documentMetadata},
              {"summary", hit.summary.isEmpty() ? Json() : toJson(hit.summary)},
              {"parent_chunks", parents(hit)},
              {"explain", hit.explain}};
    if (hit.morePassages)
        json["more_passages"] = *hit.morePassages;
    return json;
}

} // namespace

Json toJson(const SearchTimings &took)
{
    return {{"total", took.total},
            {"embedding", took.embedding},
            {"text", took.text},
            {"vector", took.vector},
            {"fusion", took.fusion},
            {"rerank", took.rerank}};
}

Json toJson(const SearchAnswer &answer)
{
    Json results = Json::array();
    for (const SearchHit &hit : answer.hits)
        results.push_back(hitToJson(hit));
    Json json{{"search_id", toJson(answer.searchId)},
              {"owner_id", toJson(answer.query.owner.toString())},
              {"query", toJson(answer.query.text)},
              {"search_type", toJson(toString(answer.query.mode))},
              {"took_ms", toJson(answer.tookMs)},
              {"results", std::move(results)}};
    if (answer.facets)
        json["facets"] = toJson(*answer.facets);
    if (!answer.didYouMean.isEmpty())
        json["did_you_mean"] = toJson(answer.didYouMean);
    if (!answer.note.isEmpty())
        json["note"] = toJson(answer.note);
    return json;
}

} // namespace llmemory
