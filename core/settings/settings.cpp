#include "core/settings/settings.h"

#include "core/settings/config_file.h"
#include "core/settings/setting_value.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace llmemory::settings {

namespace {

constexpr qint64 kMostSecretBytes = 64 * 1024;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::settings", text);
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
    if (definition.key == Key::DataDirectory)
        return defaultDataDirectory(environment);
    if (definition.key == Key::ConfigFile) {
        const QString base = baseDirectory(
            environment, QStringLiteral("XDG_CONFIG_HOME"), QStringLiteral(".config"));
        return QDir(base).filePath(QStringLiteral("llmemory/config.json"));
    }
    return definition.defaultValue;
}

bool othersMayUse(const QString &path)
{
    constexpr QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup |
                                          QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    return (QFileInfo(path).permissions() & others) != 0;
}

QString openFileWarning(const QString &path, const QString &name)
{
    return tr("The file %1 holds the secret %2, and others may use it. \"chmod 600 %1\" changes "
              "that.")
        .arg(path, name);
}

/// The secret in the file that @p variable names.
Result<QString> readSecret(const QString &variable, const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{
            .kind = ErrorKind::Configuration,
            .message =
                tr("%1: cannot read the file %2: %3.").arg(variable, path, file.errorString())};
    const QByteArray bytes = file.read(kMostSecretBytes + 1);
    QString secret = QString::fromUtf8(bytes);
    while (secret.endsWith(u'\n') || secret.endsWith(u'\r'))
        secret.chop(1);
    if (secret.isEmpty() || bytes.size() > kMostSecretBytes)
        return Error{
            .kind = ErrorKind::Configuration,
            .message =
                tr("%1: the file %2 must hold the secret and nothing else.").arg(variable, path)};
    return secret;
}

/// Whether @p text of that setting would give something away.
bool holdsSecret(const Definition &definition, const QString &text)
{
    if (definition.type == Type::Secret)
        return !text.isEmpty();
    return definition.type == Type::ConnectionString && maskedConnectionString(text) != text;
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

Result<Settings> Settings::load(const QMap<Key, QString> &commandLine,
                                const QProcessEnvironment &environment,
                                UseFile useFile)
{
    Settings settings;
    for (const Definition &row : definitions()) {
        const QString fallback = defaultText(row, environment);
        settings.m_values.insert(row.key,
                                 {.text = fallback, .source = Source::Default, .origin = {}});
    }
    const Definition &place = definition(Key::ConfigFile);
    if (auto ok = settings.setFromOutside(place, commandLine, environment); !ok)
        return ok.error();
    if (useFile == UseFile::Yes) {
        if (auto ok = settings.setFromFile(environment); !ok)
            return ok.error();
    }
    for (const Definition &row : definitions()) {
        if (row.key == Key::ConfigFile)
            continue;
        if (auto ok = settings.setFromOutside(row, commandLine, environment); !ok)
            return ok.error();
    }
    settings.warnOfSettingsWithoutEffect();
    return settings;
}

Result<> Settings::setFromFile(const QProcessEnvironment &environment)
{
    const bool askedFor = source(Key::ConfigFile) != Source::Default;
    const QString path = text(Key::ConfigFile);
    const auto file = readConfigFile(
        path, askedFor ? MissingFile::IsAnError : MissingFile::IsEmpty, homeDirectory(environment));
    if (!file)
        return file.error();
    const bool isOpen = othersMayUse(path);
    for (auto value = file->cbegin(); value != file->cend(); ++value) {
        const Definition &row = definition(value.key());
        if (auto ok = set(row, value.value(), Source::File, path); !ok)
            return ok.error();
        if (isOpen && holdsSecret(row, value.value()))
            m_warnings += openFileWarning(path, row.name);
    }
    return {};
}

Result<> Settings::setFromOutside(const Definition &definition,
                                  const QMap<Key, QString> &commandLine,
                                  const QProcessEnvironment &environment)
{
    if (commandLine.contains(definition.key))
        return set(
            definition, commandLine.value(definition.key), Source::CommandLine, definition.option);
    return setFromEnvironment(definition, environment);
}

Result<> Settings::setFromEnvironment(const Definition &definition,
                                      const QProcessEnvironment &environment)
{
    for (const QString &variable : definition.variables) {
        const QString value = environment.value(variable);
        if (!value.isEmpty())
            return set(definition, value, Source::Environment, variable);
        const QString twin = variable + QLatin1String("_FILE");
        const QString path = environment.value(twin);
        if (definition.type != Type::Secret || path.isEmpty())
            continue;
        const auto secret = readSecret(twin, path);
        if (!secret)
            return secret.error();
        if (othersMayUse(path))
            m_warnings += openFileWarning(path, definition.name);
        return set(definition, *secret, Source::Environment, twin);
    }
    return {};
}

Result<> Settings::set(const Definition &definition,
                       const QString &text,
                       Source source,
                       const QString &origin)
{
    const auto value = checkedValue(definition, text);
    if (!value) {
        Error error = value.error();
        error.message = tr("%1: %2").arg(origin, error.message);
        if (source == Source::CommandLine)
            error.kind = ErrorKind::Validation;
        return error;
    }
    m_values.insert(definition.key, {.text = *value, .source = source, .origin = origin});
    return {};
}

void Settings::warnOfSettingsWithoutEffect()
{
    for (const Definition &row : definitions()) {
        if (row.hasEffect() || source(row.key) == Source::Default)
            continue;
        const QString given = source(row.key) == Source::File
                                  ? tr("%1: %2").arg(origin(row.key), row.name)
                                  : origin(row.key);
        m_warnings += tr("%1 has no effect. %2").arg(given, whyWithoutEffect(row));
    }
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

bool Settings::boolean(Key key) const
{
    Q_ASSERT(definition(key).type == Type::Boolean);
    return m_values.value(key).text == QLatin1String("true");
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
    switch (definition(key).type) {
    case Type::ConnectionString:
        return maskedConnectionString(value);
    case Type::Secret:
        return value.isEmpty() ? QString() : QStringLiteral("***");
    default:
        return value;
    }
}

QString defaultDataDirectory(const QProcessEnvironment &environment)
{
    const QString base =
        baseDirectory(environment, QStringLiteral("XDG_DATA_HOME"), QStringLiteral(".local/share"));
    return QDir(base).filePath(QStringLiteral("llmemory"));
}

} // namespace llmemory::settings
