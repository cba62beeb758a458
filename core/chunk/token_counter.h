#pragma once

#include <QStringView>

#include <vector>

namespace llmemory::chunk {

/// One token: `text.mid(start, length)`, UTF-16 code units.
struct TokenSpan
{
    qint32 start = 0;
    qint32 length = 0;
    qint32 end() const { return start + length; }
    friend bool operator==(const TokenSpan &, const TokenSpan &) = default;
};

/// Approximates the tokens of a byte-pair encoding such as cl100k_base without its vocabulary:
/// - a letter run in tokens of up to 7 ASCII letters; letters that such vocabularies know less well
///   cost more (accented Latin 2-3 a token, Greek, Cyrillic, Arabic, Hebrew 2, other alphabets 1);
/// - digits by three; Han, Kana, Hangul, Thai, Lao, Khmer and Burmese characters one each;
/// - one punctuation mark or two, up to 16 of the same, emoji one each;
/// - white space up to 16 a token, line breaks apart, a single space belongs to the word after it;
/// - combining marks belong to the character before them, up to 8.
/// The spans follow each other without gap from 0 to the end of @p text and never split a surrogate
/// pair. No text is special. O(n). Pure; any thread. @p text has fewer than 2^31 code units.
std::vector<TokenSpan> tokenSpans(QStringView text);

/// Number of spans of tokenSpans(), without making them.
qsizetype countTokens(QStringView text);

} // namespace llmemory::chunk
