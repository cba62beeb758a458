#pragma once

#include "core/base/result.h"

#include <QString>

#include <optional>
#include <sys/types.h>

namespace llmemory::cluster {

/// What the supervisor tells the programs, through a file that it replaces in one step. A value.
/// The file outlives a killed supervisor: whether one runs is told by cluster.lock alone.
struct ClusterState
{
    enum class Phase { Creating, Starting, Recovering, Ready, Stopping, Stopped, Failed };

    QString run; ///< random, one per supervisor
    pid_t supervisor = 0;
    pid_t postmaster = 0; ///< 0 = none runs
    Phase phase = Phase::Starting;
    QString clusterDirectory;   ///< ClusterDirectory::path(); empty before it is known
    int major = 0;              ///< of that cluster
    QString socketDirectory;    ///< empty before it is known
    bool isReadOnly = false;    ///< the disk is nearly full: new transactions may not write
    std::optional<Error> error; ///< with Failed

    /// Error: Permission, Unavailable.
    Result<> write(const QString &path) const;
    /// Error: NotFound when no supervisor ever ran; Validation when the file is not a state.
    static Result<ClusterState> read(const QString &path);
};

} // namespace llmemory::cluster
