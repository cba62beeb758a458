#pragma once

#include "core/base/result.h"
#include "core/embed/tokenizer/normalizer.h"
#include "core/embed/tokenizer/piece_trie.h"

#include <nlohmann/json_fwd.hpp>

namespace llmemory::embed {

/// Tokens that are found in the text itself, before the model sees it: the "added_tokens" of a
/// tokenizer.json. Some are looked for in the raw text, the others, in normalised form, after
/// normalisation. The leftmost match counts, and of those the longest. Immutable, any thread.
class AddedTokens final
{
public:
    enum class Stage { Raw, Normalized };

    /// A part of a text: a token, or text between tokens.
    struct Part
    {
        size_t begin;
        size_t end;
        quint32 id; ///< PieceTrie::kNone for text
    };

    /// @param list        may be null: no tokens
    /// @param normalizer  of the tokenizer; may be nullptr
    /// Error: Configuration when an entry is no token with its number
    static Result<AddedTokens> read(const nlohmann::json &list, const Normalizer *normalizer);

    /// Whether a text must be split at this stage at all.
    bool isEmpty(Stage stage) const { return set(stage).tokens.empty(); }
    /// The parts of a text, in order, none of them empty.
    void split(std::u16string_view text, Stage stage, std::vector<Part> &parts) const;
    /// The id of a token; kNone when there is none of that name.
    quint32 find(std::u16string_view token) const { return m_names.find(token); }
    /// One more than the largest id; 0 without tokens.
    quint32 size() const { return m_size; }
    /// Notes the characters that tokens begin with or need their neighbours for.
    void describe(CutRules &rules) const;

private:
    struct Token
    {
        std::u16string text; ///< as it is looked for
        quint32 id;
        bool singleWord;
        bool stripsLeft;
        bool stripsRight;
    };
    struct Set
    {
        PieceTrie trie; ///< places in tokens
        std::vector<Token> tokens;
    };

    const Set &set(Stage stage) const { return stage == Stage::Raw ? m_raw : m_normalized; }

    Set m_raw;
    Set m_normalized;
    PieceTrie m_names;
    quint32 m_size = 0;
};

} // namespace llmemory::embed
