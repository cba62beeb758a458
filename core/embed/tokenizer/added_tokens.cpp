#include "core/embed/tokenizer/added_tokens.h"

#include "core/embed/tokenizer/json_values.h"

#include <algorithm>
#include <unicode/utf16.h>

namespace llmemory::embed {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

bool endsWithWord(std::u16string_view text)
{
    if (text.empty())
        return false;
    size_t i = text.size();
    UChar32 c = 0;
    U16_PREV(text.data(), 0, i, c);
    return unicode::isWordCharacter(c);
}

bool startsWithWord(std::u16string_view text)
{
    if (text.empty())
        return false;
    size_t i = 0;
    UChar32 c = 0;
    U16_NEXT(text.data(), i, text.size(), c);
    return unicode::isWordCharacter(c);
}

} // namespace

Result<AddedTokens> AddedTokens::read(const nlohmann::json &list, const Normalizer *normalizer)
{
    AddedTokens added;
    if (list.is_null())
        return added;
    if (!list.is_array())
        return tokenizerError(tr("The added tokens are no list."));
    std::u16string spare;
    for (const auto &entry : list) {
        const auto content = textMember(entry, "content");
        const auto id = numberMember(entry, "id");
        constexpr quint32 kMostIds = 1 << 24;
        if (!content || !id || *id >= kMostIds) {
            return tokenizerError(
                tr("An added token of the tokenizer has no text or no proper number."));
        }
        if (content->empty())
            continue;
        const bool special = boolMember(entry, "special").value_or(false);
        const bool normalized = boolMember(entry, "normalized").value_or(!special);
        Token token{*content,
                    *id,
                    boolMember(entry, "single_word").value_or(false),
                    boolMember(entry, "lstrip").value_or(false),
                    boolMember(entry, "rstrip").value_or(false)};
        if (normalized && normalizer)
            normalizer->apply(token.text, spare);
        added.m_names.insert(*content, *id);
        added.m_size = std::max(added.m_size, *id + 1);
        if (token.text.empty())
            continue;
        Set &set = normalized ? added.m_normalized : added.m_raw;
        set.trie.insert(token.text, quint32(set.tokens.size()));
        set.tokens.push_back(std::move(token));
    }
    return added;
}

void AddedTokens::split(std::u16string_view text, Stage stage, std::vector<Part> &parts) const
{
    parts.clear();
    const Set &tokens = set(stage);
    size_t done = 0;
    for (size_t i = 0; i < text.size() && !tokens.tokens.empty();) {
        quint32 longest = PieceTrie::kNone;
        size_t end = i;
        quint32 node = PieceTrie::kRoot;
        for (size_t at = i; at < text.size();) {
            node = tokens.trie.child(node, text[at++]);
            if (node == PieceTrie::kNone)
                break;
            if (tokens.trie.idAt(node) != PieceTrie::kNone) {
                longest = tokens.trie.idAt(node);
                end = at;
            }
        }
        if (longest == PieceTrie::kNone) {
            ++i;
            continue;
        }
        const Token &token = tokens.tokens[longest];
        size_t begin = i;
        i = end;
        if (token.singleWord &&
            (endsWithWord(text.substr(0, begin)) || startsWithWord(text.substr(end))))
            continue;
        // No white space is beyond the first plane.
        while (token.stripsLeft && begin > done && unicode::isWhitespace(text[begin - 1]))
            --begin;
        while (token.stripsRight && end < text.size() && unicode::isWhitespace(text[end]))
            ++end;
        if (done < begin)
            parts.push_back({done, begin, PieceTrie::kNone});
        parts.push_back({begin, end, token.id});
        done = end;
        i = std::max(i, end);
    }
    if (done < text.size())
        parts.push_back({done, text.size(), PieceTrie::kNone});
}

void AddedTokens::describe(CutRules &rules) const
{
    for (const Set *tokens : {&m_raw, &m_normalized}) {
        for (const Token &token : tokens->tokens) {
            for (const char16_t unit : token.text) {
                if (unicode::isWhitespace(unit))
                    rules.normalizesWords = false;
            }
            // The first character is enough: a match begins there. In normalised text, any
            // character might have become it.
            if (token.text[0] < CutRules::kAscii && tokens == &m_raw)
                rules.joined[token.text[0]] = true;
            // A token that wants no letter beside it, or comes after normalisation, must see the
            // word as a whole.
            if (token.singleWord || tokens == &m_normalized)
                rules.joinsAll = true;
        }
    }
}

} // namespace llmemory::embed
