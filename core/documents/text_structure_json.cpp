#include "core/documents/text_structure_json.h"

namespace llmemory {

Json structureToJson(const TextStructure &structure)
{
    Json pages = Json::array();
    for (const qsizetype start : structure.pageStarts)
        pages.push_back(start);
    Json headings = Json::array();
    for (const Heading &heading : structure.headings)
        headings.push_back({heading.level, heading.charStart, toJson(heading.title)});
    return {{"pages", pages}, {"headings", headings}};
}

TextStructure structureFromJson(const Json &value)
{
    TextStructure structure;
    if (!value.is_object())
        return structure;
    for (const Json &start : value.value("pages", Json::array())) {
        if (start.is_number_integer())
            structure.pageStarts.append(start.get<qsizetype>());
    }
    for (const Json &heading : value.value("headings", Json::array())) {
        if (heading.is_array() && heading.size() == 3 && heading[0].is_number_integer() &&
            heading[1].is_number_integer())
            structure.headings.append(
                {heading[0].get<int>(), heading[1].get<qsizetype>(), toQString(heading[2])});
    }
    return structure;
}

} // namespace llmemory
