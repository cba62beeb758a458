#include "core/embed/tokenizer/normalizer.h"

#include "core/embed/tokenizer/json_values.h"
#include "core/embed/tokenizer/precompiled_charsmap.h"
#include "core/embed/tokenizer/replace_normalizer.h"

#include <algorithm>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/utf16.h>
#include <vector>

namespace llmemory::embed {

namespace {

using MakeResult = Result<std::unique_ptr<const Normalizer>>;

constexpr int kDeepest = 16; ///< Sequences in Sequences

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

bool isAscii(const std::u16string &text)
{
    char16_t bits = 0;
    for (const char16_t unit : text)
        bits |= unit;
    return bits < CutRules::kAscii;
}

/// Rewrites a text character by character. @p map  (UChar32, std::u16string &target)
template <typename Map>
void rewrite(std::u16string &text, std::u16string &spare, const Map &map)
{
    spare.clear();
    for (size_t i = 0; i < text.size();) {
        UChar32 c = 0;
        U16_NEXT(text.data(), i, text.size(), c);
        map(c, spare);
    }
    text.swap(spare);
}

void normalizeForm(const icu::Normalizer2 &form, std::u16string &text)
{
    if (isAscii(text))
        return;
    UErrorCode status = U_ZERO_ERROR;
    const icu::UnicodeString source(false, text.data(), int32_t(text.size()));
    const int32_t done = form.spanQuickCheckYes(source, status);
    if (U_FAILURE(status) || done == source.length())
        return;
    const icu::UnicodeString result = form.normalize(source, status);
    if (U_SUCCESS(status))
        text.assign(result.getBuffer(), size_t(result.length()));
}

class Sequence final : public Normalizer
{
public:
    explicit Sequence(std::vector<std::unique_ptr<const Normalizer>> steps)
        : m_steps(std::move(steps))
    {
    }
    void apply(std::u16string &text, std::u16string &spare) const override
    {
        for (const auto &step : m_steps)
            step->apply(text, spare);
    }
    void describe(CutRules &rules) const override
    {
        for (const auto &step : m_steps)
            step->describe(rules);
    }

private:
    std::vector<std::unique_ptr<const Normalizer>> m_steps;
};

class UnicodeForm final : public Normalizer
{
public:
    using Getter = const icu::Normalizer2 *(*)(UErrorCode &);

    static MakeResult make(Getter getter)
    {
        UErrorCode status = U_ZERO_ERROR;
        const icu::Normalizer2 *form = getter(status);
        if (U_FAILURE(status) || !form) {
            return tokenizerError(
                tr("The Unicode data of the ICU library cannot be read. Install ICU again."));
        }
        return std::unique_ptr<const Normalizer>(new UnicodeForm(*form));
    }
    void apply(std::u16string &text, std::u16string &) const override
    {
        normalizeForm(m_form, text);
    }
    void describe(CutRules &rules) const override
    {
        // Compatibility forms make spaces of other characters.
        rules.collapses = rules.strips = false;
    }

private:
    explicit UnicodeForm(const icu::Normalizer2 &form) : m_form(form) {}
    const icu::Normalizer2 &m_form;
};

class Bert final : public Normalizer
{
public:
    static MakeResult make(const nlohmann::json &description)
    {
        UErrorCode status = U_ZERO_ERROR;
        const icu::Normalizer2 *nfd = icu::Normalizer2::getNFDInstance(status);
        if (U_FAILURE(status) || !nfd) {
            return tokenizerError(
                tr("The Unicode data of the ICU library cannot be read. Install ICU again."));
        }
        std::unique_ptr<Bert> bert(new Bert(*nfd));
        bert->m_cleans = boolMember(description, "clean_text").value_or(true);
        bert->m_spacesIdeographs = boolMember(description, "handle_chinese_chars").value_or(true);
        bert->m_lowers = boolMember(description, "lowercase").value_or(true);
        bert->m_stripsAccents = boolMember(description, "strip_accents").value_or(bert->m_lowers);
        return std::unique_ptr<const Normalizer>(std::move(bert));
    }
    void apply(std::u16string &text, std::u16string &spare) const override
    {
        const bool ascii = isAscii(text);
        if (m_cleans || (m_spacesIdeographs && !ascii)) {
            rewrite(text, spare, [this](UChar32 c, std::u16string &target) { clean(c, target); });
        }
        if (m_stripsAccents && !ascii) {
            normalizeForm(m_nfd, text);
            rewrite(text, spare, [](UChar32 c, std::u16string &target) {
                if (!unicode::isNonspacingMark(c))
                    unicode::append(target, c);
            });
        }
        if (m_lowers)
            rewrite(text, spare, [](UChar32 c, std::u16string &target) {
                unicode::appendLower(target, c);
            });
    }
    void describe(CutRules &rules) const override { rules.collapses = rules.strips = false; }

private:
    explicit Bert(const icu::Normalizer2 &nfd) : m_nfd(nfd) {}

    void clean(UChar32 c, std::u16string &target) const
    {
        constexpr UChar32 kReplacement = 0xFFFD;
        if (m_cleans) {
            if (c == 0 || c == kReplacement || unicode::isControl(c))
                return;
            if (unicode::isWhitespace(c)) {
                target.push_back(u' ');
                return;
            }
        }
        const bool spaced = m_spacesIdeographs && unicode::isIdeograph(c);
        if (spaced)
            target.push_back(u' ');
        unicode::append(target, c);
        if (spaced)
            target.push_back(u' ');
    }

    const icu::Normalizer2 &m_nfd;
    bool m_cleans = true;
    bool m_spacesIdeographs = true;
    bool m_lowers = true;
    bool m_stripsAccents = true;
};

class Lowercase final : public Normalizer
{
public:
    void apply(std::u16string &text, std::u16string &spare) const override
    {
        if (isAscii(text)) {
            for (char16_t &unit : text) {
                if (unit >= u'A' && unit <= u'Z')
                    unit = char16_t(unit + (u'a' - u'A'));
            }
            return;
        }
        rewrite(text, spare, [](UChar32 c, std::u16string &target) {
            unicode::appendLower(target, c);
        });
    }
    void describe(CutRules &) const override {}
};

class StripAccents final : public Normalizer
{
public:
    void apply(std::u16string &text, std::u16string &spare) const override
    {
        if (isAscii(text))
            return;
        rewrite(text, spare, [](UChar32 c, std::u16string &target) {
            if (!unicode::isMark(c))
                unicode::append(target, c);
        });
    }
    void describe(CutRules &) const override {}
};

class Strip final : public Normalizer
{
public:
    Strip(bool left, bool right) : m_left(left), m_right(right) {}
    void apply(std::u16string &text, std::u16string &) const override
    {
        // No white space is beyond the first plane.
        if (m_right) {
            while (!text.empty() && unicode::isWhitespace(text.back()))
                text.pop_back();
        }
        if (m_left) {
            text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), [](char16_t unit) {
                           return unicode::isWhitespace(unit);
                       }));
        }
    }
    void describe(CutRules &rules) const override
    {
        if (m_left && m_right)
            rules.strips = true;
    }

private:
    const bool m_left;
    const bool m_right;
};

class Prepend final : public Normalizer
{
public:
    explicit Prepend(std::u16string text) : m_text(std::move(text)) {}
    void apply(std::u16string &text, std::u16string &) const override
    {
        if (!text.empty())
            text.insert(0, m_text);
    }
    void describe(CutRules &rules) const override { rules.normalizesWords = false; }

private:
    const std::u16string m_text;
};

/// The rules of SentencePiece's "nmt" for control characters and odd spaces.
class Nmt final : public Normalizer
{
public:
    void apply(std::u16string &text, std::u16string &spare) const override
    {
        rewrite(text, spare, [](UChar32 c, std::u16string &target) {
            if ((c >= 0x1 && c <= 0x8) || c == 0xB || (c >= 0xE && c <= 0x1F) || c == 0x7F ||
                c == 0x8F || c == 0x9F)
                return;
            const bool space = c == 0x9 || c == 0xA || c == 0xC || c == 0xD || c == 0x1680 ||
                               (c >= 0x200B && c <= 0x200F) || c == 0x2028 || c == 0x2029 ||
                               c == 0x2581 || c == 0xFEFF || c == 0xFFFD;
            unicode::append(target, space ? ' ' : c);
        });
    }
    void describe(CutRules &rules) const override { rules.collapses = rules.strips = false; }
};

class ByteLevel final : public Normalizer
{
public:
    void apply(std::u16string &text, std::u16string &spare) const override
    {
        spare.clear();
        unicode::appendBytes(spare, text);
        text.swap(spare);
    }
    void describe(CutRules &rules) const override { rules.normalizesWords = false; }
};

MakeResult makeAt(const nlohmann::json &description, int depth);

MakeResult makeSequence(const nlohmann::json &description, int depth)
{
    const auto *list = member(description, "normalizers");
    if (!list || !list->is_array() || depth >= kDeepest)
        return tokenizerError(tr("A normalizer \"Sequence\" has no list of normalizers."));
    std::vector<std::unique_ptr<const Normalizer>> steps;
    for (const auto &child : *list) {
        auto step = makeAt(child, depth + 1);
        if (!step)
            return step.error();
        if (*step)
            steps.push_back(std::move(*step));
    }
    return std::unique_ptr<const Normalizer>(new Sequence(std::move(steps)));
}

MakeResult makeAt(const nlohmann::json &description, int depth)
{
    using Owned = std::unique_ptr<const Normalizer>;
    if (description.is_null())
        return Owned();
    const QString type = typeOf(description);
    if (type == QLatin1String("Sequence"))
        return makeSequence(description, depth);
    if (type == QLatin1String("BertNormalizer"))
        return Bert::make(description);
    if (type == QLatin1String("NFC"))
        return UnicodeForm::make(icu::Normalizer2::getNFCInstance);
    if (type == QLatin1String("NFD"))
        return UnicodeForm::make(icu::Normalizer2::getNFDInstance);
    if (type == QLatin1String("NFKC"))
        return UnicodeForm::make(icu::Normalizer2::getNFKCInstance);
    if (type == QLatin1String("NFKD"))
        return UnicodeForm::make(icu::Normalizer2::getNFKDInstance);
    if (type == QLatin1String("Lowercase"))
        return Owned(new Lowercase);
    if (type == QLatin1String("StripAccents"))
        return Owned(new StripAccents);
    if (type == QLatin1String("Strip")) {
        return Owned(new Strip(boolMember(description, "strip_left").value_or(true),
                               boolMember(description, "strip_right").value_or(true)));
    }
    if (type == QLatin1String("Replace"))
        return ReplaceNormalizer::make(description);
    if (type == QLatin1String("Prepend")) {
        const auto text = textMember(description, "prepend");
        if (!text)
            return tokenizerError(tr("A normalizer \"Prepend\" has no text."));
        return Owned(new Prepend(*text));
    }
    if (type == QLatin1String("Nmt"))
        return Owned(new Nmt);
    if (type == QLatin1String("Precompiled"))
        return PrecompiledCharsmap::make(description);
    if (type == QLatin1String("ByteLevel"))
        return Owned(new ByteLevel);
    return tokenizerError(tr("The normalizer \"%1\" is not supported.").arg(type));
}

} // namespace

Result<std::unique_ptr<const Normalizer>> makeNormalizer(const nlohmann::json &description)
{
    return makeAt(description, 0);
}

} // namespace llmemory::embed
