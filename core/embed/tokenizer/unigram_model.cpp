#include "core/embed/tokenizer/unigram_model.h"

#include "core/embed/tokenizer/json_values.h"
#include "core/embed/tokenizer/vocabulary.h"

#include <algorithm>
#include <cmath>
#include <unicode/utf16.h>

namespace llmemory::embed {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

} // namespace

Result<std::unique_ptr<const PieceModel>> UnigramModel::make(const nlohmann::json &description)
{
    constexpr double kUnknownPenalty = 10; // SentencePiece's
    const auto *entries = member(description, "vocab");
    if (!entries || !entries->is_array() || entries->empty())
        return tokenizerError(tr("The model \"Unigram\" has no vocabulary."));
    std::unique_ptr<UnigramModel> model(new UnigramModel);
    const auto isEntry = [](const nlohmann::json &entry) {
        return entry.is_array() && entry.size() == 2 && entry[0].is_string() &&
               entry[1].is_number() && std::isfinite(entry[1].get<double>());
    };
    size_t units = 0;
    for (const auto &entry : *entries) {
        if (!isEntry(entry)) {
            return tokenizerError(
                tr("Entry %1 of the vocabulary of the model \"Unigram\" is not a token with its "
                   "score.")
                    .arg(model->m_scores.size()));
        }
        units += entry[0].get_ref<const std::string &>().size();
        model->m_scores.push_back(entry[1].get<double>());
    }
    model->m_pieces.reserve(units);
    std::vector<bool> inner(0x1'0000);
    quint32 id = 0;
    for (const auto &entry : *entries) {
        const auto token = unicode::fromUtf8(entry[0].get_ref<const std::string &>());
        for (size_t i = 1; i < token.size(); ++i)
            inner[token[i]] = true;
        if (!token.empty())
            model->m_pieces.insert(token, id);
        ++id;
    }
    for (size_t unit = 0; unit < inner.size(); ++unit) {
        if (inner[unit])
            model->m_innerUnits.push_back(char16_t(unit));
    }
    model->m_unknownScore =
        *std::min_element(model->m_scores.begin(), model->m_scores.end()) - kUnknownPenalty;
    model->m_unknown = numberMember(description, "unk_id");
    if (model->m_unknown && *model->m_unknown >= model->m_scores.size()) {
        return tokenizerError(
            tr("The unknown token of the model \"Unigram\" is not in its vocabulary."));
    }
    if (boolMember(description, "byte_fallback").value_or(false))
        model->m_bytes = byteTokens(model->m_pieces);
    return std::unique_ptr<const PieceModel>(std::move(model));
}

void UnigramModel::findBest(std::u16string_view piece,
                            std::vector<ModelScratch::Place> &places) const
{
    places.assign(piece.size() + 1, {0, PieceTrie::kNone, 0});
    const auto offer = [&](size_t begin, size_t end, double score, quint32 id) {
        ModelScratch::Place &place = places[end];
        if (place.length == 0 || score > place.score)
            place = {score, id, quint32(end - begin)};
    };
    for (size_t begin = 0; begin < piece.size();) {
        const double score = places[begin].score;
        const bool pair = U16_IS_LEAD(piece[begin]) && begin + 1 < piece.size();
        const size_t next = begin + (pair ? 2 : 1);
        bool single = false;
        quint32 node = PieceTrie::kRoot;
        for (size_t end = begin; end < piece.size();) {
            node = m_pieces.child(node, piece[end++]);
            if (node == PieceTrie::kNone)
                break;
            const quint32 id = m_pieces.idAt(node);
            if (id == PieceTrie::kNone)
                continue;
            offer(begin, end, score + m_scores[id], id);
            single = single || end == next;
        }
        if (!single)
            offer(begin, next, score + m_unknownScore, m_unknown.value_or(PieceTrie::kNone));
        begin = next;
    }
}

void UnigramModel::appendUnknown(std::u16string_view text, std::vector<quint32> &ids) const
{
    // Several unknown characters together may be a token that was too improbable.
    const quint32 whole = m_pieces.find(text);
    if (whole != PieceTrie::kNone) {
        ids.push_back(whole);
    } else if (!m_bytes.empty()) {
        for (const char byte : unicode::toUtf8(text))
            ids.push_back(m_bytes[quint8(byte)]);
    } else if (m_unknown) {
        ids.push_back(*m_unknown);
    }
}

void UnigramModel::encode(std::u16string_view piece,
                          ModelScratch &scratch,
                          std::vector<quint32> &ids) const
{
    findBest(piece, scratch.places);
    scratch.path.clear();
    for (size_t end = piece.size(); end > 0;) {
        const size_t begin = end - scratch.places[end].length;
        scratch.path.emplace_back(begin, end);
        end = begin;
    }
    const quint32 unknown = m_unknown.value_or(PieceTrie::kNone);
    for (size_t i = scratch.path.size(); i > 0;) {
        auto [begin, end] = scratch.path[--i];
        const quint32 id = scratch.places[end].id;
        if (id != unknown) {
            ids.push_back(id);
            continue;
        }
        while (i > 0 && scratch.places[scratch.path[i - 1].second].id == unknown)
            end = scratch.path[--i].second;
        appendUnknown(piece.substr(begin, end - begin), ids);
    }
}

std::optional<quint32> UnigramModel::idOf(std::u16string_view token) const
{
    const quint32 id = m_pieces.find(token);
    return id == PieceTrie::kNone ? std::nullopt : std::optional(id);
}

bool UnigramModel::separatesAt(char16_t mark) const
{
    return !std::binary_search(m_innerUnits.begin(), m_innerUnits.end(), mark);
}

} // namespace llmemory::embed
