#pragma once

#include "core/base/result.h"

#include <QList>
#include <QString>

namespace llmemory::cluster {

/// One installed PostgreSQL server. A value.
struct PostgresInstallation
{
    int major = 0;
    int minor = 0;
    QString binDirectory;  ///< holds postgres and initdb
    QString vectorVersion; ///< pgvector's version, "0.8.6"; empty = not installed for this server

    QString program(const QString &name) const;
    /// Whether pgvector is older than @p other, "0.8.2". False when it is absent.
    bool isVectorOlderThan(const QString &other) const;
};

/// Finds the PostgreSQL servers of this machine. Runs `postgres --version`; some milliseconds each.
/// Any thread.
class PostgresBinaries
{
public:
    /// The least major version that llmemory runs on.
    static constexpr int kLeastMajor = 14;

    /// Looks in $LLMEMORY_PG_BINDIR alone when that is set; else in the places where distributions
    /// put servers, `pg_config --bindir` and PATH.
    static PostgresBinaries find();

    /// All found, newest first, those without pgvector included.
    const QList<PostgresInstallation> &all() const { return m_all; }
    /// For a new cluster: the newest that has pgvector. Error: Configuration "db_missing",
    /// "db_no_vector".
    Result<PostgresInstallation> newest() const;
    /// For an existing cluster. Error: Configuration "db_version", "db_no_vector".
    /// @param dataPath  for the message.
    Result<PostgresInstallation> forMajor(int major, const QString &dataPath) const;

private:
    QList<PostgresInstallation> m_all;
    QString m_demanded;
};

} // namespace llmemory::cluster
