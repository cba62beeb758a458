#pragma once

#include "core/embed/tokenizer/piece_model.h"
#include "core/embed/tokenizer/piece_trie.h"

#include <array>

namespace llmemory::embed {

/// A unigram language model (Kudo, Subword Regularization, ACL 2018): of all ways to write a piece
/// as tokens, the one with the greatest sum of their scores (log probabilities), found by dynamic
/// programming. A character that is no token counts 10 less than the smallest score, as in
/// SentencePiece; runs of such characters become one unknown token, or bytes.
class UnigramModel final : public PieceModel
{
public:
    /// From {"vocab": [["token", score], …], "unk_id": …, "byte_fallback": …}.
    /// Error: Configuration
    static Result<std::unique_ptr<const PieceModel>> make(const nlohmann::json &description);

    void encode(std::u16string_view piece,
                ModelScratch &scratch,
                std::vector<quint32> &ids) const override;
    std::optional<quint32> idOf(std::u16string_view token) const override;
    std::optional<quint32> unknownId() const override { return m_unknown; }
    quint32 size() const override { return quint32(m_scores.size()); }
    bool separatesAt(char16_t mark) const override;

private:
    UnigramModel() = default;

    void findBest(std::u16string_view piece, std::vector<ModelScratch::Place> &places) const;
    void appendUnknown(std::u16string_view text, std::vector<quint32> &ids) const;

    PieceTrie m_pieces;
    std::vector<double> m_scores;
    double m_unknownScore = 0;
    std::optional<quint32> m_unknown;
    std::vector<quint32> m_bytes; ///< by byte; empty = no fallback
    std::u16string m_innerUnits;  ///< sorted units that stand behind the first of a token
};

} // namespace llmemory::embed
