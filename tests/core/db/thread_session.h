#pragma once

#include "core/db/session.h"
#include "core/testing/temporary_schema.h"

#include <memory>

namespace llmemory::testing {

/// A session of the calling thread on a test's schema, without a pool.
class ThreadSession
{
public:
    explicit ThreadSession(const TemporarySchema &database)
        : ThreadSession(database, database.params())
    {
    }
    /// @param params  another role, for example database.administrator().
    ThreadSession(const TemporarySchema &database, const db::ConnectionParams &params)
        : m_names(database.manager(1).names())
        , m_connection(open(params))
        , m_session(*m_connection, m_names)
    {
    }

    db::Session &operator*() { return m_session; }
    db::Session *operator->() { return &m_session; }

private:
    static std::unique_ptr<db::Connection> open(const db::ConnectionParams &params)
    {
        auto connection = db::Connection::open(params);
        if (!connection)
            qFatal("%s", qPrintable(connection.error().message));
        return std::move(*connection);
    }

    db::SqlNames m_names;
    std::unique_ptr<db::Connection> m_connection;
    db::Session m_session;
};

} // namespace llmemory::testing
