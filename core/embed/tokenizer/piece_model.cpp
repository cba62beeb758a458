#include "core/embed/tokenizer/piece_model.h"

#include "core/embed/tokenizer/bpe_model.h"
#include "core/embed/tokenizer/json_values.h"
#include "core/embed/tokenizer/unigram_model.h"
#include "core/embed/tokenizer/word_piece_model.h"

namespace llmemory::embed {

Result<std::unique_ptr<const PieceModel>> makePieceModel(const nlohmann::json &description)
{
    QString type = typeOf(description);
    // Old files do not name the type; their members tell.
    if (type.isEmpty() && member(description, "merges"))
        type = QStringLiteral("BPE");
    else if (type.isEmpty() && member(description, "unk_id"))
        type = QStringLiteral("Unigram");
    else if (type.isEmpty() && member(description, "continuing_subword_prefix"))
        type = QStringLiteral("WordPiece");
    if (type == QLatin1String("WordPiece") || type == QLatin1String("WordLevel"))
        return WordPieceModel::make(description);
    if (type == QLatin1String("Unigram"))
        return UnigramModel::make(description);
    if (type == QLatin1String("BPE"))
        return BpeModel::make(description);
    return tokenizerError(QCoreApplication::translate(
                              "llmemory::embed", "The tokenizer's model \"%1\" is not supported.")
                              .arg(type));
}

} // namespace llmemory::embed
