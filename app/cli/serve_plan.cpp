#include "app/cli/serve_plan.h"

#include <QCoreApplication>
#include <QDir>
#include <QHostAddress>

namespace llmemory::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

} // namespace

Result<ServePlan> planServe(const ServeCommand &command, const settings::Settings &settings)
{
    using settings::Key;
    const QString listen = settings.text(Key::ListenAddress);
    const QHostAddress address(listen);
    const bool isName = listen == QLatin1String("localhost");
    if (!isName && address.isNull())
        return Error::validation(
            QStringLiteral("listen"),
            tr("\"%1\" is no address to listen on. Give an IP address such as 127.0.0.1.")
                .arg(listen));

    if (!isName && !address.isLoopback()) {
        if (!command.requireToken)
            return Error::validation(QStringLiteral("no_auth"),
                                     tr("--no-auth is only possible on a loopback address such as "
                                        "127.0.0.1: others can reach %1.")
                                         .arg(listen));
        if (settings.source(Key::ListenAddress) != settings::Source::CommandLine ||
            command.tokenFile.isEmpty())
            return Error::validation(
                QStringLiteral("listen"),
                tr("Others can reach %1. If that is meant, give both --listen %1 and "
                   "--token-file on the command line.")
                    .arg(listen));
    }

    ServePlan plan{.listen = listen,
                   .port = quint16(settings.integer(Key::Port)),
                   .requireToken = command.requireToken,
                   .tokenFile = {},
                   .allowedHosts = settings.list(Key::AllowedHosts),
                   .allowedOrigins = settings.list(Key::AllowedOrigins)};
    if (plan.requireToken) {
        const QString inDataDirectory =
            QDir(settings.text(Key::DataDirectory)).filePath(QStringLiteral("token"));
        plan.tokenFile = command.tokenFile.isEmpty()
                             ? inDataDirectory
                             : QDir::current().absoluteFilePath(command.tokenFile);
    }
    return plan;
}

} // namespace llmemory::app
