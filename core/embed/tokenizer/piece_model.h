#pragma once

#include "core/base/result.h"

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace llmemory::embed {

/// Room for models to work in; one call at a time.
struct ModelScratch
{
    /// Unigram: the best way to each place of the piece.
    struct Place
    {
        double score;
        quint32 id;
        quint32 length; ///< of the last piece of the way, in units; 0 = no way yet
    };
    /// BPE: a symbol of the piece, in a list of the ones that are left.
    struct Symbol
    {
        quint32 id;
        qint32 previous;
        qint32 next;
        bool alive;
    };
    /// BPE: two neighbours that can be joined.
    struct Merge
    {
        quint32 rank;
        qint32 left;
        qint32 right;
        quint32 leftId;
        quint32 rightId;
        quint32 joinedId;
    };

    std::vector<Place> places;
    std::vector<std::pair<size_t, size_t>> path;
    std::vector<Symbol> symbols;
    std::vector<Merge> merges;
    std::u16string text;
};

/// Turns a piece of text into the ids of its tokens: the "model" of a tokenizer.json. Immutable,
/// any thread.
class PieceModel
{
public:
    PieceModel() = default;
    virtual ~PieceModel() = default;
    Q_DISABLE_COPY_MOVE(PieceModel)

    /// Adds the tokens of a piece. @param piece  well-formed UTF-16, not empty
    virtual void encode(std::u16string_view piece,
                        ModelScratch &scratch,
                        std::vector<quint32> &ids) const = 0;
    /// The id of a token; nothing when the vocabulary does not have it.
    virtual std::optional<quint32> idOf(std::u16string_view token) const = 0;
    /// The id that stands for what the vocabulary does not have, if any.
    virtual std::optional<quint32> unknownId() const = 0;
    /// One more than the largest id.
    virtual quint32 size() const = 0;
    /// Whether no token has @p mark behind its first character, so that a piece may be cut before
    /// each mark.
    virtual bool separatesAt(char16_t mark) const
    {
        Q_UNUSED(mark)
        return false;
    }
};

/// The model that a tokenizer.json describes: WordPiece, Unigram, BPE or WordLevel.
/// Error: Configuration, naming what is unknown or wrong.
Result<std::unique_ptr<const PieceModel>> makePieceModel(const nlohmann::json &description);

} // namespace llmemory::embed
