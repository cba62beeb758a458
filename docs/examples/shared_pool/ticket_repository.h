#pragma once

#include <QFuture>
#include <QString>

#include <llmemory/database_manager.h>

/// The tickets, in the program's own schema.
class TicketRepository
{
public:
    explicit TicketRepository(const llmemory::db::DatabaseManager &database);

    /// Makes or updates the table.
    QFuture<llmemory::Result<int>> migrate();
    /// The number of the new ticket.
    QFuture<llmemory::Result<qint64>> open(const QString &customer, const QString &subject);
    /// All tickets.
    QFuture<llmemory::Result<qint64>> count() const;

private:
    llmemory::db::DatabaseManager m_database;
};
