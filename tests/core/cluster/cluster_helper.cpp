#include "core/cluster/cluster_lease.h"
#include "core/cluster/supervisor.h"

#include <QCoreApplication>

#include <cstdio>

// cluster_helper supervise …     the supervisor, as the program has it
// cluster_helper hold DIRECTORY  takes a lease, says "ready" or the error, keeps it until its input
// ends
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    QStringList arguments = QCoreApplication::arguments().mid(1);
    const QString command = arguments.isEmpty() ? QString() : arguments.takeFirst();
    if (command == QLatin1String("supervise"))
        return llmemory::cluster::runSupervisor(arguments);
    if (command != QLatin1String("hold") || arguments.size() != 1)
        return 2;
    const auto lease = llmemory::cluster::Lease::acquire({arguments.first(), {}, {}});
    std::puts(lease ? "ready" : lease.error().message.toUtf8().constData());
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return lease ? 0 : 1;
}
