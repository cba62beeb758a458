#include "core/chunk/token_counter.h"

#include <QChar>

#include <array>

namespace llmemory::chunk {

namespace {

enum class Kind : quint8 { Space, LineBreak, Letter, Digit, Dense, Mark, Other };

struct CharClass
{
    Kind kind = Kind::Other;
    quint8 cost = 0; ///< of a letter, out of kWordBudget a token
};

constexpr int kWordBudget = 14;
constexpr quint8 kAsciiCost = 2;
constexpr quint8 kAccentedLatinCost = 5;
constexpr quint8 kCommonAlphabetCost = 7;
constexpr quint8 kOtherAlphabetCost = 14;
constexpr int kDigitsPerToken = 3;
constexpr int kLongestRepeat = 16;
constexpr int kMostMarks = 8;

constexpr std::array<CharClass, 128> asciiClasses()
{
    std::array<CharClass, 128> classes{};
    for (const char c : {' ', '\t', '\v', '\f'})
        classes.at(size_t(c)) = {Kind::Space, 0};
    for (const char c : {'\n', '\r'})
        classes.at(size_t(c)) = {Kind::LineBreak, 0};
    for (char c = '0'; c <= '9'; ++c)
        classes.at(size_t(c)) = {Kind::Digit, 0};
    for (char c = 'a'; c <= 'z'; ++c)
        classes.at(size_t(c)) = {Kind::Letter, kAsciiCost};
    for (char c = 'A'; c <= 'Z'; ++c)
        classes.at(size_t(c)) = {Kind::Letter, kAsciiCost};
    return classes;
}

constexpr std::array<CharClass, 128> kAscii = asciiClasses();

CharClass letterClass(char32_t c)
{
    switch (QChar::script(c)) {
    case QChar::Script_Latin:
        return {Kind::Letter, kAccentedLatinCost};
    case QChar::Script_Greek:
    case QChar::Script_Cyrillic:
    case QChar::Script_Arabic:
    case QChar::Script_Hebrew:
        return {Kind::Letter, kCommonAlphabetCost};
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
    case QChar::Script_Hangul:
    case QChar::Script_Bopomofo:
    case QChar::Script_Thai:
    case QChar::Script_Lao:
    case QChar::Script_Khmer:
    case QChar::Script_Myanmar:
        return {Kind::Dense, 0};
    default:
        return {Kind::Letter, kOtherAlphabetCost};
    }
}

CharClass classOf(char32_t c)
{
    if (c < kAscii.size())
        return kAscii[c];
    constexpr char32_t kZeroWidthJoiner = 0x200D;
    if (c == kZeroWidthJoiner || QChar::isMark(c))
        return {Kind::Mark, 0};
    if (QChar::isLetter(c))
        return letterClass(c);
    if (QChar::isSpace(c))
        return {Kind::Space, 0};
    if (QChar::isNumber(c))
        return {Kind::Digit, 0};
    return {Kind::Other, 0};
}

/// Walks a text token by token.
class Scanner
{
public:
    explicit Scanner(QStringView text) : m_text(text.utf16()), m_size(text.size()) {}

    bool atEnd() const { return m_pos >= m_size; }
    qsizetype position() const { return m_pos; }

    /// Moves past the next token.
    void next()
    {
        const char32_t first = codePoint();
        const CharClass firstClass = classOf(first);
        switch (firstClass.kind) {
        case Kind::LineBreak:
            skipRun(Kind::LineBreak, kLongestRepeat);
            break;
        case Kind::Space:
            space();
            break;
        case Kind::Letter:
            word();
            break;
        case Kind::Digit:
            skipRun(Kind::Digit, kDigitsPerToken);
            break;
        case Kind::Dense:
            advance();
            marks();
            break;
        case Kind::Mark:
            marks();
            break;
        case Kind::Other:
            other(first);
            break;
        }
    }

private:
    char32_t codePoint() const
    {
        const char16_t unit = m_text[m_pos];
        if (QChar::isHighSurrogate(unit) && m_pos + 1 < m_size &&
            QChar::isLowSurrogate(m_text[m_pos + 1]))
            return QChar::surrogateToUcs4(unit, m_text[m_pos + 1]);
        return unit;
    }

    void advance() { m_pos += QChar::requiresSurrogates(codePoint()) ? 2 : 1; }

    bool nextIs(Kind kind) const { return !atEnd() && classOf(codePoint()).kind == kind; }

    void skipRun(Kind kind, int most)
    {
        for (int i = 0; i < most && nextIs(kind); ++i)
            advance();
    }

    void marks() { skipRun(Kind::Mark, kMostMarks); }

    void word()
    {
        int spent = 0;
        while (!atEnd()) {
            const CharClass c = classOf(codePoint());
            if (c.kind != Kind::Letter || spent + c.cost > kWordBudget)
                return;
            spent += c.cost;
            advance();
            marks();
        }
    }

    void space()
    {
        const qsizetype start = m_pos;
        skipRun(Kind::Space, kLongestRepeat);
        if (atEnd())
            return;
        const Kind kind = classOf(codePoint()).kind;
        const bool leads = kind == Kind::Letter || kind == Kind::Dense || kind == Kind::Other;
        if (!leads)
            return;
        if (m_pos - start > 1)
            --m_pos; // spaces are single code units; the last one begins the next token
        else
            next();
    }

    void other(char32_t first)
    {
        advance();
        marks();
        if (QChar::requiresSurrogates(first))
            return;
        const bool apostrophe = first == U'\'' || first == U'\u2019';
        if (apostrophe && nextIs(Kind::Letter)) {
            word();
            return;
        }
        int repeats = 1;
        while (!atEnd() && codePoint() == first && repeats < kLongestRepeat) {
            advance();
            ++repeats;
        }
        if (repeats == 1 && nextIs(Kind::Other) && !QChar::requiresSurrogates(codePoint()))
            advance();
        marks();
    }

    const char16_t *m_text;
    qsizetype m_size;
    qsizetype m_pos = 0;
};

} // namespace

std::vector<TokenSpan> tokenSpans(QStringView text)
{
    std::vector<TokenSpan> spans;
    spans.reserve(size_t(text.size() / 4 + 1));
    for (Scanner scanner(text); !scanner.atEnd();) {
        const qsizetype start = scanner.position();
        scanner.next();
        spans.push_back({qint32(start), qint32(scanner.position() - start)});
    }
    return spans;
}

qsizetype countTokens(QStringView text)
{
    qsizetype count = 0;
    for (Scanner scanner(text); !scanner.atEnd(); ++count)
        scanner.next();
    return count;
}

} // namespace llmemory::chunk
