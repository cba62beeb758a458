#include "core/language/word_segmenter.h"

#include <QChar>

#include <memory>
#include <unicode/ubrk.h>

namespace llmemory::language {

namespace {

/// U+0E00 begins Thai, the first of these scripts in Unicode.
constexpr char16_t kFirstUnspaced = 0x0E00;

bool isUnspacedScript(char32_t c)
{
    switch (QChar::script(c)) {
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
    case QChar::Script_Bopomofo:
    case QChar::Script_Thai:
    case QChar::Script_Lao:
    case QChar::Script_Khmer:
    case QChar::Script_Myanmar:
        return true;
    default:
        return c == U'\u30FC'; // the long vowel mark of Japanese is common to two scripts
    }
}

char32_t codePointAt(QStringView text, qsizetype pos)
{
    const QChar c = text[pos];
    if (c.isHighSurrogate() && pos + 1 < text.size() && text[pos + 1].isLowSurrogate())
        return QChar::surrogateToUcs4(c, text[pos + 1]);
    return c.unicode();
}

bool isUnspacedAt(QStringView text, qsizetype pos)
{
    return text[pos].unicode() >= kFirstUnspaced && isUnspacedScript(codePointAt(text, pos));
}

qsizetype nextPosition(QStringView text, qsizetype pos)
{
    return pos + (QChar::requiresSurrogates(codePointAt(text, pos)) ? 2 : 1);
}

/// The first position from @p pos on where the script is unspaced, or no longer is.
qsizetype runEnd(QStringView text, qsizetype pos, bool unspaced)
{
    while (pos < text.size() && isUnspacedAt(text, pos) == unspaced)
        pos = nextPosition(text, pos);
    return pos;
}

struct CloseIterator
{
    void operator()(UBreakIterator *iterator) const { ubrk_close(iterator); }
};

/// This thread's iterator, as opening one takes long; null where ICU cannot make one.
UBreakIterator *wordIterator()
{
    thread_local const std::unique_ptr<UBreakIterator, CloseIterator> iterator = [] {
        UErrorCode status = U_ZERO_ERROR;
        UBreakIterator *opened = ubrk_open(UBRK_WORD, "", nullptr, 0, &status);
        return std::unique_ptr<UBreakIterator, CloseIterator>(U_SUCCESS(status) ? opened : nullptr);
    }();
    return iterator.get();
}

void appendCharacters(QString &out, QStringView run)
{
    for (qsizetype pos = 0; pos < run.size();) {
        const qsizetype next = nextPosition(run, pos);
        if (pos > 0)
            out += u' ';
        out += run.mid(pos, next - pos);
        pos = next;
    }
}

void appendWords(QString &out, QStringView run)
{
    UBreakIterator *iterator = wordIterator();
    UErrorCode status = U_ZERO_ERROR;
    if (iterator)
        ubrk_setText(iterator, run.utf16(), int32_t(run.size()), &status);
    if (!iterator || U_FAILURE(status)) {
        appendCharacters(out, run);
        return;
    }
    int32_t start = ubrk_first(iterator);
    for (int32_t end = ubrk_next(iterator); end != UBRK_DONE; end = ubrk_next(iterator)) {
        if (start > 0)
            out += u' ';
        out += run.mid(start, end - start);
        start = end;
    }
}

bool isWordCharacter(QChar c)
{
    return c.isLetterOrNumber() || c.isMark() || c.isSurrogate();
}

} // namespace

bool needsSegmentation(QStringView text)
{
    return runEnd(text, 0, false) < text.size();
}

QString segmentedWords(const QString &text)
{
    const QStringView view(text);
    qsizetype pos = runEnd(view, 0, false);
    if (pos == view.size())
        return text;
    QString out;
    out.reserve(text.size() * 3 / 2);
    out += view.left(pos);
    while (pos < view.size()) {
        const qsizetype end = runEnd(view, pos, true);
        if (pos > 0 && isWordCharacter(view[pos - 1]))
            out += u' ';
        appendWords(out, view.mid(pos, end - pos));
        if (end < view.size() && isWordCharacter(view[end]))
            out += u' ';
        pos = runEnd(view, end, false);
        out += view.mid(end, pos - end);
    }
    return out;
}

} // namespace llmemory::language
