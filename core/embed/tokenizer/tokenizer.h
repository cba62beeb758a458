#pragma once

#include "core/embed/tokenizer/added_tokens.h"
#include "core/embed/tokenizer/piece_model.h"
#include "core/embed/tokenizer/pre_tokenizer.h"
#include "core/embed/tokenizer/word_cache.h"

#include <QByteArray>
#include <QStringView>

namespace llmemory::embed {

/// Turns text into token ids as a tokenizer.json of Hugging Face's tokenizers says, without the
/// special tokens of its post-processor, truncation or padding, as Model2Vec does.
///
/// Where the steps of the file allow it, a text is cut into words first and the tokens of each word
/// are remembered, which gives the same ids; how, says CutRules. Immutable, any thread.
class Tokenizer final
{
public:
    /// Room to work in and remembered words: for one call at a time, and for one tokenizer only.
    class Scratch
    {
    public:
        std::vector<quint32> ids; ///< what encode() found

    private:
        friend class Tokenizer;
        WordCache m_cache;
        ModelScratch m_model;
        std::u16string m_text;
        std::u16string m_spare;
        Pieces m_pieces;
        Pieces m_sparePieces;
        std::vector<AddedTokens::Part> m_parts;
        std::vector<AddedTokens::Part> m_innerParts;
    };

    /// @param json  the content of a tokenizer.json
    /// Error: Configuration with a whole sentence on the component that is unknown or wrong
    static Result<Tokenizer> read(const QByteArray &json);

    /// Puts the ids of the tokens of @p text into scratch.ids, the unknown ones among them. Lone
    /// surrogates count as U+FFFD. @param text  of any length; empty gives no ids
    void encode(QStringView text, Scratch &scratch) const;
    /// The same without cutting and remembering.
    void encodeWhole(QStringView text, Scratch &scratch) const;

    /// The id that encode() gives for what the vocabulary does not have, if it gives any.
    std::optional<quint32> unknownId() const { return m_model->unknownId(); }
    /// One more than the largest id.
    quint32 size() const { return std::max(m_model->size(), m_added.size()); }
    /// Whether encode() cuts texts into words.
    bool cutsWords() const { return m_cutsWords; }

private:
    /// What a UTF-16 unit is to encode(), as bits.
    enum UnitKind : quint8 {
        InWord = 0,
        Space = 1,    ///< between words
        Cut = 2,      ///< a token by itself, if all of the word is ASCII
        NotCut = 4,   ///< the word must be taken as a whole
        NotAscii = 8, ///< the same
    };

    Tokenizer() = default;

    void planCutting();
    UnitKind kindOf(char16_t unit) const
    {
        return unit < CutRules::kAscii ? m_kinds[unit] : NotAscii;
    }
    bool encodeByWords(std::u16string_view text, Scratch &scratch) const;
    void encodeWord(std::u16string_view word, Scratch &scratch) const;
    void encodeAtCuts(std::u16string_view word, Scratch &scratch) const;
    bool needsNeighbours(std::u16string_view word) const;
    void appendTokens(std::u16string_view text, bool remembers, Scratch &scratch) const;
    void appendNormalized(bool first, bool remembers, Scratch &scratch) const;
    void appendPieces(bool remembers, Scratch &scratch) const;

    std::unique_ptr<const Normalizer> m_normalizer;     ///< nullptr: none
    std::unique_ptr<const PreTokenizer> m_preTokenizer; ///< nullptr: none
    std::unique_ptr<const PieceModel> m_model;
    AddedTokens m_added;
    bool m_cutsWords = false;
    bool m_readsGraphemes = false;
    char16_t m_mark = 0; ///< words with it cannot be cut off; 0 = there is none
    std::array<UnitKind, CutRules::kAscii> m_kinds{};
};

} // namespace llmemory::embed
