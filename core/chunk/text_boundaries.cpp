#include "core/chunk/text_boundaries.h"

#include <QChar>
#include <QTextBoundaryFinder>

#include <algorithm>

namespace llmemory::chunk {

namespace {

/// Closing marks that may stand between a full stop and the space, at most.
constexpr int kMostClosers = 4;
/// White space skipped when looking for what follows or precedes.
constexpr int kMostSpace = 64;
/// Code units on either side of a cut that are looked at for a grapheme cluster.
constexpr qsizetype kGraphemeContext = 64;

bool endsSentenceBeforeSpace(char16_t c)
{
    return c == u'.' || c == u'!' || c == u'?' || c == u'\u2026' || c == u'\u203D' ||
           c == u'\u037E';
}

/// Full stops after which no space is needed.
bool endsSentenceAlways(char16_t c)
{
    switch (c) {
    case u'\u3002': // ideographic full stop
    case u'\uFF01': // full-width exclamation mark
    case u'\uFF1F': // full-width question mark
    case u'\uFF61': // half-width ideographic full stop
    case u'\u061F': // Arabic question mark
    case u'\u06D4': // Urdu full stop
    case u'\u0964': // danda
    case u'\u0965': // double danda
    case u'\u104B': // Burmese section
    case u'\u1362': // Ethiopic full stop
    case u'\u1367': // Ethiopic question mark
    case u'\u0589': // Armenian full stop
    case u'\u17D4': // Khmer khan
        return true;
    default:
        return false;
    }
}

bool isCloser(char16_t c)
{
    if (c == u'"' || c == u'\'')
        return true;
    switch (QChar::category(char32_t(c))) {
    case QChar::Punctuation_Close:
    case QChar::Punctuation_FinalQuote:
        return true;
    case QChar::Punctuation_InitialQuote: // “ and « close in German and others
        return c == u'\u201C' || c == u'\u00AB';
    default:
        return false;
    }
}

bool isSoftPunctuation(char16_t c)
{
    return c == u',' || c == u';' || c == u':';
}

/// Commas, semicolons and colons of scripts that write no space after them, and their kin.
bool isSoftAlways(char16_t c)
{
    switch (c) {
    case u'\uFF0C':
    case u'\u3001':
    case u'\uFF1B':
    case u'\uFF1A':
    case u'\u060C':
    case u'\u061B':
    case u'\u104A':
        return true;
    default:
        return false;
    }
}

/// Whether a line without text ends just before @p pos.
bool isAfterBlankLine(QStringView text, qsizetype pos)
{
    if (text[pos - 1] != u'\n')
        return false;
    for (qsizetype i = pos - 2; i >= 0 && i >= pos - kMostSpace; --i) {
        if (text[i] == u'\n')
            return true;
        if (!text[i].isSpace())
            return false;
    }
    return false;
}

/// Whether the full stop at @p stop follows an initial or a short ordinal.
bool isAbbreviating(QStringView text, qsizetype stop)
{
    qsizetype word = stop;
    while (word > 0 && stop - word < 3 && text[word - 1].isLetterOrNumber())
        --word;
    const qsizetype length = stop - word;
    if (length == 1 && text[word].isUpper())
        return true;
    return length > 0 && length <= 2 &&
           std::all_of(
               text.begin() + word, text.begin() + stop, [](QChar c) { return c.isDigit(); });
}

bool lowerCaseFollows(QStringView text, qsizetype pos)
{
    const qsizetype end = std::min<qsizetype>(text.size(), pos + kMostSpace);
    for (; pos < end; ++pos) {
        if (text[pos] == u'\n')
            return false;
        if (!text[pos].isSpace())
            return text[pos].isLower();
    }
    return false;
}

template <typename Judge>
qsizetype lastWhere(qsizetype from, qsizetype to, Judge judge)
{
    for (qsizetype pos = to; pos >= from; --pos) {
        if (judge(pos))
            return pos;
    }
    return -1;
}

template <typename Judge>
qsizetype firstWhere(qsizetype from, qsizetype to, Judge judge)
{
    for (qsizetype pos = from; pos <= to; ++pos) {
        if (judge(pos))
            return pos;
    }
    return -1;
}

bool isSoftBreak(QStringView text, qsizetype pos)
{
    const char16_t before = text[pos - 1].unicode();
    if (before == u'\n' || isSoftAlways(before))
        return true;
    return isSoftPunctuation(before) && (pos == text.size() || text[pos].isSpace());
}

bool isWordStart(QStringView text, qsizetype pos)
{
    return text[pos - 1].isSpace() && (pos == text.size() || !text[pos].isSpace());
}

/// Characters next to which no cluster extends over the cut (CR LF apart).
bool isPlain(QChar c)
{
    constexpr char16_t kFirstCombining = 0x0300;
    return c.unicode() < kFirstCombining && c != u'\r' && c != u'\n';
}

} // namespace

bool isSentenceEnd(QStringView text, qsizetype pos)
{
    if (pos <= 0 || pos > text.size())
        return false;
    if (isAfterBlankLine(text, pos))
        return true;
    const bool spaceFollows = pos == text.size() || text[pos].isSpace();
    const bool closerFollows = !spaceFollows && isCloser(text[pos].unicode());
    if (closerFollows)
        return false;
    qsizetype stop = pos - 1;
    for (int i = 0; i < kMostClosers && stop > 0 && isCloser(text[stop].unicode()); ++i)
        --stop;
    const char16_t mark = text[stop].unicode();
    if (endsSentenceAlways(mark))
        return pos == text.size() || !endsSentenceAlways(text[pos].unicode());
    if (!spaceFollows || !endsSentenceBeforeSpace(mark))
        return false;
    return mark != u'.' || (!isAbbreviating(text, stop) && !lowerCaseFollows(text, pos));
}

qsizetype lastSentenceEnd(QStringView text, qsizetype from, qsizetype to)
{
    return lastWhere(std::max<qsizetype>(from, 1),
                     std::min(to, text.size()),
                     [text](qsizetype pos) { return isSentenceEnd(text, pos); });
}

qsizetype firstSentenceEnd(QStringView text, qsizetype from, qsizetype to)
{
    return firstWhere(std::max<qsizetype>(from, 1),
                      std::min(to, text.size()),
                      [text](qsizetype pos) { return isSentenceEnd(text, pos); });
}

qsizetype lastSoftBreak(QStringView text, qsizetype from, qsizetype to)
{
    return lastWhere(std::max<qsizetype>(from, 1),
                     std::min(to, text.size()),
                     [text](qsizetype pos) { return isSoftBreak(text, pos); });
}

qsizetype lastWordStart(QStringView text, qsizetype from, qsizetype to)
{
    return lastWhere(std::max<qsizetype>(from, 1),
                     std::min(to, text.size()),
                     [text](qsizetype pos) { return isWordStart(text, pos); });
}

qsizetype firstWordStart(QStringView text, qsizetype from, qsizetype to)
{
    return firstWhere(std::max<qsizetype>(from, 1),
                      std::min(to, text.size()),
                      [text](qsizetype pos) { return isWordStart(text, pos); });
}

qsizetype graphemeStart(QStringView text, qsizetype pos)
{
    if (pos <= 0 || pos >= text.size() || (isPlain(text[pos - 1]) && isPlain(text[pos])))
        return std::clamp<qsizetype>(pos, 0, text.size());
    qsizetype from = pos;
    while (from > 0 && pos - from < kGraphemeContext && !(from < pos && isPlain(text[from])))
        --from;
    if (text[from].isLowSurrogate() && from > 0)
        --from;
    const qsizetype to = std::min(text.size(), pos + kGraphemeContext);
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, text.mid(from, to - from));
    finder.setPosition(pos - from);
    if (finder.isAtBoundary())
        return pos;
    return from + std::max<qsizetype>(finder.toPreviousBoundary(), 0);
}

qsizetype skipSpace(QStringView text, qsizetype pos, qsizetype end)
{
    qsizetype first = pos;
    while (first < end && text[first].isSpace())
        ++first;
    return first == pos || first == end ? first : std::max(pos, graphemeStart(text, first));
}

} // namespace llmemory::chunk
