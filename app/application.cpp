#include "app/application.h"

#include "app/cli/bench_command.h"
#include "app/cli/command_context.h"
#include "app/cli/command_spec.h"
#include "app/cli/config_command.h"
#include "app/cli/doctor_command.h"
#include "app/cli/documents_command.h"
#include "app/cli/eval_command.h"
#include "app/cli/history_command.h"
#include "app/cli/ingest_command.h"
#include "app/cli/migrate_command.h"
#include "app/cli/notebook_command.h"
#include "app/cli/owners_command.h"
#include "app/cli/plans_command.h"
#include "app/cli/search_command.h"
#include "app/cli/searches_command.h"
#include "app/memory_settings.h"
#include "app/translations.h"
#include "core/base/logging.h"
#include "core/base/version.h"

#ifdef LLMEMORY_WITH_HTTP
#include "app/cli/serve_command.h"
#include "app/cli/similar_command.h"
#endif
#ifdef LLMEMORY_WITH_UI
#include "app/window.h"
#endif

#include <exception>
#include <type_traits>

namespace llmemory::app {

namespace {

constexpr const char *kName = "llmemory";

template <typename... Functions>
struct Overloaded : Functions...
{
    using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

/// Whether a window would have somewhere to go.
bool hasDisplay()
{
    return !qEnvironmentVariableIsEmpty("DISPLAY") ||
           !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") ||
           !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM");
}

constexpr bool hasUi()
{
#ifdef LLMEMORY_WITH_UI
    return true;
#else
    return false;
#endif
}

ExitCode serve([[maybe_unused]] const ServeCommand &command, CommandContext &context)
{
#ifdef LLMEMORY_WITH_HTTP
    return runServe(command, context);
#else
    return context.fail(
        {.kind = ErrorKind::Configuration,
         .message = QCoreApplication::translate(
             "llmemory::app", "This program was built without the HTTP endpoint.")});
#endif
}

} // namespace

Application::Application(int &argc, char **argv) : m_argc(argc), m_argv(argv) {}

Application::~Application() = default;

int Application::run()
{
    QStringList arguments;
    for (int i = 1; i < m_argc; ++i)
        arguments += QString::fromLocal8Bit(m_argv[i]);

    // Parsed twice: what kind of application there will be depends on it, and its messages are only
    // translated once there is one.
    const auto glance = parseCommandLine(arguments);
    const bool wantsWindow = glance && std::holds_alternative<WindowCommand>(glance->command);
    createApplication(wantsWindow && hasUi() && hasDisplay());
    installTranslations(*m_application);
    const auto commandLine = parseCommandLine(arguments);
    if (!commandLine)
        return explain(commandLine.error());
    try {
        return runCommand(*commandLine);
    } catch (const std::exception &exception) {
        m_console.error(Error::internal(QString::fromLocal8Bit(exception.what())).message);
        return kFailed;
    }
}

void Application::createApplication([[maybe_unused]] bool withWindow)
{
    QCoreApplication::setApplicationName(QLatin1String(kName));
    QCoreApplication::setOrganizationName(QLatin1String(kName));
    QCoreApplication::setApplicationVersion(QLatin1String(kVersion));
    // Our own options mean nothing to Qt: only the program's name is passed on.
    m_argc = 1;
#ifdef LLMEMORY_WITH_UI
    if (withWindow) {
        m_application = createWindowApplication(m_argc, m_argv);
        return;
    }
#endif
    m_application = std::make_unique<QCoreApplication>(m_argc, m_argv);
}

ExitCode Application::explain(const UsageError &error)
{
    m_console.error(printable(error.message));
    if (error.showHelp) {
        m_console.note(u'\n' + helpText(error.helpTopic).trimmed());
        return kWrongUsage;
    }
    const QString command = error.helpTopic.isEmpty() ? QString() : u' ' + error.helpTopic;
    m_console.note(tr("Usage: %1").arg(error.usage));
    m_console.note(tr("\"llmemory%1 --help\" tells more.").arg(command));
    return kWrongUsage;
}

ExitCode Application::runCommand(const CommandLine &commandLine)
{
    if (std::holds_alternative<VersionCommand>(commandLine.command)) {
        m_console.print(QLatin1String(kName) + u' ' + QLatin1String(kVersion));
        return kDone;
    }
    if (const auto *help = std::get_if<HelpCommand>(&commandLine.command)) {
        m_console.print(helpText(help->topic).trimmed());
        return kDone;
    }
    return runOnConsole(commandLine);
}

ExitCode Application::runOnConsole(const CommandLine &commandLine)
{
    // What mends a wrong configuration file must not need a right one.
    const bool writesFile = std::holds_alternative<ConfigSetCommand>(commandLine.command);
    const auto settings =
        settings::Settings::load(commandLine.settings,
                                 QProcessEnvironment::systemEnvironment(),
                                 writesFile ? settings::UseFile::No : settings::UseFile::Yes);
    if (!settings) {
        m_console.error(printable(settings.error().message));
        return exitCodeFor(settings.error());
    }
    logging::initialize(settings->text(settings::Key::LogLevel));
    for (const QString &warning : settings->warnings())
        logging::warning(printable(warning));
    Interrupts interrupts;
#ifdef LLMEMORY_WITH_UI
    const bool wantsWindow = std::holds_alternative<WindowCommand>(commandLine.command);
    if (wantsWindow && hasDisplay()) {
        const auto config = memoryConfig(*settings, Workers::Run);
        if (!config) {
            m_console.error(printable(config.error().message));
            return exitCodeFor(config.error());
        }
        return runWindow(*config, interrupts);
    }
#endif
    CommandContext context(*settings, m_console, interrupts);
    const auto openWindow = [&](const WindowCommand &) {
        m_console.note(
            hasUi() ? tr("There is no display for a window; running \"llmemory serve\".")
                    : tr("This program was built without a window; running \"llmemory serve\"."));
        return serve(ServeCommand(), context);
    };
    return std::visit(
        Overloaded{
            openWindow,
            [](const VersionCommand &) { return kDone; },
            [](const HelpCommand &) { return kDone; },
            [&](const ServeCommand &command) { return serve(command, context); },
            [&](const IngestCommand &command) { return runIngest(command, context); },
            [&](const SearchCommand &command) { return runSearch(command, context); },
            [&](const SimilarCommand &command) { return runSimilar(command, context); },
            [&](const HistoryListCommand &command) { return runHistory(command, context); },
            [&](const HistoryClearCommand &command) { return runHistory(command, context); },
            [&](const HistoryFeedbackCommand &command) { return runHistory(command, context); },
            [&](const NotebookListCommand &command) { return runNotebook(command, context); },
            [&](const NotebookReportCommand &command) { return runNotebook(command, context); },
            [&](const NotebookRemoveCommand &command) { return runNotebook(command, context); },
            [&](const SearchesListCommand &command) { return runSearches(command, context); },
            [&](const SearchesSaveCommand &command) { return runSearches(command, context); },
            [&](const SearchesRunCommand &command) { return runSearches(command, context); },
            [&](const SearchesDeleteCommand &command) { return runSearches(command, context); },
            [&](const OwnersListCommand &command) { return runOwners(command, context); },
            [&](const OwnersAddCommand &command) { return runOwners(command, context); },
            [&](const OwnersShowCommand &command) { return runOwners(command, context); },
            [&](const OwnersRenameCommand &command) { return runOwners(command, context); },
            [&](const OwnersDeleteCommand &command) { return runOwners(command, context); },
            [&](const DocumentsListCommand &command) { return runDocuments(command, context); },
            [&](const DocumentsShowCommand &command) { return runDocuments(command, context); },
            [&](const DocumentsDeleteCommand &command) { return runDocuments(command, context); },
            [&](const MigrateCommand &command) { return runMigrate(command, context); },
            [&](const ConfigShowCommand &command) { return runConfigShow(command, context); },
            [&](const ConfigSetCommand &command) { return runConfigSet(command, context); },
            [&](const EvalCommand &command) { return runEval(command, context); },
            [&](const BenchSearchCommand &command) { return runBench(command, context); },
            [&](const BenchRecallCommand &command) { return runBench(command, context); },
            [&](const BenchPlansCommand &command) { return runBench(command, context); },
            [&](const DoctorCommand &command) { return runDoctorCommand(command, context); }},
        commandLine.command);
}

} // namespace llmemory::app
