#include "app/application.h"
#include "core/cluster/supervisor.h"
#include "core/extract/extraction_worker.h"
#include "core/extract/worker_protocol.h"

#include <csignal>
#include <cstring>
#include <sys/stat.h>

namespace {

/// What the program starts of itself; no commands for people, so the help does not list them.
constexpr const char *kSupervise = "supervise";

bool isCommand(int argc, char **argv, const char *name)
{
    return argc > 1 && std::strcmp(argv[1], name) == 0;
}

int supervise(int argc, char **argv)
{
    QStringList arguments;
    for (int i = 2; i < argc; ++i)
        arguments += QString::fromLocal8Bit(argv[i]);
    const QCoreApplication application(argc, argv);
    return llmemory::cluster::runSupervisor(arguments);
}

} // namespace

int main(int argc, char **argv)
{
    ::umask(077);
    if (isCommand(argc, argv, llmemory::extract::worker::kCommand)) {
        // Ctrl-C on a terminal reaches children as well; what becomes of this one is for its parent
        // to say.
        std::signal(SIGINT, SIG_IGN);
        return llmemory::extract::runExtractionWorker(argc, argv);
    }
    if (isCommand(argc, argv, kSupervise))
        return supervise(argc, argv);
    return llmemory::app::Application(argc, argv).run();
}
