#include "core/embed/tokenizer/pre_tokenizer.h"

#include "core/embed/tokenizer/json_values.h"
#include "core/embed/tokenizer/piece_splitter.h"
#include "core/embed/tokenizer/replace_normalizer.h"

#include <algorithm>

namespace llmemory::embed {

namespace {

using Owned = std::unique_ptr<const PreTokenizer>;
using MakeResult = Result<Owned>;

constexpr int kDeepest = 16; ///< Sequences in Sequences

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

class Sequence final : public PreTokenizer
{
public:
    explicit Sequence(std::vector<Owned> steps) : m_steps(std::move(steps)) {}
    void apply(Pieces &pieces, Pieces &spare) const override
    {
        for (const auto &step : m_steps)
            step->apply(pieces, spare);
    }
    void describe(CutRules &rules) const override
    {
        if (m_steps.empty())
            return;
        m_steps.front()->describe(rules);
        const bool alike = std::all_of(m_steps.begin() + 1, m_steps.end(), [](const Owned &step) {
            return step->treatsPiecesAlike();
        });
        rules.splitsWords = rules.splitsWords && alike;
        rules.marksWords = rules.marksWords && m_steps.size() == 1;
    }
    bool treatsPiecesAlike() const override
    {
        return std::all_of(m_steps.begin(), m_steps.end(), [](const Owned &step) {
            return step->treatsPiecesAlike();
        });
    }

private:
    std::vector<Owned> m_steps;
};

/// White space dropped, then punctuation isolated.
class Bert final : public PreTokenizer
{
public:
    void apply(Pieces &pieces, Pieces &spare) const override
    {
        spare.spans.clear();
        spare.spans.swap(pieces.spans);
        for (const Pieces::Span &span : spare.spans) {
            size_t begin = span.begin;
            const auto add = [&](size_t end) {
                pieces.add(begin, end, span.first && begin == span.begin);
            };
            for (size_t i = span.begin; i < span.end;) {
                const size_t at = i;
                UChar32 c = 0;
                U16_NEXT(pieces.text.data(), i, span.end, c);
                const bool punctuation = unicode::isPunctuation(c);
                if (!punctuation && !unicode::isWhitespace(c))
                    continue;
                add(at);
                begin = at;
                if (punctuation)
                    add(i);
                begin = i;
            }
            add(span.end);
        }
    }
    void describe(CutRules &rules) const override
    {
        rules.splitsWords = true;
        rules.isolatesPunctuation = true;
    }
};

/// Words, and runs of what is neither word nor white space: `\w+|[^\w\s]+`.
class Whitespace final : public PreTokenizer
{
public:
    void apply(Pieces &pieces, Pieces &spare) const override
    {
        enum class Kind { Space, Word, Other };
        spare.spans.clear();
        spare.spans.swap(pieces.spans);
        for (const Pieces::Span &span : spare.spans) {
            Kind kind = Kind::Space;
            size_t begin = span.begin;
            const auto flush = [&](size_t end) {
                if (kind != Kind::Space)
                    pieces.add(begin, end, span.first && begin == span.begin);
                begin = end;
            };
            for (size_t i = span.begin; i < span.end;) {
                const size_t at = i;
                UChar32 c = 0;
                U16_NEXT(pieces.text.data(), i, span.end, c);
                const Kind here = unicode::isWordCharacter(c) ? Kind::Word
                                  : unicode::isWhitespace(c)  ? Kind::Space
                                                              : Kind::Other;
                if (here != kind)
                    flush(at);
                kind = here;
            }
            flush(span.end);
        }
    }
    void describe(CutRules &rules) const override { rules.splitsWords = true; }
};

class WhitespaceSplit final : public PreTokenizer
{
public:
    void apply(Pieces &pieces, Pieces &spare) const override
    {
        splitAtCharacters(pieces, spare, SplitBehavior::Removed, unicode::isWhitespace);
    }
    void describe(CutRules &rules) const override { rules.splitsWords = true; }
};

/// Splits at characters of a kind.
template <typename Matches>
class CharacterSplit final : public PreTokenizer
{
public:
    CharacterSplit(SplitBehavior behavior, Matches matches)
        : m_behavior(behavior), m_matches(std::move(matches))
    {
    }
    void apply(Pieces &pieces, Pieces &spare) const override
    {
        splitAtCharacters(pieces, spare, m_behavior, m_matches);
    }

private:
    const SplitBehavior m_behavior;
    const Matches m_matches;
};

template <typename Matches>
Owned characterSplit(SplitBehavior behavior, Matches matches)
{
    return Owned(new CharacterSplit<Matches>(behavior, std::move(matches)));
}

/// Writes spaces as a mark, by default U+2581, and splits before each mark.
class Metaspace final : public PreTokenizer
{
public:
    static MakeResult make(const nlohmann::json &description)
    {
        const auto replacement = textMember(description, "replacement").value_or(u"\u2581");
        const auto oldPrefix = boolMember(description, "add_prefix_space");
        const auto scheme = textMember(description, "prepend_scheme")
                                .value_or(oldPrefix.value_or(true) ? u"always" : u"never");
        if (replacement.size() != 1)
            return tokenizerError(tr("A pre-tokenizer \"Metaspace\" has no mark for spaces."));
        std::unique_ptr<Metaspace> metaspace(new Metaspace);
        metaspace->m_mark = replacement[0];
        if (scheme == u"always") {
            metaspace->m_prepend = Prepend::Always;
        } else if (scheme == u"first") {
            metaspace->m_prepend = Prepend::First;
        } else if (scheme != u"never") {
            return tokenizerError(
                tr("A pre-tokenizer \"Metaspace\" has the unknown prepend_scheme \"%1\".")
                    .arg(QString::fromStdU16String(scheme)));
        }
        metaspace->m_splits = boolMember(description, "split").value_or(true);
        return Owned(std::move(metaspace));
    }
    void apply(Pieces &pieces, Pieces &spare) const override
    {
        spare.text.clear();
        spare.spans.clear();
        for (const Pieces::Span &span : pieces.spans) {
            const auto piece = pieces.at(span);
            const size_t begin = spare.text.size();
            const bool marked = piece.front() == m_mark || piece.front() == u' ';
            if (!marked &&
                (m_prepend == Prepend::Always || (m_prepend == Prepend::First && span.first)))
                spare.text.push_back(m_mark);
            spare.text.append(piece);
            std::replace(
                spare.text.begin() + std::ptrdiff_t(begin), spare.text.end(), u' ', m_mark);
            addSpans(spare, {begin, spare.text.size(), span.first});
        }
        std::swap(pieces, spare);
    }
    void describe(CutRules &rules) const override
    {
        rules.marksWords = m_prepend == Prepend::Always;
        rules.mark = m_mark;
        rules.splitsAtMarks = m_splits;
    }
    bool treatsPiecesAlike() const override { return m_prepend != Prepend::First; }

private:
    enum class Prepend { Never, First, Always };

    Metaspace() = default;

    void addSpans(Pieces &pieces, const Pieces::Span &span) const
    {
        PieceSplitter splitter(pieces, span, SplitBehavior::MergedWithNext);
        for (size_t i = span.begin; m_splits && i < span.end; ++i) {
            if (pieces.text[i] == m_mark)
                splitter.match(i, i + 1);
        }
        splitter.finish();
    }

    char16_t m_mark = u'\u2581';
    Prepend m_prepend = Prepend::Never;
    bool m_splits = true;
};

/// Splits by a regular expression or a fixed text.
class Split final : public PreTokenizer
{
public:
    Split(QRegularExpression regex, SplitBehavior behavior, bool invert)
        : m_regex(std::move(regex)), m_behavior(behavior), m_invert(invert)
    {
    }
    void apply(Pieces &pieces, Pieces &spare) const override
    {
        spare.spans.clear();
        spare.spans.swap(pieces.spans);
        for (const Pieces::Span &span : spare.spans) {
            PieceSplitter splitter(pieces, span, m_behavior);
            const QStringView view =
                QStringView(pieces.text)
                    .mid(qsizetype(span.begin), qsizetype(span.end - span.begin));
            size_t done = span.begin;
            const auto segment = [&](size_t end, bool match) {
                if (done < end) {
                    if (match != m_invert)
                        splitter.match(done, end);
                    else
                        splitter.other(end);
                }
                done = end;
            };
            for (qsizetype from = 0; from < view.size();) {
                const auto match =
                    m_regex.match(view,
                                  from,
                                  QRegularExpression::NormalMatch,
                                  QRegularExpression::DontCheckSubjectStringMatchOption);
                if (!match.hasMatch())
                    break;
                from = match.capturedEnd();
                if (match.capturedLength() == 0) { // it splits nothing, but must not hold us up
                    from += from + 1 < view.size() && view[from].isHighSurrogate() ? 2 : 1;
                    continue;
                }
                segment(span.begin + size_t(match.capturedStart()), false);
                segment(span.begin + size_t(match.capturedEnd()), true);
            }
            segment(span.end, false);
            splitter.finish();
        }
    }

private:
    const QRegularExpression m_regex;
    const SplitBehavior m_behavior;
    const bool m_invert;
};

/// Characters that stand for the UTF-8 bytes, after a split like GPT-2's.
class ByteLevel final : public PreTokenizer
{
public:
    static MakeResult make(const nlohmann::json &description)
    {
        std::unique_ptr<ByteLevel> byteLevel(new ByteLevel);
        byteLevel->m_addsSpace = boolMember(description, "add_prefix_space").value_or(true);
        if (boolMember(description, "use_regex").value_or(true)) {
            // The pattern of GPT-2's encoder.
            auto regex = compileRegex(u"'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+|"
                                      u" ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");
            if (!regex)
                return regex.error();
            byteLevel->m_split =
                std::make_unique<Split>(std::move(*regex), SplitBehavior::Isolated, false);
        }
        return Owned(std::move(byteLevel));
    }
    void apply(Pieces &pieces, Pieces &spare) const override
    {
        if (m_addsSpace) {
            spare.text.clear();
            spare.spans.clear();
            for (const Pieces::Span &span : pieces.spans) {
                const auto piece = pieces.at(span);
                const size_t begin = spare.text.size();
                if (piece.front() != u' ')
                    spare.text.push_back(u' ');
                spare.text.append(piece);
                spare.add(begin, spare.text.size(), span.first);
            }
            std::swap(pieces, spare);
        }
        if (m_split)
            m_split->apply(pieces, spare);
        spare.text.clear();
        spare.spans.clear();
        for (const Pieces::Span &span : pieces.spans) {
            const size_t begin = spare.text.size();
            unicode::appendBytes(spare.text, pieces.at(span));
            spare.add(begin, spare.text.size(), span.first);
        }
        std::swap(pieces, spare);
    }

private:
    ByteLevel() = default;

    bool m_addsSpace = true;
    std::unique_ptr<const Split> m_split; ///< nullptr: no split
};

std::optional<SplitBehavior> behaviorOf(const nlohmann::json &description)
{
    const auto name = textMember(description, "behavior").value_or(u"Isolated");
    if (name == u"Removed")
        return SplitBehavior::Removed;
    if (name == u"Isolated")
        return SplitBehavior::Isolated;
    if (name == u"MergedWithPrevious")
        return SplitBehavior::MergedWithPrevious;
    if (name == u"MergedWithNext")
        return SplitBehavior::MergedWithNext;
    if (name == u"Contiguous")
        return SplitBehavior::Contiguous;
    return std::nullopt;
}

Error unknownBehavior(const QString &type)
{
    return tokenizerError(tr("A pre-tokenizer \"%1\" has an unknown behavior.").arg(type));
}

MakeResult makeSplit(const nlohmann::json &description)
{
    const auto *pattern = member(description, "pattern");
    const auto literal = pattern ? textMember(*pattern, "String") : std::nullopt;
    const auto regex = pattern ? textMember(*pattern, "Regex") : std::nullopt;
    if ((!literal && !regex) || (literal && literal->empty()))
        return tokenizerError(tr("A pre-tokenizer \"Split\" has no pattern."));
    const auto behavior = behaviorOf(description);
    if (!behavior)
        return unknownBehavior(QStringLiteral("Split"));
    const auto source =
        regex ? *regex
              : QRegularExpression::escape(QString::fromStdU16String(*literal)).toStdU16String();
    auto compiled = compileRegex(source);
    if (!compiled)
        return compiled.error();
    return Owned(new Split(
        std::move(*compiled), *behavior, boolMember(description, "invert").value_or(false)));
}

MakeResult makeAt(const nlohmann::json &description, int depth);

MakeResult makeSequence(const nlohmann::json &description, int depth)
{
    const auto *list = member(description, "pretokenizers");
    if (!list || !list->is_array() || depth >= kDeepest)
        return tokenizerError(tr("A pre-tokenizer \"Sequence\" has no list of pre-tokenizers."));
    std::vector<Owned> steps;
    for (const auto &child : *list) {
        auto step = makeAt(child, depth + 1);
        if (!step)
            return step.error();
        if (*step)
            steps.push_back(std::move(*step));
    }
    return Owned(new Sequence(std::move(steps)));
}

MakeResult makeAt(const nlohmann::json &description, int depth)
{
    if (description.is_null())
        return Owned();
    const QString type = typeOf(description);
    if (type == QLatin1String("Sequence"))
        return makeSequence(description, depth);
    if (type == QLatin1String("BertPreTokenizer"))
        return Owned(new Bert);
    if (type == QLatin1String("Whitespace"))
        return Owned(new Whitespace);
    if (type == QLatin1String("WhitespaceSplit"))
        return Owned(new WhitespaceSplit);
    if (type == QLatin1String("Metaspace"))
        return Metaspace::make(description);
    if (type == QLatin1String("ByteLevel"))
        return ByteLevel::make(description);
    if (type == QLatin1String("Split"))
        return makeSplit(description);
    if (type == QLatin1String("Punctuation")) {
        const auto behavior = behaviorOf(description);
        if (!behavior)
            return unknownBehavior(type);
        return characterSplit(*behavior, unicode::isPunctuation);
    }
    if (type == QLatin1String("Digits")) {
        const bool single = boolMember(description, "individual_digits").value_or(false);
        return characterSplit(single ? SplitBehavior::Isolated : SplitBehavior::Contiguous,
                              unicode::isNumber);
    }
    if (type == QLatin1String("CharDelimiterSplit")) {
        const auto delimiter = textMember(description, "delimiter").value_or(std::u16string());
        if (delimiter.size() != 1)
            return tokenizerError(tr("A pre-tokenizer \"%1\" has no delimiter.").arg(type));
        return characterSplit(SplitBehavior::Removed,
                              [c = UChar32(delimiter[0])](UChar32 other) { return c == other; });
    }
    return tokenizerError(tr("The pre-tokenizer \"%1\" is not supported.").arg(type));
}

} // namespace

Result<std::unique_ptr<const PreTokenizer>> makePreTokenizer(const nlohmann::json &description)
{
    return makeAt(description, 0);
}

} // namespace llmemory::embed
