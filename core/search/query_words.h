#pragma once

#include <QString>
#include <QStringList>

namespace llmemory::search {

// Words as they are compared without a database. Pure; any thread.

/// The words of a text in any script: case and compatibility forms folded, without signs; scripts
/// without spaces are segmented as the index is. In the order of the text, repeated ones too.
QStringList foldedWords(const QString &text);

/// Whether a folded word is one of the 24 English words that the reference leaves out of a query.
bool isStopWord(const QString &word);

} // namespace llmemory::search
