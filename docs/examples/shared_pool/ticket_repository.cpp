#include "ticket_repository.h"

#include <llmemory/migrations.h>
#include <llmemory/transaction.h>

using llmemory::Result;
using llmemory::db::Access;
using llmemory::db::Scope;
using llmemory::db::Session;
using llmemory::db::Statement;

namespace {

constexpr Statement kOpen{"open_ticket",
                          "INSERT INTO {{tables.tickets}} (customer, subject) VALUES ($1, $2) "
                          "RETURNING ticket_id"};
constexpr Statement kCount{"count_tickets", "SELECT count(*) FROM {{tables.tickets}}"};

} // namespace

TicketRepository::TicketRepository(const llmemory::db::DatabaseManager &database)
    : m_database(database)
{
}

QFuture<Result<int>> TicketRepository::migrate()
{
    using llmemory::migrate::SchemaMigrations;
    return SchemaMigrations::ofModules(
               m_database, {{QStringLiteral("helpdesk"), QStringLiteral(":/helpdesk/migrations")}})
        .apply();
}

QFuture<Result<qint64>> TicketRepository::open(const QString &customer, const QString &subject)
{
    // No tenant of llmemory is concerned, hence the scope without one.
    return m_database.runInTransaction(
        Access::Write,
        "open ticket",
        Scope::registry(),
        [customer, subject](Session &session) -> Result<qint64> {
            const auto row = session.queryOne(kOpen, {customer, subject});
            if (!row)
                return row.error();
            return row->bigint(0);
        });
}

QFuture<Result<qint64>> TicketRepository::count() const
{
    return m_database.run(Access::Read, [](Session &session) -> Result<qint64> {
        const auto row = session.queryOne(kCount);
        if (!row)
            return row.error();
        return row->bigint(0);
    });
}
