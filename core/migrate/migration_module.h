#pragma once

#include <QString>

namespace llmemory::migrate {

/// Migrations that belong together: a folder of `NUMBER_what.sql` files, tracked under one name.
struct MigrationModule
{
    /// In `schema_migrations`: 1-100 of `[A-Za-z0-9_.-]`; "llmemory" is ours.
    QString name;
    /// A directory or a resource path.
    QString folder;
};

} // namespace llmemory::migrate
