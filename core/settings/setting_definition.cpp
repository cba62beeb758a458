#include "core/settings/setting_definition.h"

#include "core/settings/setting_table.h"

#include <QCoreApplication>

namespace llmemory::settings {

const QList<Definition> &definitions()
{
    static const QList<Definition> table = makeTable();
    return table;
}

const Definition &definition(Key key)
{
    for (const Definition &candidate : definitions()) {
        if (candidate.key == key)
            return candidate;
    }
    Q_UNREACHABLE();
}

const Definition *findDefinition(const QString &name)
{
    for (const Definition &candidate : definitions()) {
        if (candidate.name == name || candidate.aliases.contains(name))
            return &candidate;
    }
    return nullptr;
}

QString describe(const Definition &definition)
{
    return QCoreApplication::translate("llmemory::settings", definition.meaning);
}

QString whyWithoutEffect(const Definition &definition)
{
    return QCoreApplication::translate("llmemory::settings", definition.withoutEffect);
}

} // namespace llmemory::settings
