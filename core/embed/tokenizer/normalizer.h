#pragma once

#include "core/base/result.h"
#include "core/embed/tokenizer/cut_rules.h"

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace llmemory::embed {

/// A step that rewrites a text before it is split: the "normalizer" of a tokenizer.json.
/// Immutable, any thread.
class Normalizer
{
public:
    Normalizer() = default;
    virtual ~Normalizer() = default;
    Q_DISABLE_COPY_MOVE(Normalizer)

    /// Rewrites @p text, well-formed UTF-16. @param spare  room to work in; its content is lost
    virtual void apply(std::u16string &text, std::u16string &spare) const = 0;
    /// Notes in @p rules what this step does after those before it.
    virtual void describe(CutRules &rules) const = 0;
};

/// The normaliser that a tokenizer.json describes. nullptr: none. Known are Sequence,
/// BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Replace, Prepend, Nmt,
/// Precompiled and ByteLevel, with the meaning that Hugging Face's tokenizers give them.
/// Error: Configuration, naming the component that is unknown or wrong.
Result<std::unique_ptr<const Normalizer>> makeNormalizer(const nlohmann::json &description);

} // namespace llmemory::embed
