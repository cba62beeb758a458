#pragma once

#include <QDateTime>
#include <QList>
#include <QString>

namespace llmemory::migrate {

/// Where a schema stands.
struct SchemaStatus
{
    struct Entry
    {
        QString module;
        qint64 number = 0;
        QString fileName;
        bool applied = false;
        QDateTime appliedAt; ///< UTC; invalid when not applied
    };
    QString schema;
    QList<Entry> entries; ///< module by module, each by number
    int pending = 0;      ///< migrations not yet applied
};

/// What apply() would do.
struct MigrationPlan
{
    struct Step
    {
        QString module;
        qint64 number = 0;
        QString fileName;
        QString sql; ///< as it is sent, names of schema and tables filled in
        /// False for a file that runs statement by statement and keeps what it did when a later
        /// statement fails.
        bool inTransaction = true;
    };
    QString schema;
    bool createsSchema = false; ///< the schema does not exist yet
    QList<Step> steps;          ///< in the order in which they would be applied
    int total = 0;              ///< of the program, the applied ones as well
};

} // namespace llmemory::migrate
