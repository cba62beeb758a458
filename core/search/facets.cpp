#include "core/search/facets.h"

namespace llmemory {

namespace {

Json countsToJson(const QList<FacetCount> &counts)
{
    Json list = Json::array();
    for (const FacetCount &entry : counts)
        list.push_back({{"value", toJson(entry.value)}, {"count", entry.count}});
    return list;
}

} // namespace

Json toJson(const Facets &facets)
{
    return {{"types", countsToJson(facets.types)},
            {"languages", countsToJson(facets.languages)},
            {"tags", countsToJson(facets.tags)},
            {"years", countsToJson(facets.years)},
            {"folders", countsToJson(facets.folders)},
            {"passages", facets.passages},
            {"exact", facets.exact}};
}

} // namespace llmemory
