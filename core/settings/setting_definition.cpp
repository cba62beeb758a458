#include "core/settings/setting_definition.h"

#include <QCoreApplication>

namespace llmemory::settings {

namespace {

QList<Definition> makeDefinitions()
{
    return {
        {.key = Key::DatabaseUrl,
         .name = QStringLiteral("database_url"),
         .option = QStringLiteral("--database-url"),
         .variables = {QStringLiteral("DATABASE_URL")},
         .type = Type::ConnectionString,
         .meaning = QT_TRANSLATE_NOOP(
             "llmemory::settings",
             "PostgreSQL server to use; empty: the private one in the data directory")},
        {.key = Key::Schema,
         .name = QStringLiteral("schema"),
         .option = QStringLiteral("--schema"),
         .variables = {QStringLiteral("LLMEMORY_SCHEMA")},
         .type = Type::Identifier,
         .defaultValue = QStringLiteral("llmemory"),
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings", "database schema that holds the tables")},
        {.key = Key::DataDirectory,
         .name = QStringLiteral("data_dir"),
         .option = QStringLiteral("--data-dir"),
         .variables = {QStringLiteral("LLMEMORY_DATA_DIR")},
         .type = Type::Directory,
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings",
                               "directory of the private database, the access token and the logs")},
        {.key = Key::ConfigFile,
         .name = QStringLiteral("config"),
         .option = QStringLiteral("--config"),
         .variables = {QStringLiteral("LLMEMORY_CONFIG")},
         .type = Type::File,
         .inFile = false,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "configuration file (JSON)")},
        {.key = Key::LogLevel,
         .name = QStringLiteral("log_level"),
         .option = QStringLiteral("--log-level"),
         .variables = {QStringLiteral("LLMEMORY_LOG_LEVEL"), QStringLiteral("AWORD_LOG_LEVEL")},
         .type = Type::Choice,
         .defaultValue = QStringLiteral("warning"),
         .choices = {QStringLiteral("trace"),
                     QStringLiteral("debug"),
                     QStringLiteral("info"),
                     QStringLiteral("warning"),
                     QStringLiteral("error"),
                     QStringLiteral("critical"),
                     QStringLiteral("off")},
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings", "least important messages that are logged")},
        {.key = Key::PoolSize,
         .name = QStringLiteral("db_max_pool_size"),
         .option = {},
         .variables = {QStringLiteral("LLMEMORY_DB_MAX_POOL_SIZE"),
                       QStringLiteral("AWORD_DB_MAX_POOL_SIZE")},
         .type = Type::Integer,
         .defaultValue = QStringLiteral("6"),
         .least = 2,
         .most = 64,
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings", "database connections of this program")},
        {.key = Key::ListenAddress,
         .name = QStringLiteral("listen"),
         .option = QStringLiteral("--listen"),
         .variables = {QStringLiteral("LLMEMORY_LISTEN")},
         .type = Type::Text,
         .defaultValue = QStringLiteral("127.0.0.1"),
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "address of the HTTP endpoint")},
        {.key = Key::Port,
         .name = QStringLiteral("port"),
         .option = QStringLiteral("--port"),
         .variables = {QStringLiteral("LLMEMORY_PORT")},
         .type = Type::Integer,
         .defaultValue = QStringLiteral("8765"),
         .least = 0,
         .most = 65535,
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings", "port of the HTTP endpoint; 0: a free one")},
        {.key = Key::AllowedHosts,
         .name = QStringLiteral("allowed_hosts"),
         .option = {},
         .variables = {QStringLiteral("LLMEMORY_ALLOWED_HOSTS")},
         .type = Type::List,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "further names under which the HTTP endpoint is called")},
        {.key = Key::AllowedOrigins,
         .name = QStringLiteral("allowed_origins"),
         .option = {},
         .variables = {QStringLiteral("LLMEMORY_ALLOWED_ORIGINS")},
         .type = Type::List,
         .meaning = QT_TRANSLATE_NOOP(
             "llmemory::settings", "web pages that may call the HTTP endpoint, as https://host")},
    };
}

} // namespace

const QList<Definition> &definitions()
{
    static const QList<Definition> table = makeDefinitions();
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

QString describe(const Definition &definition)
{
    return QCoreApplication::translate("llmemory::settings", definition.meaning);
}

} // namespace llmemory::settings
