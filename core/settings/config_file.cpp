#include "core/settings/config_file.h"

#include "core/settings/config_file_format.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace llmemory::settings {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::settings", text);
}

Error configurationError(const QString &message)
{
    return {.kind = ErrorKind::Configuration, .message = message};
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

/// Whether names of settings begin with @p name and a dot.
bool isGroup(const QString &name)
{
    const QString prefix = name + u'.';
    for (const Definition &row : definitions()) {
        if (row.name.startsWith(prefix) || !row.aliases.filter(prefix).isEmpty())
            return true;
    }
    return false;
}

QString textOf(const OrderedJson &value)
{
    return QString::fromStdString(value.get<std::string>());
}

/// What is wrong with the JSON type of a value.
Error wrongType(const QString &path, const QString &name, const QString &what)
{
    return configurationError(tr("%1: \"%2\" must be %3.").arg(path, name, what));
}

Result<QString> listText(const QString &path, const QString &name, const OrderedJson &value)
{
    QStringList items;
    for (const OrderedJson &item : value) {
        if (!item.is_string() || textOf(item).isEmpty())
            return wrongType(path, name, tr("a list of texts that are not empty"));
        items += textOf(item);
    }
    return items.join(u',');
}

Result<QString> valueText(const Definition &definition,
                          const QString &path,
                          const QString &name,
                          const OrderedJson &value)
{
    switch (definition.type) {
    case Type::Integer:
        if (!value.is_number_integer())
            return wrongType(path, name, tr("a whole number without quotes"));
        return QString::fromStdString(value.dump());
    case Type::Decimal:
        if (!value.is_number())
            return wrongType(path, name, tr("a number without quotes"));
        return QString::fromStdString(value.dump());
    case Type::Boolean:
        if (!value.is_boolean())
            return wrongType(path, name, tr("true or false without quotes"));
        return QString::fromStdString(value.dump());
    case Type::Anything:
        return value.is_string() ? textOf(value) : QString::fromStdString(value.dump());
    case Type::List:
    case Type::Providers:
        if (value.is_array())
            return listText(path, name, value);
        break;
    default:
        break;
    }
    if (!value.is_string())
        return wrongType(path, name, tr("a text in quotes"));
    return textOf(value);
}

/// Collects the values of a file.
class Reader
{
public:
    Reader(QString path, QString home)
        : m_path(std::move(path))
        , m_directory(QFileInfo(m_path).absolutePath())
        , m_home(std::move(home))
    {
    }

    Result<> readAll(const OrderedJson &object);
    QMap<Key, QString> values() const { return m_values; }

private:
    Result<> readOne(const QString &name, const QString &written, const OrderedJson &value);

    QString m_path;
    QString m_directory;
    QString m_home;
    QMap<Key, QString> m_values;
    /// How the names stand in the file.
    QMap<Key, QString> m_written;
};

Result<> Reader::readAll(const OrderedJson &object)
{
    for (const auto &[rawName, value] : object.items()) {
        const QString name = QString::fromStdString(rawName);
        if (!isGroup(name)) {
            if (auto ok = readOne(name, u'"' + name + u'"', value); !ok)
                return ok;
            continue;
        }
        if (!value.is_object())
            return wrongType(m_path, name, tr("an object, for it is a group of settings"));
        for (const auto &[rawInner, innerValue] : value.items()) {
            const QString inner = QString::fromStdString(rawInner);
            const QString written = tr("\"%1\" in \"%2\"").arg(inner, name);
            if (auto ok = readOne(name + u'.' + inner, written, innerValue); !ok)
                return ok;
        }
    }
    return {};
}

Result<> Reader::readOne(const QString &name, const QString &written, const OrderedJson &value)
{
    const Definition *definition = findDefinition(name);
    if (!definition || !definition->inFile)
        return configurationError(tr("%1: there is no setting \"%2\". "
                                     "\"llmemory config show\" lists the settings.")
                                      .arg(m_path, name));
    if (m_written.contains(definition->key))
        return configurationError(
            tr("%1: the setting %2 is given twice, as %3 and as %4.")
                .arg(m_path, definition->name, m_written.value(definition->key), written));
    const auto text = valueText(*definition, m_path, name, value);
    if (!text)
        return text.error();
    m_written.insert(definition->key, written);
    m_values.insert(definition->key,
                    isPath(*definition) ? resolvedPath(*text, m_directory, m_home) : *text);
    return {};
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
    const auto object = readConfigObject(path);
    if (!object)
        return object.error();
    Reader reader(path, home);
    if (auto ok = reader.readAll(*object); !ok)
        return ok.error();
    return reader.values();
}

} // namespace llmemory::settings
