#pragma once

#include "core/db/connection.h"

#include <chrono>

namespace llmemory::db {

/// The size of a ConnectionPool and its patience.
struct PoolOptions
{
    static constexpr int kMostConnections = 64;

    int minConnections = 1; ///< kept open once they were needed, 0 to maxConnections
    int maxConnections = 6; ///< at most open at a time, 1-64
    /// For one try to connect; libpq counts whole seconds, 2 at least.
    std::chrono::milliseconds connectTimeout{5'000};
    /// A task that got no connection in this time answers Unavailable with code "pool_busy".
    std::chrono::milliseconds acquireTimeout{30'000};
    /// An unused connection above minConnections is closed after this time.
    std::chrono::milliseconds idleTimeout{300'000};
    Timeouts timeouts = {};

    /// Error: Configuration with what does not fit.
    Result<> validate() const;
};

/// A ConnectionPool at one moment.
struct PoolStatistics
{
    int open = 0;    ///< connections, those just being opened included
    int busy = 0;    ///< of them at work
    int waiting = 0; ///< tasks without a connection
    int most = 0;    ///< PoolOptions::maxConnections
};

} // namespace llmemory::db
