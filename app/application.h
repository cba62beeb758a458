#pragma once

#include "app/cli/command_line.h"
#include "app/cli/console.h"
#include "app/exit_code.h"

#include <QCoreApplication>

#include <memory>

namespace llmemory::app {

/// The program from the command line on: reads settings, builds what the command needs, runs it and
/// takes everything down again.
class Application
{
    Q_DECLARE_TR_FUNCTIONS(llmemory::app)

public:
    /// @param argc, argv  as main() got them; must outlive the object.
    Application(int &argc, char **argv);
    ~Application();
    Q_DISABLE_COPY_MOVE(Application)

    /// The process's exit code.
    int run();

private:
    ExitCode runCommand(const CommandLine &commandLine);
    ExitCode runOnConsole(const CommandLine &commandLine);
    ExitCode explain(const UsageError &error);
    void createApplication(bool withWindow);

    int &m_argc;
    char **m_argv;
    Console m_console;
    std::unique_ptr<QCoreApplication> m_application;
};

} // namespace llmemory::app
