#pragma once

#include "core/cluster/cluster_lease.h"

#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace llmemory::testing {

/// A data directory of its own below /tmp, that the server's account can reach, and what a test
/// does to the cluster in it. Ends the supervisor when it goes.
class TestCluster
{
public:
    /// @param name  below the temporary directory; may have several levels.
    explicit TestCluster(const QString &name = QStringLiteral("data"));
    ~TestCluster();
    Q_DISABLE_COPY_MOVE(TestCluster)

    const QString &dataDirectory() const { return m_data; }
    QString filePath(const QString &name) const;
    cluster::Options options() const;
    /// Acquires; the steps reported are kept in @p steps.
    Result<std::unique_ptr<cluster::Lease>> acquire(QStringList *steps = nullptr) const;
    /// Another process that holds a lease; see cluster_helper.
    std::unique_ptr<QProcess> startHolder() const;
    /// The state as last written; empty values when there is none.
    cluster::ClusterState state() const;
    /// Whether a supervisor runs.
    bool isSupervised() const;
    /// Ends the supervisor with SIGTERM and waits for it.
    void endSupervisor() const;

private:
    QTemporaryDir m_directory;
    QString m_data;
};

/// First column of the first row as text; "ERROR <SQLSTATE or message>" when it fails.
QString queryValue(const db::ConnectionParams &params, const QByteArray &statement);
/// Whether the process exists and is no zombie.
bool isAlive(pid_t process);

} // namespace llmemory::testing
