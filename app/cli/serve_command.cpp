#include "app/cli/serve_command.h"

#include "app/cli/serve_plan.h"
#include "core/extract/extraction_process.h"
#include "core/http/server.h"
#include "core/http/token_store.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace llmemory::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

Result<http::ServerOptions> serverOptions(const ServePlan &plan)
{
    http::ServerOptions options;
    options.listen = plan.listen;
    options.port = plan.port;
    options.requireToken = plan.requireToken;
    options.allowedHosts = plan.allowedHosts;
    options.allowedOrigins = plan.allowedOrigins;
    options.readFile = [reader =
                            extract::ExtractionProcess(QCoreApplication::applicationFilePath())](
                           const QString &path, const std::atomic_bool *cancelled) {
        return reader.extract(path, cancelled);
    };
    if (!plan.requireToken)
        return options;
    const QString directory = QFileInfo(plan.tokenFile).absolutePath();
    if (!QDir().mkpath(directory))
        return Error{.kind = ErrorKind::Permission,
                     .message =
                         tr("Cannot create the directory %1 for the token file.").arg(directory)};
    const auto token = http::TokenStore::open(plan.tokenFile);
    if (!token)
        return token.error();
    options.tokenSha256 = token->sha256();
    return options;
}

void waitForSignal(const Interrupts &interrupts)
{
    QEventLoop loop;
    QObject::connect(&interrupts, &Interrupts::interrupted, &loop, &QEventLoop::quit);
    if (!interrupts.isInterrupted())
        loop.exec();
}

} // namespace

ExitCode runServe(const ServeCommand &command, CommandContext &context)
{
    const auto plan = planServe(command, context.settings());
    if (!plan)
        return context.fail(plan.error());
    const auto options = serverOptions(*plan);
    if (!options)
        return context.fail(options.error());
    const auto memory = context.openMemory(Workers::Run);
    if (context.interrupts().isInterrupted())
        return kDone; // asked to stop before it was ready: that is what it did
    if (!memory)
        return context.fail(memory.error());
    const auto server = http::Server::start(**memory, *options);
    if (!server) {
        context.fail(server.error()); // an address that is taken is no unreachable database
        return kFailed;
    }

    context.console().printJson(
        {{"url", toJson((*server)->url())},
         {"token_file", plan->tokenFile.isEmpty() ? Json() : toJson(plan->tokenFile)}});
    waitForSignal(context.interrupts());
    (*server)->stop();
    return kDone;
}

} // namespace llmemory::app
