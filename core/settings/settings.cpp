#include "core/settings/settings.h"

#include "core/settings/config_file.h"

#include <QCoreApplication>
#include <QDir>
#include <QRegularExpression>

namespace llmemory::settings {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::settings", text);
}

Error wrongValue(const QString &origin, const QString &why)
{
    return {.kind = ErrorKind::Configuration, .message = tr("%1: %2").arg(origin, why)};
}

QString homeDirectory(const QProcessEnvironment &environment)
{
    const QString home = environment.value(QStringLiteral("HOME"));
    return home.isEmpty() ? QDir::homePath() : home;
}

/// A directory of the XDG base directory specification, which has relative values ignored.
QString baseDirectory(const QProcessEnvironment &environment,
                      const QString &variable,
                      const QString &belowHome)
{
    const QString value = environment.value(variable);
    if (QDir::isAbsolutePath(value))
        return value;
    return QDir(homeDirectory(environment)).filePath(belowHome);
}

QString defaultText(const Definition &definition, const QProcessEnvironment &environment)
{
    if (definition.key == Key::DataDirectory) {
        const QString base = baseDirectory(
            environment, QStringLiteral("XDG_DATA_HOME"), QStringLiteral(".local/share"));
        return QDir(base).filePath(QStringLiteral("llmemory"));
    }
    if (definition.key == Key::ConfigFile) {
        const QString base = baseDirectory(
            environment, QStringLiteral("XDG_CONFIG_HOME"), QStringLiteral(".config"));
        return QDir(base).filePath(QStringLiteral("llmemory/config.json"));
    }
    return definition.defaultValue;
}

Result<QString> checkedInteger(const Definition &definition,
                               const QString &text,
                               const QString &origin)
{
    bool isNumber = false;
    const int value = text.toInt(&isNumber);
    if (!isNumber || value < definition.least || value > definition.most)
        return wrongValue(origin,
                          tr("\"%1\" is not a whole number from %2 to %3.")
                              .arg(text)
                              .arg(definition.least)
                              .arg(definition.most));
    return QString::number(value);
}

Result<QString> checkedChoice(const Definition &definition,
                              const QString &text,
                              const QString &origin)
{
    const QString word = text.toLower();
    if (!definition.choices.contains(word))
        return wrongValue(origin,
                          tr("\"%1\" is not one of %2.")
                              .arg(text, definition.choices.join(QStringLiteral(", "))));
    return word;
}

Result<QString> checkedIdentifier(const QString &text, const QString &origin)
{
    static const QRegularExpression pattern(QStringLiteral("\\A[a-z_][a-z0-9_]{0,62}\\z"));
    if (!pattern.match(text).hasMatch())
        return wrongValue(origin,
                          tr("\"%1\" is no schema name. Use 1 to 63 of a-z, 0-9 and _, "
                             "not beginning with a digit.")
                              .arg(text));
    return text;
}

QStringList listItems(const QString &text)
{
    QStringList items;
    for (const QString &item : text.split(u',')) {
        if (!item.trimmed().isEmpty())
            items += item.trimmed();
    }
    return items;
}

/// The value in its stored form.
Result<QString> checked(const Definition &definition, const QString &text, const QString &origin)
{
    switch (definition.type) {
    case Type::ConnectionString:
        return text;
    case Type::List:
        return listItems(text).join(u',');
    case Type::Integer:
        return checkedInteger(definition, text, origin);
    case Type::Choice:
        return checkedChoice(definition, text, origin);
    case Type::Identifier:
        return checkedIdentifier(text, origin);
    case Type::Directory:
    case Type::File:
    case Type::Text:
        break;
    }
    if (text.isEmpty())
        return wrongValue(origin, tr("the value is empty."));
    return definition.type == Type::Text ? text
                                         : QDir::cleanPath(QDir::current().absoluteFilePath(text));
}

/// Name of the first variable of @p definition that is set and not empty.
QString variableInUse(const Definition &definition, const QProcessEnvironment &environment)
{
    for (const QString &variable : definition.variables) {
        if (!environment.value(variable).isEmpty())
            return variable;
    }
    return {};
}

} // namespace

QString toString(Source source)
{
    switch (source) {
    case Source::CommandLine:
        return QStringLiteral("command line");
    case Source::Environment:
        return QStringLiteral("environment");
    case Source::File:
        return QStringLiteral("file");
    case Source::Default:
        break;
    }
    return QStringLiteral("default");
}

Result<> Settings::set(const Definition &definition,
                       const QString &text,
                       Source source,
                       const QString &origin)
{
    const auto value = checked(definition, text, origin);
    if (!value) {
        Error error = value.error();
        if (source == Source::CommandLine) {
            error.kind = ErrorKind::Validation;
            error.field = definition.name;
        }
        return error;
    }
    m_values.insert(definition.key, {.text = *value, .source = source, .origin = origin});
    return {};
}

Result<Settings> Settings::load(const QMap<Key, QString> &commandLine,
                                const QProcessEnvironment &environment)
{
    Settings settings;
    const auto setFromOutside = [&](const Definition &row) -> Result<> {
        if (commandLine.contains(row.key))
            return settings.set(row, commandLine.value(row.key), Source::CommandLine, row.option);
        const QString variable = variableInUse(row, environment);
        if (!variable.isEmpty())
            return settings.set(row, environment.value(variable), Source::Environment, variable);
        return {};
    };

    for (const Definition &row : definitions()) {
        const QString fallback = defaultText(row, environment);
        settings.m_values.insert(row.key,
                                 {.text = fallback, .source = Source::Default, .origin = {}});
    }

    if (auto ok = setFromOutside(definition(Key::ConfigFile)); !ok)
        return ok.error();
    const bool askedFor = settings.source(Key::ConfigFile) != Source::Default;
    const QString path = settings.text(Key::ConfigFile);
    const auto file = readConfigFile(
        path, askedFor ? MissingFile::IsAnError : MissingFile::IsEmpty, homeDirectory(environment));
    if (!file)
        return file.error();

    for (const Definition &row : definitions()) {
        if (row.key == Key::ConfigFile)
            continue;
        if (file->contains(row.key)) {
            const QString origin = tr("%1, \"%2\"").arg(path, row.name);
            if (auto ok = settings.set(row, file->value(row.key), Source::File, origin); !ok)
                return ok.error();
            settings.m_values[row.key].origin = path;
        }
        if (auto ok = setFromOutside(row); !ok)
            return ok.error();
    }
    return settings;
}

QString Settings::text(Key key) const
{
    return m_values.value(key).text;
}

int Settings::integer(Key key) const
{
    Q_ASSERT(definition(key).type == Type::Integer);
    return m_values.value(key).text.toInt();
}

QStringList Settings::list(Key key) const
{
    Q_ASSERT(definition(key).type == Type::List);
    return listItems(text(key));
}

Source Settings::source(Key key) const
{
    return m_values.value(key).source;
}

QString Settings::origin(Key key) const
{
    return m_values.value(key).origin;
}

QString Settings::shown(Key key) const
{
    const QString value = text(key);
    return definition(key).type == Type::ConnectionString ? maskedConnectionString(value) : value;
}

QString maskedConnectionString(QString connectionString)
{
    // Greedy up to the last @, so that a password with an unescaped @ or / is covered as well.
    static const QRegularExpression inAuthority(QStringLiteral("(://[^:/@\\s]*:).*@"));
    static const QRegularExpression asKeyword(
        QStringLiteral("(password\\s*=\\s*)('(?:[^'\\\\]|\\\\.)*'?|[^\\s&]+)"),
        QRegularExpression::CaseInsensitiveOption);
    connectionString.replace(inAuthority, QStringLiteral("\\1***@"));
    connectionString.replace(asKeyword, QStringLiteral("\\1***"));
    return connectionString;
}

} // namespace llmemory::settings
