#include "core/embed/vector_index_keeper.h"

#include "core/base/logging.h"
#include "core/db/transaction.h"
#include "core/embed/vector_index_tuning.h"

#include <QCryptographicHash>
#include <QHash>
#include <QSet>

#include <chrono>

namespace llmemory::embed {

using db::Statement;

namespace {

/// Imports come in bursts: one look for all of a burst.
constexpr std::chrono::seconds kPause{30};
/// What other programs have stored, and what was left alone, is seen after this at the latest.
constexpr std::chrono::minutes kInterval{10};

constexpr Statement kLargeOwners{
    "owners_with_many_passages",
    "SELECT owner_id, chunk_count FROM {{tables.owners}} WHERE chunk_count >= $1"};
constexpr Statement kImport{"import_of_owner",
                            "SELECT (SELECT count(*) FROM {{tables.embedding_queue}} "
                            "WHERE owner_id = $1 AND status = 'pending'), "
                            "(SELECT coalesce(sum(chunk_count), 0) FROM {{tables.documents}} "
                            "WHERE owner_id = $1 AND created_at > now() - interval '1 minute')"};
// Filters go from documents to vectors; tables of older versions have no index for that.
constexpr const char *kByDocument =
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS %1 ON %2 (owner_id, document_id)";

constexpr Statement kVectorSchema{
    "vector_schema",
    "SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n "
    "ON n.oid = e.extnamespace WHERE e.extname = 'vector'"};

// The server hides from others what a session builds: then it may be this index.
constexpr Statement kIndexes{
    "vector_indexes",
    "SELECT c.relname, a.amname = 'hnsw', i.indisvalid, "
    "EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.datname = "
    "current_database() AND (p.relid IS NULL OR p.index_relid = i.indexrelid)), "
    "coalesce(obj_description(c.oid, 'pg_class'), '') "
    "FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
    "JOIN pg_catalog.pg_am a ON a.oid = c.relam "
    "JOIN pg_catalog.pg_class t ON t.oid = i.indrelid "
    "JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace "
    "WHERE n.nspname = $1 AND t.relname = $2"};

struct IndexQuality
{
    int m;
    int efConstruction;
};

/// The reference's presets, but for Balanced, which has m 16 and ef_construction 200 there: among
/// 117,000 made-up passages a search of 1,000 candidates then finds 0.960 of the ten nearest, with
/// these 0.985 of 800. Building takes half as long again.
IndexQuality qualityOf(HnswProfile profile)
{
    switch (profile) {
    case HnswProfile::Fast:
        return {8, 80};
    case HnswProfile::Accurate:
        return {32, 400};
    case HnswProfile::Balanced:
        break;
    }
    return {32, 256};
}

struct LargeOwner
{
    OwnerId id;
    qint64 passages = 0;
};

/// One pass; what it knows of the table.
class Pass
{
public:
    Pass(db::Session &session,
         HnswProfile profile,
         const VectorIndexLimits &limits,
         const Embedder *embedder)
        : m_session(session)
        , m_quality(qualityOf(profile))
        , m_limits(limits)
        , m_embedder(embedder)
        , m_table(session.names().embeddingsTable())
    {
    }

    Result<VectorIndexChanges> run();

private:
    Result<> look();
    Result<> indexDocuments();
    Result<> buildFor(const LargeOwner &owner);
    Result<> measure(const LargeOwner &owner, const QString &index);
    Result<bool> isImporting(const LargeOwner &owner);
    Result<> dropOthers();
    Result<> drop(const QString &index);
    Result<> statement(const char *name, const QString &sql);
    QString qualified(const QString &name) const
    {
        return db::quotedIdentifier(m_session.names().schema()) + QLatin1Char('.') +
               db::quotedIdentifier(name);
    }

    db::Session &m_session;
    const IndexQuality m_quality;
    const VectorIndexLimits m_limits;
    const Embedder *const m_embedder;
    const QString m_table;
    QString m_vectorSchema;
    QList<LargeOwner> m_owners;
    QSet<QString> m_usable;    ///< indexes that are there
    QSet<QString> m_unusable;  ///< left by a build that died
    QSet<QString> m_beingMade; ///< by somebody else
    QSet<QString> m_droppable; ///< those for nearest neighbours
    QHash<QString, VectorIndexTuning> m_tunings;
    bool m_someMissing = false;
    VectorIndexChanges m_changes;
};

Result<VectorIndexChanges> Pass::run()
{
    if (auto ok = look(); !ok)
        return ok.error();
    if (auto ok = indexDocuments(); !ok)
        return ok.error();
    for (const LargeOwner &owner : std::as_const(m_owners)) {
        if (m_session.isCancelled())
            return Error::cancelled();
        if (auto ok = buildFor(owner); !ok)
            return ok.error();
    }
    if (auto ok = dropOthers(); !ok)
        return ok.error();
    return m_changes;
}

Result<> Pass::look()
{
    const auto found = db::inTransaction(
        m_session, "vector_indexes", db::Scope::registry(), [this](db::Session &s) -> Result<> {
            auto owners = s.query(kLargeOwners, {m_limits.dropBelow});
            auto indexes = s.query(kIndexes, {s.names().schema(), m_table});
            auto schema = s.queryOne(kVectorSchema);
            for (const Error *error : {owners ? nullptr : &owners.error(),
                                       indexes ? nullptr : &indexes.error(),
                                       schema ? nullptr : &schema.error()}) {
                if (error)
                    return *error;
            }
            m_vectorSchema = schema->text(0);
            m_owners.clear();
            for (const db::Row &row : *owners) {
                auto id = OwnerId::parse(row.text(0));
                if (!id)
                    return id.error();
                m_owners.append({*id, row.bigint(1)});
            }
            for (auto *names : {&m_usable, &m_unusable, &m_beingMade, &m_droppable})
                names->clear();
            m_tunings.clear();
            for (const db::Row &row : *indexes) {
                auto &names = row.boolean(2) ? m_usable : row.boolean(3) ? m_beingMade : m_unusable;
                names.insert(row.text(0));
                if (row.boolean(1))
                    m_droppable.insert(row.text(0));
                if (const auto tuning = tuningFromComment(row.text(4)))
                    m_tunings.insert(row.text(0), *tuning);
            }
            return {};
        });
    return found;
}

Result<> Pass::indexDocuments()
{
    const QString name = m_table + QLatin1String("_by_document");
    if (m_usable.contains(name) || m_beingMade.contains(name))
        return {};
    if (m_unusable.contains(name)) {
        if (auto ok = drop(name); !ok)
            return ok;
    }
    return statement(
        "index_documents_of_vectors",
        QString::fromLatin1(kByDocument).arg(db::quotedIdentifier(name), qualified(m_table)));
}

Result<> Pass::drop(const QString &index)
{
    return statement("drop_vector_index",
                     QLatin1String("DROP INDEX CONCURRENTLY IF EXISTS ") + qualified(index));
}

Result<> Pass::buildFor(const LargeOwner &owner)
{
    const QString name = vectorIndexName(m_table, owner.id);
    m_droppable.remove(name);
    if (m_usable.contains(name))
        return measure(owner, name);
    if (m_beingMade.contains(name) || owner.passages <= m_limits.buildAbove) {
        m_someMissing = m_someMissing || owner.passages > m_limits.buildAbove;
        return {};
    }
    const auto importing = isImporting(owner);
    if (!importing)
        return importing.error();
    if (*importing) {
        m_someMissing = true;
        ++m_changes.waiting;
        return {};
    }
    if (m_unusable.contains(name)) {
        if (auto ok = drop(name); !ok)
            return ok;
    }
    logging::info(QStringLiteral("building the vector index of an owner with %1 passages")
                      .arg(owner.passages));
    // An owner's id has no character that a literal would have to escape.
    const QString sql =
        QStringLiteral("CREATE INDEX CONCURRENTLY IF NOT EXISTS %1 ON %2 USING hnsw "
                       "(embedding %3.halfvec_ip_ops) WITH (m = %4, "
                       "ef_construction = %5) WHERE owner_id = '%6'")
            .arg(db::quotedIdentifier(name),
                 qualified(m_table),
                 db::quotedIdentifier(m_vectorSchema))
            .arg(m_quality.m)
            .arg(m_quality.efConstruction)
            .arg(owner.id.toString());
    if (auto ok = statement("build_vector_index", sql); !ok)
        return ok;
    ++m_changes.built;
    return measure(owner, name);
}

Result<> Pass::measure(const LargeOwner &owner, const QString &index)
{
    const auto known = m_tunings.constFind(index);
    const bool isKnown = known != m_tunings.constEnd() &&
                         owner.passages * 3 > known->passages * 2 &&
                         owner.passages * 2 < known->passages * 3;
    if (isKnown || !m_embedder)
        return {};
    const auto tuning = measureVectorIndex(m_session, *m_embedder, owner.id, owner.passages);
    if (!tuning && tuning.error().kind == ErrorKind::Database)
        return tuning.error();
    if (m_session.isCancelled())
        return Error::cancelled();
    if (!tuning) {
        logging::info(QStringLiteral("a vector index was not measured: %1 %2")
                          .arg(tuning.error().message, tuning.error().detail));
        return {};
    }
    ++m_changes.measured;
    return statement(
        "describe_vector_index",
        QStringLiteral("COMMENT ON INDEX %1 IS '%2'").arg(qualified(index), toComment(*tuning)));
}

Result<bool> Pass::isImporting(const LargeOwner &owner)
{
    const auto row = db::inTransaction(
        m_session, "import_of_owner", db::Scope::owner(owner.id), [&](db::Session &s) {
            return s.queryOne(kImport, {owner.id.toString()});
        });
    if (!row)
        return row.error();
    const qint64 withoutVector = row->bigint(0);
    const qint64 ofLastMinute = row->bigint(1);
    return (withoutVector > 0 && owner.passages <= m_limits.waitBelow) ||
           withoutVector > owner.passages / 4 ||
           double(ofLastMinute) > m_limits.growingShare * double(owner.passages);
}

Result<> Pass::dropOthers()
{
    for (const QString &name : std::as_const(m_droppable)) {
        // The index of older versions serves the large owners until they have their own.
        const bool isShared = name == m_table + QLatin1String("_hnsw");
        if (m_beingMade.contains(name) || (isShared && m_someMissing))
            continue;
        if (m_session.isCancelled())
            return Error::cancelled();
        if (auto ok = drop(name); !ok)
            return ok;
        ++m_changes.dropped;
    }
    return {};
}

/// Names of the server's own may look like our templates: they are not expanded.
Result<> Pass::statement(const char *name, const QString &sql)
{
    return m_session.connection().runScript(QString::fromLatin1(name), sql);
}

} // namespace

QString vectorIndexName(const QString &table, const OwnerId &owner)
{
    const QByteArray hash =
        QCryptographicHash::hash(owner.toString().toUtf8(), QCryptographicHash::Sha256).toHex();
    return table + QLatin1Char('_') + QString::fromLatin1(hash.left(11));
}

QString vectorIndexIdentifier(const db::SqlNames &names, const OwnerId &owner)
{
    return db::quotedIdentifier(names.schema()) + QLatin1Char('.') +
           db::quotedIdentifier(vectorIndexName(names.embeddingsTable(), owner));
}

Result<VectorIndexChanges> keepVectorIndexes(db::Session &session,
                                             HnswProfile profile,
                                             const VectorIndexLimits &limits,
                                             const Embedder *embedder)
{
    return Pass(session, profile, limits, embedder).run();
}

VectorIndexKeeper::VectorIndexKeeper(db::DatabaseManager database,
                                     std::shared_ptr<const Embedder> embedder,
                                     HnswProfile profile,
                                     const VectorIndexLimits &limits)
    : m_database(std::move(database))
    , m_embedder(std::move(embedder))
    , m_profile(profile)
    , m_limits(limits)
    , m_thread([this] { run(); })
{
}

VectorIndexKeeper::~VectorIndexKeeper()
{
    m_stopping = true;
    {
        const std::lock_guard lock(m_mutex);
        m_woken = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void VectorIndexKeeper::wake()
{
    {
        const std::lock_guard lock(m_mutex);
        m_woken = true;
    }
    m_changed.notify_all();
}

void VectorIndexKeeper::run()
{
    while (!m_stopping) {
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait_for(lock, kInterval, [this] { return m_woken; });
            m_changed.wait_for(lock, kPause, [this] { return m_stopping.load(); });
            m_woken = false;
        }
        if (m_stopping)
            return;
        const auto changes = pass();
        if (!changes && changes.error().kind != ErrorKind::Cancelled)
            logging::info(QStringLiteral("vector indexes: %1 %2")
                              .arg(changes.error().message, changes.error().detail));
        if (changes && changes->waiting > 0)
            wake();
    }
}

Result<VectorIndexChanges> VectorIndexKeeper::pass()
{
    return m_database
        .run(
            db::Access::Write,
            [this](db::Session &session) {
                return keepVectorIndexes(session, m_profile, m_limits, m_embedder.get());
            },
            [this] { return m_stopping.load(); })
        .result();
}

} // namespace llmemory::embed
