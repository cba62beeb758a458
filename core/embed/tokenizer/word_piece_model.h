#pragma once

#include "core/embed/tokenizer/piece_model.h"
#include "core/embed/tokenizer/vocabulary.h"

namespace llmemory::embed {

/// BERT's WordPiece: the longest token that the rest of a word begins with, again and again; a word
/// is unknown as a whole when some rest begins with none, or it is too long. Also WordLevel, which
/// knows words as a whole only.
class WordPieceModel final : public PieceModel
{
public:
    /// From a "WordPiece" or "WordLevel". Error: Configuration
    static Result<std::unique_ptr<const PieceModel>> make(const nlohmann::json &description);

    void encode(std::u16string_view piece,
                ModelScratch &scratch,
                std::vector<quint32> &ids) const override;
    std::optional<quint32> idOf(std::u16string_view token) const override;
    std::optional<quint32> unknownId() const override { return m_unknown; }
    quint32 size() const override { return m_vocabulary.size; }

private:
    WordPieceModel() = default;

    Vocabulary m_vocabulary;
    quint32 m_unknown = 0;
    bool m_wholeWords = false;
    size_t m_mostCharacters = 100;
    quint32 m_inside = PieceTrie::kNone; ///< node of the prefix of tokens inside a word
};

} // namespace llmemory::embed
