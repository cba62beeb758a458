#pragma once

#include "core/base/result.h"
#include "core/embed/tokenizer/piece_trie.h"

#include <nlohmann/json_fwd.hpp>

namespace llmemory::embed {

/// Reads {"token": id, …}, as WordPiece, BPE and WordLevel have it.
struct Vocabulary
{
    PieceTrie pieces;
    quint32 size = 0; ///< one more than the largest id

    /// @param description  the model, whose member "vocab" is read
    /// @param model        its name, for messages
    /// Error: Configuration when there is none, or an id is no number or out of all proportion.
    static Result<Vocabulary> read(const nlohmann::json &description, const QString &model);
};

/// The ids of the tokens <0x00> to <0xFF>, for text that the vocabulary does not have; empty when
/// one of them is missing.
std::vector<quint32> byteTokens(const PieceTrie &pieces);

} // namespace llmemory::embed
