#include "test_cluster.h"

#include "core/cluster/disk_space.h"
#include "core/cluster/file_lock.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QTest>

#include <csignal>
#include <libpq-fe.h>
#include <limits>
#include <sys/stat.h>

namespace llmemory::testing {

namespace {

/// Memory where there is enough of it: some fifty clusters are created, each flushed to the disk.
QString temporaryRoot()
{
    const QString memory = QStringLiteral("/dev/shm");
    return cluster::disk::freeBytes(memory) < 2 * cluster::disk::kWritableFrom ||
                   cluster::disk::freeBytes(memory) == std::numeric_limits<qint64>::max()
               ? QStringLiteral("/tmp")
               : memory;
}

} // namespace

TestCluster::TestCluster(const QString &name)
    : m_directory(temporaryRoot() + QStringLiteral("/llmemory-cluster-XXXXXX"))
    , m_data(m_directory.filePath(name))
{
    // Unlike QTemporaryDir: when run as root, another account runs the server.
    ::chmod(QFile::encodeName(m_directory.path()).constData(), 0755);
    QDir path(m_directory.path());
    const QStringList parts = name.split(QLatin1Char('/'));
    for (const QString &part : parts) {
        path.mkdir(part);
        path.cd(part);
        ::chmod(QFile::encodeName(path.path()).constData(), 0755);
    }
}

TestCluster::~TestCluster()
{
    endSupervisor();
}

QString TestCluster::filePath(const QString &name) const
{
    return QStringLiteral("%1/%2").arg(m_data, name);
}

cluster::Options TestCluster::options() const
{
    return {m_data, QStringLiteral(CLUSTER_HELPER), {}};
}

Result<std::unique_ptr<cluster::Lease>> TestCluster::acquire(QStringList *steps) const
{
    return cluster::Lease::acquire(options(), [steps](const QString &step) {
        if (steps)
            steps->append(step);
    });
}

std::unique_ptr<QProcess> TestCluster::startHolder() const
{
    auto holder = std::make_unique<QProcess>();
    holder->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    holder->start(QStringLiteral(CLUSTER_HELPER), {QStringLiteral("hold"), m_data});
    return holder;
}

cluster::ClusterState TestCluster::state() const
{
    return cluster::ClusterState::read(filePath(QStringLiteral("cluster.state")))
        .value_or(cluster::ClusterState());
}

bool TestCluster::isSupervised() const
{
    auto lock = cluster::FileLock::open(filePath(QStringLiteral("cluster.lock")));
    return lock && lock->isHeldElsewhere();
}

void TestCluster::endSupervisor() const
{
    // Not QTRY_VERIFY: that gives up at once in a test that has failed.
    const QDeadlineTimer deadline(60'000);
    while (isSupervised() && !deadline.hasExpired()) {
        const pid_t supervisor = state().supervisor;
        if (isAlive(supervisor))
            ::kill(supervisor, SIGTERM);
        QTest::qSleep(50);
    }
}

QString queryValue(const db::ConnectionParams &params, const QByteArray &statement)
{
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(
        PQsetdbLogin(params.host.toUtf8().constData(),
                     QByteArray::number(params.port).constData(),
                     nullptr,
                     nullptr,
                     params.database.toUtf8().constData(),
                     params.user.toUtf8().constData(),
                     params.password.toUtf8().constData()),
        &PQfinish);
    if (PQstatus(connection.get()) != CONNECTION_OK)
        return QStringLiteral("ERROR %1").arg(QString::fromUtf8(PQerrorMessage(connection.get())));
    PQsetNoticeProcessor(
        connection.get(), [](void *, const char *) {}, nullptr);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(connection.get(), statement.constData()), &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        return QStringLiteral("ERROR %1")
            .arg(QString::fromLatin1(PQresultErrorField(result.get(), PG_DIAG_SQLSTATE)));
    }
    return PQntuples(result.get()) > 0 ? QString::fromUtf8(PQgetvalue(result.get(), 0, 0))
                                       : QString();
}

bool isAlive(pid_t process)
{
    QFile status(QStringLiteral("/proc/%1/stat").arg(process));
    return process > 0 && status.open(QIODevice::ReadOnly) && !status.readAll().contains(") Z ");
}

} // namespace llmemory::testing
