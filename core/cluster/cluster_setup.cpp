#include "core/cluster/cluster_setup.h"

#include "core/base/logging.h"
#include "core/cluster/cluster_creator.h"
#include "core/cluster/cluster_errors.h"
#include "core/cluster/disk_space.h"
#include "core/cluster/leftovers.h"

#include <QCoreApplication>

#include <optional>

namespace llmemory::cluster {

namespace {

/// The one to use: of the newest major version.
std::optional<ClusterDirectory> current(const ClusterPaths &paths)
{
    const QList<ClusterDirectory> existing = paths.existingClusters();
    return existing.isEmpty() ? std::nullopt : std::optional(existing.first());
}

std::optional<uid_t> ownerOf(const std::optional<ClusterDirectory> &cluster)
{
    return cluster ? cluster->dataOwner() : std::nullopt;
}

Result<> checkOwner(const ClusterDirectory &directory, const ServerAccount &account)
{
    if (directory.dataOwner() == account.uid())
        return {};
    return Error{
        ErrorKind::Permission,
        QCoreApplication::translate("llmemory::cluster",
                                    "The database in %1 belongs to another user than %2. Run "
                                    "llmemory as its owner, or choose another data directory.")
            .arg(directory.path(), account.name())};
}

void warnOfKnownFaults(const PostgresInstallation &installation)
{
    if (installation.major == 15 && installation.minor < 19)
        logging::warning(QStringLiteral("PostgreSQL 15.%1 has known faults; install 15.19 or later")
                             .arg(installation.minor));
    if (installation.isVectorOlderThan(QStringLiteral("0.8.4")))
        logging::warning(
            QStringLiteral("pgvector %1 has known faults in HNSW; install 0.8.4 or later")
                .arg(installation.vectorVersion));
}

} // namespace

Result<ClusterStarter::Cluster> setUpCluster(ClusterPaths &paths,
                                             const QString &account,
                                             ServerLog &log,
                                             const StartHooks &hooks,
                                             const std::function<void()> &creating)
{
    auto existing = current(paths);
    const auto binaries = PostgresBinaries::find();
    const auto choose = [&] {
        return existing ? binaries.forMajor(existing->major(), existing->path())
                        : binaries.newest();
    };
    auto installation = choose();
    if (!installation)
        return installation.error();
    auto serverAccount = ServerAccount::choose(account, ownerOf(existing));
    if (!serverAccount)
        return serverAccount.error();
    if (const auto settled = paths.settle(*serverAccount); !settled)
        return settled.error();
    if (!existing) {
        // The base it settled on may hold the clusters of this data directory from an earlier time.
        existing = current(paths);
        installation = choose();
        if (!installation)
            return installation.error();
        if (existing)
            serverAccount = ServerAccount::choose(account, ownerOf(existing));
        if (!serverAccount)
            return serverAccount.error();
    }
    warnOfKnownFaults(*installation);
    const auto socketDirectory = paths.makeSocketDirectory(*serverAccount);
    if (!socketDirectory)
        return socketDirectory.error();

    const ClusterStarter::Cluster cluster{*installation,
                                          *serverAccount,
                                          existing.value_or(paths.cluster(installation->major)),
                                          *socketDirectory};
    if (!existing) {
        const qint64 free = disk::freeBytes(paths.baseDirectory());
        if (free < disk::kReadOnlyBelow)
            return errors::diskFull(free, paths.baseDirectory());
        creating();
        if (const auto created = ClusterCreator(cluster, log, hooks).create(); !created)
            return created.error();
        return cluster;
    }
    if (const auto removed = leftovers::removeUnfinished(cluster.directory.path()); !removed)
        return removed.error();
    if (const auto verified = cluster.directory.verify(); !verified)
        return verified.error();
    if (const auto owned = checkOwner(cluster.directory, *serverAccount); !owned)
        return owned.error();
    return cluster;
}

} // namespace llmemory::cluster
