#include "core/settings/config_file.h"

#include "core/base/json.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace llmemory::settings {

namespace {

constexpr qint64 kMostBytes =
    64 * 1024; // far beyond any sensible file; keeps a mistaken path harmless

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::settings", text);
}

Error configurationError(const QString &message)
{
    return {.kind = ErrorKind::Configuration, .message = message};
}

const Definition *findByName(const QString &name)
{
    for (const Definition &candidate : definitions()) {
        if (candidate.inFile && candidate.name == name)
            return &candidate;
    }
    return nullptr;
}

bool isPath(const Definition &definition)
{
    return definition.type == Type::Directory || definition.type == Type::File;
}

QString resolvedPath(const QString &text, const QString &directory, const QString &home)
{
    if (text.isEmpty())
        return text;
    if (text.startsWith(QLatin1String("~/")))
        return QDir(home).absoluteFilePath(text.mid(2));
    return QDir(directory).absoluteFilePath(text);
}

Result<QString> valueText(const Definition &definition, const Json &value, const QString &path)
{
    if (definition.type == Type::Integer) {
        if (!value.is_number_integer())
            return configurationError(
                tr("%1: \"%2\" must be a whole number without quotes.").arg(path, definition.name));
        return QString::fromStdString(value.dump());
    }
    if (definition.type == Type::List && value.is_array()) {
        QStringList items;
        for (const Json &item : value)
            items += toQString(item);
        if (items.contains(QString()))
            return configurationError(
                tr("%1: \"%2\" must hold texts that are not empty.").arg(path, definition.name));
        return items.join(u',');
    }
    if (!value.is_string())
        return configurationError(
            tr("%1: \"%2\" must be a text in quotes.").arg(path, definition.name));
    return toQString(value);
}

Result<QByteArray> readAll(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return configurationError(
            tr("Cannot read the configuration file %1: %2.").arg(path, file.errorString()));
    QByteArray bytes = file.read(kMostBytes + 1);
    if (bytes.size() > kMostBytes)
        return configurationError(tr("The configuration file %1 is too large.").arg(path));
    return bytes;
}

} // namespace

Result<QMap<Key, QString>> readConfigFile(const QString &path,
                                          MissingFile missing,
                                          const QString &home)
{
    if (!QFileInfo::exists(path)) {
        if (missing == MissingFile::IsEmpty)
            return QMap<Key, QString>();
        return configurationError(tr("The configuration file %1 does not exist.").arg(path));
    }
    const auto bytes = readAll(path);
    if (!bytes)
        return bytes.error();
    const auto parsed = parseJson(*bytes, QStringLiteral("config"));
    if (!parsed)
        return configurationError(tr("The configuration file %1 is not valid JSON: %2")
                                      .arg(path, parsed.error().message));
    if (!parsed->is_object())
        return configurationError(
            tr("The configuration file %1 must hold one JSON object.").arg(path));

    QMap<Key, QString> values;
    const QString directory = QFileInfo(path).absolutePath();
    for (const auto &[name, value] : parsed->items()) {
        const QString key = QString::fromStdString(name);
        const Definition *definition = findByName(key);
        if (!definition)
            return configurationError(tr("%1: there is no setting \"%2\". "
                                         "\"llmemory config show\" lists the settings.")
                                          .arg(path, key));
        const auto text = valueText(*definition, value, path);
        if (!text)
            return text.error();
        values.insert(definition->key,
                      isPath(*definition) ? resolvedPath(*text, directory, home) : *text);
    }
    return values;
}

} // namespace llmemory::settings
