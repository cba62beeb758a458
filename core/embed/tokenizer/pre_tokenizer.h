#pragma once

#include "core/base/result.h"
#include "core/embed/tokenizer/cut_rules.h"
#include "core/embed/tokenizer/pieces.h"

#include <memory>
#include <nlohmann/json_fwd.hpp>

namespace llmemory::embed {

/// A step that splits a normalised text: the "pre_tokenizer" of a tokenizer.json. Immutable, any
/// thread.
class PreTokenizer
{
public:
    PreTokenizer() = default;
    virtual ~PreTokenizer() = default;
    Q_DISABLE_COPY_MOVE(PreTokenizer)

    /// Splits, and perhaps rewrites, every piece. @param spare  room to work in
    virtual void apply(Pieces &pieces, Pieces &spare) const = 0;
    /// Notes in @p rules what this does as the first step.
    virtual void describe(CutRules &rules) const { Q_UNUSED(rules) }
    /// Whether a piece is handled without regard to where it stands.
    virtual bool treatsPiecesAlike() const { return true; }
};

/// The pre-tokeniser that a tokenizer.json describes. nullptr: none. Known are Sequence,
/// BertPreTokenizer, Whitespace, WhitespaceSplit, Metaspace, ByteLevel, Punctuation, Digits, Split
/// and CharDelimiterSplit, with the meaning that Hugging Face's tokenizers give them.
/// Error: Configuration, naming the component that is unknown or wrong.
Result<std::unique_ptr<const PreTokenizer>> makePreTokenizer(const nlohmann::json &description);

} // namespace llmemory::embed
