#pragma once

#include <QString>
#include <QStringView>

namespace llmemory::language {

/// Whether @p text has characters of a script that is written without spaces between words:
/// Chinese, Japanese, Thai, Lao, Khmer, Burmese. Korean has spaces. Pure; any thread.
bool needsSegmentation(QStringView text);

/// @p text with a space between the words of such scripts (by ICU's dictionaries) and between them
/// and other letters, so that PostgreSQL's parser sees words. Everything else is unchanged; a text
/// without such scripts comes back as it is, without a copy. Where ICU has no dictionaries, every
/// character becomes a word. Index and query must both go through it. Any thread.
QString segmentedWords(const QString &text);

} // namespace llmemory::language
