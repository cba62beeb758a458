#include "core/tenants/tenant_mover.h"

#include <QCoreApplication>

namespace llmemory::tenants {

namespace {

// Parents before what refers to them. Vector tables follow; they are one for each model.
constexpr const char *kTables[] = {"documents",
                                   "document_contents",
                                   "document_chunks",
                                   "text_segments",
                                   "text_postings",
                                   "embedding_queue",
                                   "ingest_batches",
                                   "ingest_files",
                                   "search_history",
                                   "search_results",
                                   "notebook_queries",
                                   "notebook_judgements",
                                   "notebook_reports",
                                   "saved_searches"};

// The columns that both schemas' tables have, and whether they have the same; what is computed is
// computed anew.
constexpr const char *kColumns =
    "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname), bool_and(schemas = 2) FROM ("
    "SELECT a.attname, count(*) AS schemas FROM pg_catalog.pg_attribute a "
    "JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = "
    "c.relnamespace "
    "WHERE n.nspname IN ($1, $2) AND c.relname = $3 AND a.attnum > 0 AND NOT a.attisdropped AND "
    "a.attgenerated = '' "
    "GROUP BY a.attname) columns";
// Each names the tables of one schema; statements over both are put together of two.
constexpr const char *kVectorTables = "SELECT a.table_name FROM {{tables.embedding_providers}} a "
                                      "WHERE (a.provider_id, a.table_name) IN (";
constexpr const char *kVectorTablesThere =
    "SELECT b.provider_id, b.table_name FROM {{tables.embedding_providers}} b) ORDER BY "
    "a.table_name";
constexpr const char *kLockOwner = "SELECT 1 FROM {{tables.owners}} WHERE owner_id = $1 FOR UPDATE";
constexpr const char *kOpenBatch =
    "SELECT 1 FROM {{tables.ingest_batches}} WHERE owner_id = $1 AND finished_at IS NULL LIMIT 1";
#define OWNER_COLUMNS                                                                              \
    "owner_id, display_name, settings, document_count, chunk_count, created_at, updated_at, "      \
    "last_number, text_indexed, text_merge_due"
// An owner that is there without documents was made for this move.
constexpr const char *kTakeOwner = "INSERT INTO {{tables.owners}} AS o (" OWNER_COLUMNS ") ";
constexpr const char *kTakenOwner =
    "SELECT " OWNER_COLUMNS " FROM {{tables.owners}} WHERE owner_id = $1 "
    "ON CONFLICT (owner_id) DO UPDATE SET display_name = excluded.display_name, settings = "
    "excluded.settings, "
    "document_count = excluded.document_count, chunk_count = excluded.chunk_count, created_at = "
    "excluded.created_at, "
    "updated_at = now(), last_number = excluded.last_number, text_indexed = excluded.text_indexed, "
    "text_merge_due = excluded.text_merge_due WHERE o.document_count = 0";
// What is left of documents that were deleted there: their numbers are others' now.
constexpr const char *kForgetIndex = "DELETE FROM {{tables.text_segments}} WHERE owner_id = $1";
// Jobs for models that only the old schema knows are worth nothing in the new one.
constexpr const char *kKnownModel =
    " AND provider_id IN (SELECT provider_id FROM {{tables.embedding_providers}})";
constexpr const char *kLeave = "DELETE FROM {{tables.owners}} WHERE owner_id = $1";
// Vectors go into an index; that takes its time.
constexpr const char *kPatience = "SET LOCAL statement_timeout = '1h'";

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::tenants", text);
}

class Mover
{
public:
    Mover(db::Session &session,
          const OwnerId &owner,
          const db::SqlNames &from,
          const db::SqlNames &to)
        : m_connection(session.connection()), m_owner(owner), m_from(from), m_to(to)
    {
    }

    Result<MovedTenant> move()
    {
        if (m_from.schema() == m_to.schema())
            return conflict("tenant_is_there", tr("The tenant \"%1\" is in that schema already."));
        if (auto ok =
                m_connection.runScript(QStringLiteral("move_patience"), QLatin1String(kPatience));
            !ok)
            return ok.error();
        if (auto ok = takeOwner(); !ok)
            return ok.error();
        MovedTenant moved{.owner = m_owner};
        if (auto ok = moveRows(moved); !ok)
            return ok.error();
        auto left = m_connection.execute("leave_schema", in(m_from, kLeave), {m_owner.toString()});
        if (!left)
            return left.error();
        return moved;
    }

private:
    Result<> takeOwner()
    {
        auto found = m_connection.query("lock_owner", in(m_from, kLockOwner), {m_owner.toString()});
        if (!found)
            return found.error();
        if (found->isEmpty())
            return Error::notFound(tr("There is no owner \"%1\".").arg(m_owner.toString()));
        auto open = m_connection.query("open_batch", in(m_from, kOpenBatch), {m_owner.toString()});
        if (!open)
            return open.error();
        if (!open->isEmpty())
            return conflict("tenant_is_busy",
                            tr("Files of the tenant \"%1\" are still being read. Wait until they "
                               "are done, or cancel "
                               "them."));
        auto taken = m_connection.execute(
            "take_owner", in(m_to, kTakeOwner) + in(m_from, kTakenOwner), {m_owner.toString()});
        if (!taken)
            return taken.error();
        if (*taken == 0)
            return conflict("tenant_exists",
                            tr("The tenant \"%1\" has documents in the other schema already."));
        auto forgotten =
            m_connection.execute("forget_text_index", in(m_to, kForgetIndex), {m_owner.toString()});
        return forgotten ? Result<>() : Result<>(forgotten.error());
    }

    Result<> moveRows(MovedTenant &moved)
    {
        QStringList tables;
        for (const char *table : kTables)
            tables << QLatin1String(table);
        auto vectors = m_connection.query(
            "common_vector_tables", in(m_from, kVectorTables) + in(m_to, kVectorTablesThere), {});
        if (!vectors)
            return vectors.error();
        for (const db::Row &row : *vectors)
            tables << row.text(0);
        for (const QString &table : std::as_const(tables)) {
            auto count = moveTable(table);
            if (!count)
                return count.error();
            if (table == QLatin1String("documents"))
                moved.documents = *count;
            else if (table == QLatin1String("document_chunks"))
                moved.chunks = *count;
            else if (table.startsWith(QLatin1String("embeddings_")))
                moved.vectors += *count;
        }
        return {};
    }

    Result<qint64> moveTable(const QString &table)
    {
        auto columns = m_connection.query(
            "common_columns", QLatin1String(kColumns), {m_from.schema(), m_to.schema(), table});
        if (!columns)
            return columns.error();
        const db::Row &row = columns->first();
        if (!row.boolean(1))
            return Error{
                .kind = ErrorKind::Configuration,
                .message =
                    tr("The schemas \"%1\" and \"%2\" are not of the same version. Run: llmemory "
                       "migrate apply, for each of them.")
                        .arg(m_from.schema(), m_to.schema()),
                .code = QStringLiteral("schema_outdated")};
        const auto tableIn = [&](const db::SqlNames &names) {
            const QString name = db::quotedIdentifier(table);
            return QString(db::quotedIdentifier(names.schema()) + QLatin1Char('.') + name);
        };
        const QString list = row.text(0);
        QString statement = QLatin1String("INSERT INTO ") + tableIn(m_to) + QLatin1String(" (") +
                            list + QLatin1String(") SELECT ") + list + QLatin1String(" FROM ") +
                            tableIn(m_from) + QLatin1String(" WHERE owner_id = $1");
        if (table == QLatin1String("embedding_queue"))
            statement += in(m_to, kKnownModel);
        return m_connection.execute("move_rows", statement, {m_owner.toString()});
    }

    static QString in(const db::SqlNames &names, const char *text)
    {
        return names.expand(QString::fromLatin1(text));
    }

    Error conflict(const char *code, const QString &message) const
    {
        return {.kind = ErrorKind::Conflict,
                .message = message.arg(m_owner.toString()),
                .field = QStringLiteral("owner_id"),
                .code = QLatin1String(code)};
    }

    db::Connection &m_connection;
    const OwnerId &m_owner;
    const db::SqlNames &m_from;
    const db::SqlNames &m_to;
};

} // namespace

Result<MovedTenant> moveTenant(db::Session &session,
                               const OwnerId &owner,
                               const db::SqlNames &from,
                               const db::SqlNames &to)
{
    return Mover(session, owner, from, to).move();
}

} // namespace llmemory::tenants
