#include "core/embed/tokenizer/vocabulary.h"

#include "core/embed/tokenizer/json_values.h"

namespace llmemory::embed {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

} // namespace

Result<Vocabulary> Vocabulary::read(const nlohmann::json &description, const QString &model)
{
    const auto *entries = member(description, "vocab");
    if (!entries || !entries->is_object() || entries->empty())
        return tokenizerError(tr("The model \"%1\" has no vocabulary.").arg(model));
    size_t units = 0;
    for (const auto &entry : entries->items())
        units += entry.key().size();
    Vocabulary vocabulary;
    vocabulary.pieces.reserve(units);
    const quint64 mostIds = quint64(entries->size()) * 16 + 65'536; // ids may have gaps
    for (const auto &entry : entries->items()) {
        const auto id = numberOf(entry.value());
        if (!id || *id >= mostIds) {
            return tokenizerError(
                tr("The vocabulary of the model \"%1\" has a token without a proper number.")
                    .arg(model));
        }
        vocabulary.pieces.insert(unicode::fromUtf8(entry.key()), *id);
        vocabulary.size = std::max(vocabulary.size, *id + 1);
    }
    return vocabulary;
}

std::vector<quint32> byteTokens(const PieceTrie &pieces)
{
    std::vector<quint32> ids;
    for (int byte = 0; byte < 256; ++byte) {
        const QString name =
            QStringLiteral("<0x%1>").arg(QString::number(byte, 16).toUpper(), 2, QLatin1Char('0'));
        const quint32 id = pieces.find(name.toStdU16String());
        if (id == PieceTrie::kNone)
            return {};
        ids.push_back(id);
    }
    return ids;
}

} // namespace llmemory::embed
