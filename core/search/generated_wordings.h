#pragma once

#include <QString>
#include <QStringList>

namespace llmemory::search {

/// What a text generator is asked for other wordings of a query. Pure.
/// @param meaning  the query without fields and signs, see meaningOf(). @param most  wordings, > 0.
QString wordingInstruction(const QString &meaning, int most);

/// The wordings in its answer: a line each, without numbers, bullets and quotes before and around
/// them; empty lines, repeated ones, those like the query and those of more than 200 characters are
/// left out. Pure. @param most  how many at most.
QStringList wordingsOf(const QString &answer, const QString &meaning, int most);

} // namespace llmemory::search
