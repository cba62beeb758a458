#include "core/db/connection_params.h"

#include <QCoreApplication>

#include <libpq-fe.h>
#include <memory>

namespace llmemory::db {

namespace {

// Without these a query on a dead network hung for more than 45 s; with them it fails after about 4
// s.
constexpr const char *kNetworkOptions[] = {"connect_timeout=5",
                                           "tcp_user_timeout=10000",
                                           "keepalives_idle=15",
                                           "keepalives_interval=5",
                                           "keepalives_count=3"};

struct FreeOptions
{
    void operator()(PQconninfoOption *options) const { PQconninfoFree(options); }
};

bool isLocal(const QString &host)
{
    return host.isEmpty() || host.startsWith(QLatin1Char('/')) ||
           host == QLatin1String("localhost") || host == QLatin1String("127.0.0.1") ||
           host == QLatin1String("::1");
}

/// Empty when it is not set.
QString optionValue(const QStringList &options, const QString &name)
{
    const QString prefix = name + QLatin1Char('=');
    for (const QString &option : options) {
        if (option.startsWith(prefix))
            return option.mid(prefix.size());
    }
    return {};
}

bool hasOption(const QStringList &options, const QString &name)
{
    return !optionValue(options, name).isEmpty();
}

/// A value with spaces ("-c work_mem=8MB") is one keyword's only inside quotes.
QString quotedIfNeeded(QString value)
{
    value.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
    return value.contains(QLatin1Char(' ')) ? QString(QLatin1Char('\'') + value + QLatin1Char('\''))
                                            : value;
}

Error badConnection(const QString &reason)
{
    return {.kind = ErrorKind::Configuration,
            .message =
                QCoreApplication::translate(
                    "llmemory::db",
                    "The database connection is not understood: %1. Use "
                    "postgresql://USER:PASSWORD@HOST:PORT/DATABASE or \"host=… dbname=… user=…\".")
                    .arg(reason),
            .field = QStringLiteral("database_url"),
            .code = QStringLiteral("database_url")};
}

} // namespace

Result<ConnectionParams> ConnectionParams::parse(const QString &text)
{
    char *rawError = nullptr;
    const QByteArray utf8 = text.toUtf8();
    const std::unique_ptr<PQconninfoOption, FreeOptions> options(
        PQconninfoParse(utf8.constData(), &rawError));
    if (!options) {
        // libpq's text may quote the input, and with it a password.
        PQfreemem(rawError);
        return badConnection(QCoreApplication::translate("llmemory::db", "its form is wrong"));
    }
    ConnectionParams params;
    for (const PQconninfoOption *option = options.get(); option->keyword; ++option) {
        if (!option->val || !*option->val)
            continue;
        const QByteArray keyword(option->keyword);
        const QString value = QString::fromUtf8(option->val);
        if (keyword == "host")
            params.host = value;
        else if (keyword == "port")
            params.port = value.toInt();
        else if (keyword == "dbname")
            params.database = value;
        else if (keyword == "user")
            params.user = value;
        else if (keyword == "password")
            params.password = value;
        else if (value.contains(QLatin1Char(';')) || value.contains(QLatin1Char('\'')))
            return badConnection(QCoreApplication::translate("llmemory::db", "%1 contains ; or '")
                                     .arg(QString::fromLatin1(keyword)));
        else
            params.options << QString::fromLatin1(keyword) + QLatin1Char('=') +
                                  quotedIfNeeded(value);
    }
    return params;
}

QString ConnectionParams::connectOptions() const
{
    QStringList all = options;
    for (const char *option : kNetworkOptions) {
        const QString text = QLatin1String(option);
        if (!hasOption(all, text.section(QLatin1Char('='), 0, 0)))
            all << text;
    }
    const bool local = isLocal(host) && isLocal(optionValue(all, QStringLiteral("hostaddr")));
    if (!local && !hasOption(all, QStringLiteral("sslmode")))
        all << QStringLiteral("sslmode=verify-full")
            << QStringLiteral("sslrootcert=/etc/ssl/certs/ca-certificates.crt");
    if (!hasOption(all, QStringLiteral("application_name")))
        all << QStringLiteral("application_name=llmemory");
    return all.join(QLatin1Char(';'));
}

QString ConnectionParams::describe() const
{
    const QString place = host.isEmpty() ? QStringLiteral("localhost") : host;
    const QString suffix = port > 0 ? QLatin1Char(':') + QString::number(port) : QString();
    return QStringLiteral("%1 at %2%3").arg(database.isEmpty() ? user : database, place, suffix);
}

} // namespace llmemory::db
