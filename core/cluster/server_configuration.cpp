#include "core/cluster/server_configuration.h"

#include "core/cluster/files.h"

#include <QString>
#include <QThread>

#include <algorithm>
#include <sys/statvfs.h>
#include <unistd.h>

namespace llmemory::cluster {

namespace {

constexpr qint64 kMiB = 1024 * 1024;

/// The machine's memory, or less where a control group allows less.
qint64 memoryBytes()
{
    const qint64 machine = qint64(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
    const auto limit = files::readSmall(QStringLiteral("/sys/fs/cgroup/memory.max"));
    bool isNumber = false;
    const qint64 group = limit ? limit->trimmed().toLongLong(&isNumber) : 0;
    return isNumber && group > 0 ? std::min(machine, group) : machine;
}

qint64 sharedMemoryBytes()
{
    struct statvfs status = {};
    if (::statvfs("/dev/shm", &status) != 0)
        return 0;
    return qint64(status.f_blocks) * qint64(status.f_frsize);
}

} // namespace

ServerConfiguration ServerConfiguration::forMachine(const PostgresInstallation &installation)
{
    return {installation,
            cluster::memoryBytes(),
            cluster::sharedMemoryBytes(),
            QThread::idealThreadCount()};
}

QByteArray ServerConfiguration::toText() const
{
    // A desktop's server: one user, and other programs want the memory. It is taken as the database
    // grows. In 200,000 passages, of which searches touch 450 MB, the 95th percentile of hybrid
    // ones was 20 ms with 256 MB, the rest in the operating system's cache, and 13 ms with 512 MB
    // and with 1 GB. Below 32 MB HNSW searches evict their own pages.
    const qint64 bufferMb = std::clamp(memoryBytes / 16 / kMiB, qint64(32), qint64(1024));
    const qint64 vacuumMb = std::min(bufferMb, qint64(256));
    const qint64 cacheMb = std::max(memoryBytes / 2 / kMiB, 2 * bufferMb);
    // Parallel workers exchange rows through /dev/shm, of which containers often have 64 MB only.
    // More of them than processors wait for each other: with two, the HNSW index of 16,600 passages
    // took 16 s with one worker, 20 s with two and 25 s with none.
    const int workersPerQuery =
        sharedMemoryBytes < 256 * kMiB ? 0 : std::clamp(processors - 1, 0, 2);
    // CVE-2026-3172: parallel HNSW builds before 0.8.2 write outside their memory.
    const bool isParallelBuildSafe =
        workersPerQuery > 0 && !installation.isVectorOlderThan(QStringLiteral("0.8.2"));

    // The graph of a vector index is built in this, 1.4 KB a passage; what does not fit takes many
    // times as long. With parallel workers it is in /dev/shm, and taken as a whole.
    const qint64 wantedMb = std::clamp(memoryBytes / 32 / kMiB, vacuumMb, qint64(1024));
    const qint64 graphMb =
        isParallelBuildSafe ? std::min(wantedMb, sharedMemoryBytes / 2 / kMiB) : wantedMb;

    static const char *const text =
        R"(# Written by llmemory at every start of the server; changes here are lost.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 40
superuser_reserved_connections = 3
password_encryption = 'scram-sha-256'
cluster_name = 'llmemory'

# Nothing acknowledged is ever lost.
fsync = %6
full_page_writes = on
synchronous_commit = on
restart_after_crash = on
default_transaction_read_only = %1

shared_buffers = %2MB
effective_cache_size = %3MB
work_mem = 16MB
maintenance_work_mem = %7MB
autovacuum_work_mem = %8MB
max_parallel_workers_per_gather = %4
max_parallel_maintenance_workers = %5
jit = off
autovacuum_max_workers = 2

# No replicas, hence no log for them.
wal_level = minimal
max_wal_senders = 0
max_wal_size = 512MB
min_wal_size = 80MB

# The supervisor reads standard error. A failing statement carries the text of documents, therefore neither
# statements nor details (values) are logged.
logging_collector = off
log_destination = 'stderr'
log_line_prefix = '%m [%p] '
log_statement = none
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
lc_messages = 'C'
log_timezone = 'UTC'
timezone = 'UTC'
)";
    return QString::fromLatin1(text)
        .arg(isReadOnly ? QStringLiteral("on") : QStringLiteral("off"))
        .arg(bufferMb)
        .arg(cacheMb)
        .arg(workersPerQuery)
        .arg(isParallelBuildSafe ? workersPerQuery : 0)
        .arg(isSynced ? QStringLiteral("on") : QStringLiteral("off"))
        .arg(graphMb)
        .arg(vacuumMb)
        .toLatin1();
}

} // namespace llmemory::cluster
