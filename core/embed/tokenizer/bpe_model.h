#pragma once

#include "core/embed/tokenizer/id_map.h"
#include "core/embed/tokenizer/piece_model.h"
#include "core/embed/tokenizer/vocabulary.h"

namespace llmemory::embed {

/// Byte pair encoding (Sennrich and others, Neural Machine Translation of Rare Words with Subword
/// Units, ACL 2016): a piece is its characters, of which the two neighbours with the earliest
/// merge, the leftmost ones first, are joined as long as there are any.
class BpeModel final : public PieceModel
{
public:
    /// From {"vocab": {…}, "merges": ["a b", …] or [["a", "b"], …], "unk_token", "fuse_unk",
    /// "byte_fallback", "ignore_merges", "continuing_subword_prefix", "end_of_word_suffix"}.
    /// "dropout" is for training and must be absent or 0. Error: Configuration
    static Result<std::unique_ptr<const PieceModel>> make(const nlohmann::json &description);

    void encode(std::u16string_view piece,
                ModelScratch &scratch,
                std::vector<quint32> &ids) const override;
    std::optional<quint32> idOf(std::u16string_view token) const override;
    std::optional<quint32> unknownId() const override { return m_unknown; }
    quint32 size() const override { return m_vocabulary.size; }

private:
    struct Joined
    {
        quint32 rank;
        quint32 id;
    };

    BpeModel() = default;

    Result<> readMerges(const nlohmann::json &description);
    Result<> addMerge(std::u16string_view left, std::u16string_view right);
    void splitIntoSymbols(std::u16string_view piece, ModelScratch &scratch) const;
    void offerMerge(qint32 left, qint32 right, ModelScratch &scratch) const;
    void joinSymbols(ModelScratch &scratch) const;

    Vocabulary m_vocabulary;
    IdMap m_merges; ///< the place in m_joined by the ids of both parts
    std::vector<Joined> m_joined;
    std::optional<quint32> m_unknown;
    bool m_fusesUnknown = false;
    bool m_ignoresMerges = false;
    std::vector<quint32> m_bytes; ///< by byte; empty = no fallback
    std::u16string m_prefix;
    std::u16string m_suffix;
};

} // namespace llmemory::embed
