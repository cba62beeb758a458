#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace llmemory::settings {

/// Everything that can be set; each has one row in definitions().
enum class Key {
    DatabaseUrl,
    Schema,
    DataDirectory,
    ConfigFile,
    LogLevel,
    PoolSize,
    ListenAddress,
    Port,
    AllowedHosts,
    AllowedOrigins,
};

/// What a value must look like.
enum class Type {
    ConnectionString, ///< any text, empty allowed; shown with its password masked
    Identifier,       ///< `[a-z_][a-z0-9_]{0,62}`
    Directory,        ///< made absolute
    File,             ///< made absolute
    Choice,           ///< one of Definition::choices, case-insensitive
    Integer,          ///< Definition::least to Definition::most
    Text,             ///< not empty
    List,             ///< texts without commas, separated by commas; may be empty
};

/// One row of the table of settings.
struct Definition
{
    Key key;
    /// Name in the configuration file and in `config show`.
    QString name;
    /// Command-line option, "--port"; empty where there is none.
    QString option;
    /// Environment variables, the first that is set and not empty counts.
    QStringList variables;
    Type type = Type::Text;
    /// Empty for paths, whose default depends on the user's environment.
    QString defaultValue = {};
    int least = 0;            ///< only with Integer
    int most = 0;             ///< only with Integer
    QStringList choices = {}; ///< only with Choice
    /// false for the place of the configuration file itself.
    bool inFile = true;
    /// For people: what it is; untranslated, see describe().
    const char *meaning = "";
};

/// The table, in the order in which people should read it. Any thread.
const QList<Definition> &definitions();
/// The row of @p key.
const Definition &definition(Key key);
/// The meaning of a setting in the language of the program.
QString describe(const Definition &definition);

} // namespace llmemory::settings
