#pragma once

#include "core/base/result.h"
#include "core/settings/setting_definition.h"

#include <QMap>
#include <QProcessEnvironment>

namespace llmemory::settings {

/// Where a value came from; a later one wins.
enum class Source { Default, File, Environment, CommandLine };
/// "default", "file", "environment", "command line".
QString toString(Source source);

/// Whether the configuration file counts; whoever is about to write it does without.
enum class UseFile { Yes, No };

/// The settings of this run: for each key the value that counts and where it came from.
/// A value; safe to read from any thread.
class Settings
{
public:
    /// @param commandLine  what was given there; an empty text is a value too (no database URL:
    /// embedded).
    /// @param environment  also tells HOME, XDG_DATA_HOME and XDG_CONFIG_HOME. An empty variable is
    /// unset. Error, naming the value's origin: Validation for a wrong value on the command line,
    /// Configuration for one elsewhere or a wrong file. A configuration file that was asked for
    /// must exist.
    static Result<Settings> load(const QMap<Key, QString> &commandLine,
                                 const QProcessEnvironment &environment,
                                 UseFile useFile = UseFile::Yes);

    /// The value as text; a secret unmasked.
    QString text(Key key) const;
    /// Only for keys of Type::Integer.
    int integer(Key key) const;
    /// Only for keys of Type::Boolean.
    bool boolean(Key key) const;
    /// Only for keys of Type::List.
    QStringList list(Key key) const;
    Source source(Key key) const;
    /// "--port", "LLMEMORY_PORT", the path of the file; empty for a default.
    QString origin(Key key) const;
    /// The value as it may be shown: secrets and passwords masked.
    QString shown(Key key) const;
    /// What the user should know, for the log: settings that were given and have no effect, secrets
    /// in files that others may read. Whole sentences, no secrets.
    QStringList warnings() const { return m_warnings; }

private:
    struct Value
    {
        QString text;
        Source source = Source::Default;
        QString origin;
    };

    Settings() = default;
    Result<> setFromFile(const QProcessEnvironment &environment);
    /// Command line, then environment.
    Result<> setFromOutside(const Definition &definition,
                            const QMap<Key, QString> &commandLine,
                            const QProcessEnvironment &environment);
    Result<> setFromEnvironment(const Definition &definition,
                                const QProcessEnvironment &environment);
    Result<> set(const Definition &definition,
                 const QString &text,
                 Source source,
                 const QString &origin);
    void warnOfSettingsWithoutEffect();

    QMap<Key, Value> m_values;
    QStringList m_warnings;
};

/// Where the embedded server, tokens and logs are when nothing says so: "llmemory" in
/// XDG_DATA_HOME, else in ~/.local/share. Pure.
QString defaultDataDirectory(const QProcessEnvironment &environment);

} // namespace llmemory::settings
