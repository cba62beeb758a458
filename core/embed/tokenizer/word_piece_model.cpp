#include "core/embed/tokenizer/word_piece_model.h"

#include "core/embed/tokenizer/json_values.h"

#include <unicode/utf16.h>

namespace llmemory::embed {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

size_t characters(std::u16string_view text)
{
    size_t count = 0;
    for (const char16_t unit : text)
        count += U16_IS_TRAIL(unit) ? 0 : 1;
    return count;
}

} // namespace

Result<std::unique_ptr<const PieceModel>> WordPieceModel::make(const nlohmann::json &description)
{
    const QString type = typeOf(description);
    auto vocabulary = Vocabulary::read(description, type);
    if (!vocabulary)
        return vocabulary.error();
    const auto unknown = textMember(description, "unk_token").value_or(u"[UNK]");
    std::unique_ptr<WordPieceModel> model(new WordPieceModel);
    model->m_vocabulary = std::move(*vocabulary);
    model->m_unknown = model->m_vocabulary.pieces.find(unknown);
    if (model->m_unknown == PieceTrie::kNone) {
        return tokenizerError(
            tr("The token \"%1\" for unknown words is not in the vocabulary of the model \"%2\".")
                .arg(QString::fromStdU16String(unknown), type));
    }
    model->m_wholeWords = type == QLatin1String("WordLevel");
    model->m_mostCharacters = numberMember(description, "max_input_chars_per_word").value_or(100);
    model->m_inside = model->m_vocabulary.pieces.walk(
        textMember(description, "continuing_subword_prefix").value_or(u"##"));
    return std::unique_ptr<const PieceModel>(std::move(model));
}

void WordPieceModel::encode(std::u16string_view piece,
                            ModelScratch &scratch,
                            std::vector<quint32> &ids) const
{
    Q_UNUSED(scratch)
    const PieceTrie &pieces = m_vocabulary.pieces;
    if (m_wholeWords) {
        const quint32 id = pieces.find(piece);
        ids.push_back(id == PieceTrie::kNone ? m_unknown : id);
        return;
    }
    const size_t before = ids.size();
    bool known = piece.size() <= m_mostCharacters || characters(piece) <= m_mostCharacters;
    for (size_t begin = 0; known && begin < piece.size();) {
        quint32 node = begin == 0 ? PieceTrie::kRoot : m_inside;
        quint32 longest = PieceTrie::kNone;
        size_t end = begin;
        for (size_t i = begin; node != PieceTrie::kNone && i < piece.size();) {
            node = pieces.child(node, piece[i++]);
            if (node != PieceTrie::kNone && pieces.idAt(node) != PieceTrie::kNone) {
                longest = pieces.idAt(node);
                end = i;
            }
        }
        known = longest != PieceTrie::kNone;
        ids.push_back(longest);
        begin = end;
    }
    if (!known) {
        ids.resize(before);
        ids.push_back(m_unknown);
    }
}

std::optional<quint32> WordPieceModel::idOf(std::u16string_view token) const
{
    const quint32 id = m_vocabulary.pieces.find(token);
    return id == PieceTrie::kNone ? std::nullopt : std::optional(id);
}

} // namespace llmemory::embed
