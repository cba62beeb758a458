#include "core/embed/tokenizer/bpe_model.h"

#include "core/embed/tokenizer/json_values.h"

#include <algorithm>
#include <unicode/utf16.h>

namespace llmemory::embed {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

/// Earliest merge first, then the leftmost place; for a heap, which has its greatest on top.
bool isLater(const ModelScratch::Merge &a, const ModelScratch::Merge &b)
{
    return a.rank != b.rank ? a.rank > b.rank : a.left > b.left;
}

} // namespace

Result<std::unique_ptr<const PieceModel>> BpeModel::make(const nlohmann::json &description)
{
    auto vocabulary = Vocabulary::read(description, QStringLiteral("BPE"));
    if (!vocabulary)
        return vocabulary.error();
    const auto *dropout = member(description, "dropout");
    if (dropout && (!dropout->is_number() || dropout->get<double>() != 0))
        return tokenizerError(tr("The model \"BPE\" has a dropout, which is not supported."));
    std::unique_ptr<BpeModel> model(new BpeModel);
    model->m_vocabulary = std::move(*vocabulary);
    if (const auto unknown = textMember(description, "unk_token")) {
        model->m_unknown = model->idOf(*unknown);
        if (!model->m_unknown) {
            return tokenizerError(
                tr("The token \"%1\" for unknown words is not in the vocabulary "
                   "of the model \"%2\".")
                    .arg(QString::fromStdU16String(*unknown), QStringLiteral("BPE")));
        }
    }
    model->m_fusesUnknown = boolMember(description, "fuse_unk").value_or(false);
    model->m_ignoresMerges = boolMember(description, "ignore_merges").value_or(false);
    if (boolMember(description, "byte_fallback").value_or(false))
        model->m_bytes = byteTokens(model->m_vocabulary.pieces);
    model->m_prefix = textMember(description, "continuing_subword_prefix").value_or(u"");
    model->m_suffix = textMember(description, "end_of_word_suffix").value_or(u"");
    if (auto ok = model->readMerges(description); !ok)
        return ok.error();
    return std::unique_ptr<const PieceModel>(std::move(model));
}

Result<> BpeModel::readMerges(const nlohmann::json &description)
{
    const auto *merges = member(description, "merges");
    if (!merges || !merges->is_array())
        return tokenizerError(tr("The model \"BPE\" has no list of merges."));
    m_merges.reserve(merges->size());
    m_joined.reserve(merges->size());
    for (const auto &merge : *merges) {
        std::u16string left;
        std::u16string right;
        if (merge.is_string()) {
            const auto both = unicode::fromUtf8(merge.get_ref<const std::string &>());
            const size_t space = both.find(u' ');
            left = both.substr(0, space);
            right = space == std::u16string::npos ? std::u16string() : both.substr(space + 1);
        } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() &&
                   merge[1].is_string()) {
            left = unicode::fromUtf8(merge[0].get_ref<const std::string &>());
            right = unicode::fromUtf8(merge[1].get_ref<const std::string &>());
        }
        if (auto ok = addMerge(left, right); !ok)
            return ok;
    }
    return {};
}

Result<> BpeModel::addMerge(std::u16string_view left, std::u16string_view right)
{
    const auto leftId = idOf(left);
    const auto rightId = idOf(right);
    std::u16string joined(left);
    joined.append(right.substr(std::min(right.size(), m_prefix.size())));
    const auto joinedId = idOf(joined);
    if (!leftId || !rightId || !joinedId) {
        return tokenizerError(
            tr("Merge %1 of the model \"BPE\" is not of tokens of its vocabulary.")
                .arg(m_joined.size()));
    }
    m_merges[(quint64(*leftId) << 32) | *rightId] = quint32(m_joined.size());
    m_joined.push_back({quint32(m_joined.size()), *joinedId});
    return {};
}

void BpeModel::splitIntoSymbols(std::u16string_view piece, ModelScratch &scratch) const
{
    scratch.symbols.clear();
    const auto add = [&](quint32 id) {
        const auto index = qint32(scratch.symbols.size());
        scratch.symbols.push_back({id, index - 1, index + 1, true});
    };
    bool unknownBefore = false;
    for (size_t i = 0; i < piece.size();) {
        const size_t begin = i;
        U16_FWD_1(piece.data(), i, piece.size());
        scratch.text.assign(begin == 0 ? std::u16string_view() : m_prefix)
            .append(piece.substr(begin, i - begin))
            .append(i == piece.size() ? std::u16string_view(m_suffix) : std::u16string_view());
        const quint32 id = m_vocabulary.pieces.find(scratch.text);
        const bool known = id != PieceTrie::kNone;
        if (known) {
            add(id);
        } else if (!m_bytes.empty()) {
            for (const char byte : unicode::toUtf8(scratch.text))
                add(m_bytes[quint8(byte)]);
        } else if (m_unknown && !(unknownBefore && m_fusesUnknown)) {
            add(*m_unknown);
        }
        unknownBefore = !known && m_bytes.empty();
    }
    if (!scratch.symbols.empty())
        scratch.symbols.back().next = -1;
}

void BpeModel::offerMerge(qint32 left, qint32 right, ModelScratch &scratch) const
{
    if (left < 0 || right < 0)
        return;
    const quint32 leftId = scratch.symbols[size_t(left)].id;
    const quint32 rightId = scratch.symbols[size_t(right)].id;
    const quint32 place = m_merges.find((quint64(leftId) << 32) | rightId);
    if (place == IdMap::kNone)
        return;
    scratch.merges.push_back(
        {m_joined[place].rank, left, right, leftId, rightId, m_joined[place].id});
    std::push_heap(scratch.merges.begin(), scratch.merges.end(), isLater);
}

void BpeModel::joinSymbols(ModelScratch &scratch) const
{
    auto &symbols = scratch.symbols;
    scratch.merges.clear();
    for (qint32 i = 1; i < qint32(symbols.size()); ++i)
        offerMerge(i - 1, i, scratch);
    while (!scratch.merges.empty()) {
        std::pop_heap(scratch.merges.begin(), scratch.merges.end(), isLater);
        const ModelScratch::Merge merge = scratch.merges.back();
        scratch.merges.pop_back();
        auto &left = symbols[size_t(merge.left)];
        auto &right = symbols[size_t(merge.right)];
        const bool stale = !left.alive || !right.alive || left.next != merge.right ||
                           left.id != merge.leftId || right.id != merge.rightId;
        if (stale)
            continue;
        left.id = merge.joinedId;
        left.next = right.next;
        right.alive = false;
        if (right.next >= 0)
            symbols[size_t(right.next)].previous = merge.left;
        offerMerge(left.previous, merge.left, scratch);
        offerMerge(merge.left, left.next, scratch);
    }
}

void BpeModel::encode(std::u16string_view piece,
                      ModelScratch &scratch,
                      std::vector<quint32> &ids) const
{
    if (m_ignoresMerges) {
        if (const auto whole = idOf(piece)) {
            ids.push_back(*whole);
            return;
        }
    }
    splitIntoSymbols(piece, scratch);
    joinSymbols(scratch);
    for (const auto &symbol : scratch.symbols) {
        if (symbol.alive)
            ids.push_back(symbol.id);
    }
}

std::optional<quint32> BpeModel::idOf(std::u16string_view token) const
{
    const quint32 id = token.empty() ? PieceTrie::kNone : m_vocabulary.pieces.find(token);
    return id == PieceTrie::kNone ? std::nullopt : std::optional(id);
}

} // namespace llmemory::embed
