#pragma once

#include <QStringList>

#include <initializer_list>

namespace llmemory::testing {

/// A list of UTF-8 literals.
inline QStringList strings(std::initializer_list<const char *> texts)
{
    QStringList list;
    for (const char *text : texts)
        list.append(QString::fromUtf8(text));
    return list;
}

} // namespace llmemory::testing
