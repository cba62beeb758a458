// A help desk with its own table and two memories on one pool; see README.md.

#include "ticket_repository.h"

#include <QCoreApplication>

#include <cstdio>
#include <llmemory/connection_pool.h>
#include <llmemory/memory.h>

using llmemory::ErrorKind;
using llmemory::Memory;
using llmemory::OwnerId;
using llmemory::Result;
using llmemory::db::ConnectionPool;
using llmemory::db::DatabaseManager;

namespace {

enum ExitCode { Done = 0, Failed = 1, WrongUsage = 2, NotReachable = 3 };

/// Opens a memory in a schema of its own, which is made where it is missing.
Result<std::unique_ptr<Memory>> openMemory(const std::shared_ptr<ConnectionPool> &pool,
                                           const char *schema)
{
    const auto database = DatabaseManager::create(pool, QLatin1String(schema));
    if (!database)
        return database.error();
    auto memory = std::make_unique<Memory>(*database);
    if (const auto opened = memory->initialize().result(); !opened)
        return opened.error();
    return memory;
}

Result<> remember(Memory &memory, const OwnerId &team, qint64 ticket, const char *text)
{
    llmemory::DocumentInput document;
    document.owner = team;
    document.idAtOrigin = QStringLiteral("ticket/%1").arg(ticket);
    document.name = QStringLiteral("Ticket %1").arg(ticket);
    document.type = llmemory::DocumentType::Text;
    document.content = QString::fromUtf8(text);
    document.metadata = {{"ticket", ticket}};
    const auto added = memory.addDocument(document).result();
    return added ? Result<>() : added.error();
}

/// Prints what a memory finds, and says whether all of it holds @p expected.
Result<bool> findsOnly(Memory &memory,
                       const OwnerId &team,
                       const char *name,
                       const QString &expected)
{
    llmemory::SearchQuery query;
    query.owner = team;
    query.text = QStringLiteral("stripes on the printer");
    const auto answer = memory.search(query).result();
    if (!answer)
        return answer.error();
    bool isOnly = !answer->hits.isEmpty();
    for (const llmemory::SearchHit &hit : answer->hits) {
        std::printf("%s: %s\n", name, qUtf8Printable(hit.content));
        isOnly = isOnly && hit.content.contains(expected);
    }
    return isOnly;
}

/// Whether each memory finds its own text and not the other's.
Result<bool> work(const std::shared_ptr<ConnectionPool> &pool)
{
    const auto own = DatabaseManager::create(pool, QStringLiteral("helpdesk"));
    if (!own)
        return own.error();
    TicketRepository tickets(*own);
    if (const auto migrated = tickets.migrate().result(); !migrated)
        return migrated.error();
    const auto ticket =
        tickets.open(QStringLiteral("Ms Reed"), QStringLiteral("The printer prints stripes"))
            .result();
    if (!ticket)
        return ticket.error();

    bool isApart = false;
    {
        const auto answers = openMemory(pool, "helpdesk_answers");
        if (!answers)
            return answers.error();
        const auto notes = openMemory(pool, "helpdesk_notes");
        if (!notes)
            return notes.error();
        const auto team = OwnerId::parse(QStringLiteral("support"));
        if (!team)
            return team.error();

        const auto answered = remember(
            **answers, *team, *ticket, "Stripes on the printer vanish when its head is cleaned.");
        if (!answered)
            return answered.error();
        const auto noted = remember(
            **notes, *team, *ticket, "The printer with the stripes is out of guarantee since May.");
        if (!noted)
            return noted.error();

        const auto inAnswers =
            findsOnly(**answers, *team, "answers", QStringLiteral("head is cleaned"));
        if (!inAnswers)
            return inAnswers.error();
        const auto inNotes = findsOnly(**notes, *team, "notes", QStringLiteral("out of guarantee"));
        if (!inNotes)
            return inNotes.error();
        isApart = *inAnswers && *inNotes;
    } // Closes the memories, not the pool.

    const auto count = tickets.count().result();
    if (!count)
        return count.error();
    std::printf("tickets: %lld\n", static_cast<long long>(*count));
    return isApart;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QString url = qEnvironmentVariable("DATABASE_URL");
    if (url.isEmpty()) {
        std::fputs("DATABASE_URL must name a PostgreSQL database with pgvector.\n", stderr);
        return WrongUsage;
    }
    llmemory::db::PoolOptions options;
    options.maxConnections = 4;
    const auto pool = ConnectionPool::create(url, options);
    const auto isApart = pool ? work(*pool) : Result<bool>(pool.error());
    if (!isApart) {
        std::fprintf(stderr, "%s\n", qUtf8Printable(isApart.error().message));
        return isApart.error().kind == ErrorKind::Unavailable ? NotReachable : Failed;
    }
    return *isApart ? Done : Failed;
}
