#pragma once

#include <QString>

namespace llmemory {

/// How a Memory is opened.
struct MemoryOptions
{
    /// URL or keyword form; empty = the embedded server in dataDirectory.
    QString connectionString;
    /// Absolute path; used by the embedded server, tokens and logs. Created when missing.
    QString dataDirectory;
    /// `^[a-z_][a-z0-9_]{0,62}$`
    QString schema = QStringLiteral("llmemory");
    /// Connections of the pool, 2-64.
    int poolSize = 6;
    /// false: initialize() refuses a schema that is not up to date instead of changing it.
    bool runMigrations = true;
    /// true: works on the embedding queue and takes over file batches whose program died.
    bool runWorkers = true;
    /// The llmemory executable, which is also supervisor and extraction worker; empty = this one.
    QString program;
};

} // namespace llmemory
