#pragma once

#include "core/base/result.h"
#include "core/db/connection_params.h"

#include <QString>

#include <optional>
#include <sys/types.h>

namespace llmemory::cluster {

inline constexpr int kServerPort = 5432; ///< only part of the socket's name: there is no TCP
inline constexpr auto kDatabaseName = "llmemory";
inline constexpr auto kAdminRole = "llmemory_admin"; ///< superuser
inline constexpr auto kOwnerRole = "llmemory_owner"; ///< NOLOGIN, owns database and schemas
inline constexpr auto kAppRole = "llmemory_app";     ///< what the program works as

/// The server's socket in its directory.
QString socketPath(const QString &socketDirectory);

/// The files of the cluster of one PostgreSQL major version: `<base>/cluster/<major>/`. A value;
/// names only, apart from the functions that say they read.
///
/// The server's account owns `data` alone; everything beside it (record, passwords, configuration)
/// is the program's, so a root program never writes where a weaker account could have put a link.
class ClusterDirectory
{
public:
    /// Written into the record; a higher number found there means a later llmemory.
    static constexpr int kFormat = 1;

    ClusterDirectory(const QString &path, int major);

    int major() const { return m_major; }
    const QString &path() const { return m_path; }
    QString data() const;
    /// Where a new data directory is prepared; unique per process.
    QString newData() const;
    QString configuration() const;
    QString record() const;
    QString adminPassword() const;
    QString appPassword() const;
    QString ballast() const;

    /// Owner of the data directory; empty when there is none. Reads.
    std::optional<uid_t> dataOwner() const;
    /// Whether the cluster can be used: data, both passwords, a record of a format we know, and a
    /// matching PG_VERSION. Completes a record whose writing was interrupted after everything else
    /// was in place. Error: Configuration "db_newer", "db_damaged".
    Result<> verify() const;
    /// Says for good that creation is complete.
    Result<> writeRecord() const;
    /// Login as @p role through @p socketDirectory. Reads the password. @p role is kAdminRole or
    /// kAppRole.
    Result<db::ConnectionParams> login(const QString &role, const QString &socketDirectory) const;

private:
    QString m_path;
    int m_major;
};

} // namespace llmemory::cluster
