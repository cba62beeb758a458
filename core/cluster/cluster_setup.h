#pragma once

#include "core/base/result.h"
#include "core/cluster/cluster_paths.h"
#include "core/cluster/cluster_starter.h"

#include <QString>

#include <functional>

namespace llmemory::cluster {

/// Finds the cluster of a data directory, with the programs and the account it needs, or creates
/// the first one. An existing cluster is used or refused, never replaced by an empty one. Only
/// while cluster.lock is held.
/// @param account   name of the server's account when run as root; empty = choose.
/// @param creating  called before a cluster is created.
/// Error: Configuration "db_missing", "db_no_vector", "db_version", "db_newer", "db_damaged";
/// Permission "db_root"; Unavailable "disk_full"; as ClusterCreator::create().
Result<ClusterStarter::Cluster> setUpCluster(ClusterPaths &paths,
                                             const QString &account,
                                             ServerLog &log,
                                             const StartHooks &hooks,
                                             const std::function<void()> &creating);

} // namespace llmemory::cluster
