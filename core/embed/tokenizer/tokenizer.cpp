#include "core/embed/tokenizer/tokenizer.h"

#include "core/embed/tokenizer/json_values.h"

#include <algorithm>
#include <unicode/utf16.h>

namespace llmemory::embed {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

const nlohmann::json &memberOrNull(const nlohmann::json &object, const char *name)
{
    static const nlohmann::json null;
    const auto *value = member(object, name);
    return value ? *value : null;
}

bool isAsciiSpace(char16_t unit)
{
    return unit == u' ' || unit == u'\n' || unit == u'\t' || unit == u'\r';
}

} // namespace

Result<Tokenizer> Tokenizer::read(const QByteArray &json)
{
    const auto root = nlohmann::json::parse(json.begin(), json.end(), nullptr, false);
    if (!root.is_object())
        return tokenizerError(tr("The tokenizer's file is not valid JSON."));
    auto normalizer = makeNormalizer(memberOrNull(root, "normalizer"));
    if (!normalizer)
        return normalizer.error();
    auto preTokenizer = makePreTokenizer(memberOrNull(root, "pre_tokenizer"));
    if (!preTokenizer)
        return preTokenizer.error();
    auto model = makePieceModel(memberOrNull(root, "model"));
    if (!model)
        return model.error();
    auto added = AddedTokens::read(memberOrNull(root, "added_tokens"), normalizer->get());
    if (!added)
        return added.error();
    Tokenizer tokenizer;
    tokenizer.m_normalizer = std::move(*normalizer);
    tokenizer.m_preTokenizer = std::move(*preTokenizer);
    tokenizer.m_model = std::move(*model);
    tokenizer.m_added = std::move(*added);
    tokenizer.planCutting();
    return tokenizer;
}

void Tokenizer::planCutting()
{
    CutRules rules;
    if (m_normalizer)
        m_normalizer->describe(rules);
    if (m_preTokenizer)
        m_preTokenizer->describe(rules);
    m_added.describe(rules);
    // With marks instead of white space, words stay apart if there is one mark before each and
    // neither a piece nor a token reaches over it.
    const bool marked = rules.marksWords && rules.collapses && rules.strips &&
                        (rules.splitsAtMarks || m_model->separatesAt(rules.mark));
    m_cutsWords = rules.normalizesWords && (rules.splitsWords || marked);
    m_readsGraphemes = rules.readsGraphemes;
    m_mark = marked ? rules.mark : u'\0';
    for (char16_t unit = 0; unit < CutRules::kAscii; ++unit) {
        const bool cut =
            rules.spaced[unit] ||
            (rules.isolatesPunctuation && unicode::isPunctuation(unit) && !rules.replaced[unit]);
        if (isAsciiSpace(unit))
            m_kinds[unit] = Space;
        else if (rules.joined[unit] || unit == m_mark)
            m_kinds[unit] = NotCut;
        else if (cut && !rules.joinsAll)
            m_kinds[unit] = Cut;
    }
}

void Tokenizer::encode(QStringView text, Scratch &scratch) const
{
    scratch.ids.clear();
    const std::u16string_view view(text.utf16(), size_t(text.size()));
    if (m_cutsWords) {
        if (encodeByWords(view, scratch))
            return;
        scratch.ids.clear();
    }
    appendTokens(view, !m_cutsWords, scratch);
}

void Tokenizer::encodeWhole(QStringView text, Scratch &scratch) const
{
    scratch.ids.clear();
    appendTokens({text.utf16(), size_t(text.size())}, false, scratch);
}

bool Tokenizer::encodeByWords(std::u16string_view text, Scratch &scratch) const
{
    const char16_t *const end = text.data() + text.size();
    for (const char16_t *unit = text.data(); unit != end;) {
        if (kindOf(*unit) == Space) {
            ++unit;
            continue;
        }
        const char16_t *const begin = unit;
        int kinds = InWord;
        for (; unit != end; ++unit) {
            const UnitKind kind = kindOf(*unit);
            if (kind == Space)
                break;
            kinds |= kind;
        }
        const std::u16string_view word(begin, size_t(unit - begin));
        if (kinds == Cut) {
            encodeAtCuts(word, scratch);
        } else {
            if (kinds != InWord && needsNeighbours(word))
                return false;
            encodeWord(word, scratch);
        }
    }
    return true;
}

bool Tokenizer::needsNeighbours(std::u16string_view word) const
{
    if (m_mark != 0 && word.find(m_mark) != std::u16string_view::npos)
        return true;
    if (!m_readsGraphemes)
        return false;
    size_t next = 0;
    UChar32 c = 0;
    U16_NEXT(word.data(), next, word.size(), c);
    return unicode::continuesGrapheme(c);
}

void Tokenizer::encodeAtCuts(std::u16string_view word, Scratch &scratch) const
{
    size_t begin = 0;
    for (size_t i = 0; i < word.size(); ++i) {
        if (m_kinds[word[i]] != Cut)
            continue;
        if (begin < i)
            encodeWord(word.substr(begin, i - begin), scratch);
        encodeWord(word.substr(i, 1), scratch);
        begin = i + 1;
    }
    if (begin < word.size())
        encodeWord(word.substr(begin), scratch);
}

void Tokenizer::encodeWord(std::u16string_view word, Scratch &scratch) const
{
    const bool remembers = word.size() <= WordCache::kMostUnits;
    if (remembers) {
        if (const WordCache::Slot *slot = scratch.m_cache.find(word)) {
            scratch.ids.insert(scratch.ids.end(), slot->ids, slot->ids + slot->count);
            return;
        }
    }
    const size_t before = scratch.ids.size();
    appendTokens(word, false, scratch);
    if (remembers)
        scratch.m_cache.insert(word, scratch.ids.data() + before, scratch.ids.size() - before);
}

void Tokenizer::appendTokens(std::u16string_view text, bool remembers, Scratch &scratch) const
{
    if (m_added.isEmpty(AddedTokens::Stage::Raw)) {
        scratch.m_text = text;
        appendNormalized(true, remembers, scratch);
        return;
    }
    m_added.split(text, AddedTokens::Stage::Raw, scratch.m_parts);
    for (const AddedTokens::Part &part : scratch.m_parts) {
        if (part.id != PieceTrie::kNone) {
            scratch.ids.push_back(part.id);
        } else {
            scratch.m_text = text.substr(part.begin, part.end - part.begin);
            appendNormalized(part.begin == 0, remembers, scratch);
        }
    }
}

void Tokenizer::appendNormalized(bool first, bool remembers, Scratch &scratch) const
{
    unicode::makeWellFormed(scratch.m_text);
    if (m_normalizer)
        m_normalizer->apply(scratch.m_text, scratch.m_spare);
    if (m_added.isEmpty(AddedTokens::Stage::Normalized)) {
        scratch.m_pieces.text = scratch.m_text;
        scratch.m_pieces.spans.clear();
        scratch.m_pieces.add(0, scratch.m_text.size(), first);
        appendPieces(remembers, scratch);
        return;
    }
    m_added.split(scratch.m_text, AddedTokens::Stage::Normalized, scratch.m_innerParts);
    for (const AddedTokens::Part &part : scratch.m_innerParts) {
        if (part.id != PieceTrie::kNone) {
            scratch.ids.push_back(part.id);
            continue;
        }
        const size_t length = part.end - part.begin;
        scratch.m_pieces.text.assign(scratch.m_text, part.begin, length);
        scratch.m_pieces.spans.clear();
        scratch.m_pieces.add(0, length, first && part.begin == 0);
        appendPieces(remembers, scratch);
    }
}

void Tokenizer::appendPieces(bool remembers, Scratch &scratch) const
{
    if (m_preTokenizer)
        m_preTokenizer->apply(scratch.m_pieces, scratch.m_sparePieces);
    for (const Pieces::Span &span : scratch.m_pieces.spans) {
        const auto piece = scratch.m_pieces.at(span);
        if (!remembers || piece.size() > WordCache::kMostUnits) {
            m_model->encode(piece, scratch.m_model, scratch.ids);
            continue;
        }
        if (const WordCache::Slot *slot = scratch.m_cache.find(piece)) {
            scratch.ids.insert(scratch.ids.end(), slot->ids, slot->ids + slot->count);
            continue;
        }
        const size_t before = scratch.ids.size();
        m_model->encode(piece, scratch.m_model, scratch.ids);
        scratch.m_cache.insert(piece, scratch.ids.data() + before, scratch.ids.size() - before);
    }
}

} // namespace llmemory::embed
