#include "core/testing/temporary_server.h"

#include <QCoreApplication>

#include <cstdio>

// Starts a server, says where it is or what went wrong, and keeps it until its input ends.
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const auto server = llmemory::testing::TemporaryServer::start();
    const QString line = server ? (*server)->directory() : server.error().message;
    std::puts(line.toLocal8Bit().constData());
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return server ? 0 : 1;
}
