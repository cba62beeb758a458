#pragma once

#include <QList>
#include <QStringList>

namespace llmemory::migrate {

/// The first words of each statement of a script, in upper case, at most six a statement; for
/// looking at what a script does, never for cutting it up. Comments, strings, quoted names and
/// function bodies do not count. Pure.
QList<QStringList> statementWords(const QString &sql);

} // namespace llmemory::migrate
