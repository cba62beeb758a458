#pragma once

#include "core/db/database_manager.h"
#include "core/memory_options.h"

#include <QString>

#include <memory>

namespace llmemory::testing {

/// A fresh schema on the test run's PostgreSQL, dropped at the end. One a test class:
/// make it in initTestCase() and check isAvailable().
class TestDatabase
{
public:
    /// @param migrate  false leaves the schema absent, for tests of the migrations.
    explicit TestDatabase(bool migrate = true);
    ~TestDatabase();
    Q_DISABLE_COPY_MOVE(TestDatabase)

    /// False without LLMEMORY_TEST_DATABASE or when the server does not answer; reason() says why.
    bool isAvailable() const { return m_reason.isEmpty(); }
    const QString &reason() const { return m_reason; }

    const QString &schema() const { return m_schema; }
    /// Of the role that owns the schema and that row-level security applies to.
    QString connectionString() const;
    db::ConnectionParams params() const;
    /// Of the superuser, to look past row-level security.
    db::ConnectionParams administrator() const;
    /// Options that open a Memory on the schema, with the real executable for extraction.
    /// @param workers  whether its background workers run.
    MemoryOptions memoryOptions(bool workers = true) const;
    /// A manager on the schema with a pool of its own.
    db::DatabaseManager manager(int connections = 4) const;

private:
    QString m_schema;
    QString m_reason;
};

} // namespace llmemory::testing
