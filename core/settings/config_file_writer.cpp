#include "core/settings/config_file_writer.h"

#include "core/cluster/files.h"
#include "core/settings/config_file_format.h"
#include "core/settings/setting_value.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace llmemory::settings {

namespace {

constexpr int kIndent = 4;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::settings", text);
}

OrderedJson jsonValue(const Definition &definition, const QString &text)
{
    switch (definition.type) {
    case Type::Integer:
        return text.toInt();
    case Type::Decimal:
        return text.toDouble();
    case Type::Boolean:
        return text == QLatin1String("true");
    case Type::List: {
        OrderedJson items = OrderedJson::array();
        for (const QString &item : listItems(text))
            items.push_back(item.toStdString());
        return items;
    }
    default:
        return text.toStdString();
    }
}

/// The parts of a name: group, empty if there is none, and the rest.
struct SplitName
{
    std::string group;
    std::string rest;
};

SplitName split(const QString &name)
{
    const qsizetype dot = name.indexOf(u'.');
    return {name.left(std::max<qsizetype>(dot, 0)).toStdString(), name.mid(dot + 1).toStdString()};
}

/// Takes @p name out, whichever way it is written. A group that becomes empty goes with it.
void remove(OrderedJson &object, const QString &name)
{
    object.erase(name.toStdString());
    const SplitName parts = split(name);
    const auto group = object.find(parts.group);
    if (parts.group.empty() || group == object.end() || !group->is_object())
        return;
    if (group->erase(parts.rest) > 0 && group->empty())
        object.erase(group);
}

/// Where one of the names of @p definition stands; null when none does.
OrderedJson *findValue(OrderedJson &object, const Definition &definition)
{
    for (const QString &name : QStringList{definition.name} + definition.aliases) {
        const SplitName parts = split(name);
        if (const auto flat = object.find(name.toStdString()); flat != object.end())
            return &*flat;
        const auto group = object.find(parts.group);
        if (group == object.end() || !group->is_object())
            continue;
        if (const auto inner = group->find(parts.rest); inner != group->end())
            return &*inner;
    }
    return nullptr;
}

Result<> insert(OrderedJson &object,
                const QString &path,
                const Definition &definition,
                OrderedJson value)
{
    if (OrderedJson *place = findValue(object, definition)) {
        *place = std::move(value);
        return {};
    }
    const SplitName parts = split(definition.name);
    if (parts.group.empty()) {
        object[parts.rest] = std::move(value);
        return {};
    }
    OrderedJson &group = object[parts.group];
    if (!group.is_null() && !group.is_object())
        return Error{.kind = ErrorKind::Configuration,
                     .message = tr("%1: \"%2\" must be %3.")
                                    .arg(path,
                                         QString::fromStdString(parts.group),
                                         tr("an object, for it is a group of settings"))};
    group[parts.rest] = std::move(value);
    return {};
}

} // namespace

Result<> writeConfigFile(const QString &path,
                         const Definition &definition,
                         const std::optional<QString> &text)
{
    OrderedJson object = OrderedJson::object();
    const QFileInfo file(path);
    if (file.exists()) {
        auto read = readConfigObject(path);
        if (!read)
            return read.error();
        object = std::move(*read);
    } else if (!QDir().mkpath(file.absolutePath())) {
        return Error{.kind = ErrorKind::Permission,
                     .message = tr("Cannot make the directory %1.").arg(file.absolutePath())};
    }
    if (text) {
        if (auto ok = insert(object, path, definition, jsonValue(definition, *text)); !ok)
            return ok;
    } else {
        for (const QString &name : QStringList{definition.name} + definition.aliases)
            remove(object, name);
    }
    const std::string bytes =
        object.dump(kIndent, ' ', false, OrderedJson::error_handler_t::replace) + '\n';
    // A link that leads to the file stays one.
    const QString target = file.exists() ? file.canonicalFilePath() : path;
    return cluster::files::writeAtomically(target, QByteArray::fromStdString(bytes));
}

} // namespace llmemory::settings
