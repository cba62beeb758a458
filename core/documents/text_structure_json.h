#pragma once

#include "core/base/json.h"
#include "core/documents/text_structure.h"

namespace llmemory {

/// `{"pages": [0, 512], "headings": [[1, 0, "Title"]]}`, as stored with the text. Pure.
Json structureToJson(const TextStructure &structure);
/// The inverse; anything malformed is left out.
TextStructure structureFromJson(const Json &value);

} // namespace llmemory
