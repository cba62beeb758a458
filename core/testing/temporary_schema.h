#pragma once

#include "core/config.h"
#include "core/db/database_manager.h"

#include <QString>

namespace llmemory::testing {

/// A fresh schema for a test class or a single test, dropped at the end. Make it in initTestCase()
/// or init() and check isAvailable().
///
/// It lies on the server that LLMEMORY_TEST_DATABASE names (a libpq string; of a role that may make
/// schemas and is no superuser, since row-level security does not apply to one), or on
/// TemporaryServer::shared() without that variable. LLMEMORY_TEST_ADMIN_DATABASE names the same
/// database as its superuser; without it the schema is dropped by its owner. Any thread.
///
///     const TemporarySchema schema;
///     QVERIFY2(schema.isAvailable(), qPrintable(schema.reason()));
///     Memory memory(schema.config());
///     VERIFY_FUTURE(memory.initialize());
///
/// Close what works on it before it goes.
class TemporarySchema
{
public:
    /// @param migrate  false leaves the schema absent, for tests of the migrations.
    explicit TemporarySchema(bool migrate = true);
    ~TemporarySchema();
    Q_DISABLE_COPY_MOVE(TemporarySchema)

    /// False when there is no server, it does not answer, or the tables could not be made; reason()
    /// says why.
    bool isAvailable() const { return m_reason.isEmpty(); }
    const QString &reason() const { return m_reason; }

    /// "test_" and 32 hexadecimal digits.
    const QString &schema() const { return m_schema; }
    /// Of the role that owns the schema and that row-level security applies to.
    const QString &connectionString() const { return m_application; }
    db::ConnectionParams params() const;
    /// Of the superuser, to look past row-level security.
    db::ConnectionParams administrator() const;
    /// Options that open a Memory on the schema. The program, for extraction, is the one that
    /// LLMEMORY_EXECUTABLE names, where it is set.
    /// @param workers  whether its background workers run.
    Config config(bool workers = true) const;
    /// A manager on the schema with a pool of its own.
    db::DatabaseManager manager(int connections = 4) const;

private:
    Result<> findServer();

    QString m_schema;
    QString m_application;
    QString m_administrator;
    QString m_reason;
};

} // namespace llmemory::testing
