#include "core/embed/vector_index_tuning.h"

#include "core/db/sql_array.h"
#include "core/db/transaction.h"

#include <QRegularExpression>
#include <QUuid>

#include <algorithm>

namespace llmemory::embed {

using db::Statement;

namespace {

constexpr int kQueries = 1000; // the measure is then off by 0.002 at most, two times in three
constexpr int kFewestWords = 2;
constexpr int kMostWords = 12;
constexpr int kTellingLetters = 4;
constexpr int kCharactersPerWord = 2; // of a text without spaces
constexpr int kBest = 10;
// 0.98 is promised, also to who asks 200 queries and is off by 0.004.
constexpr double kGoodRecall = 0.985;
constexpr double kSame = 1e-6; // rounding of half precision
// In one pass over all passages: as many queries as stay in the processor's cache, and no more than
// some seconds of work, for a statement has a time limit (0.14 to 0.18 microseconds each).
constexpr qsizetype kQueriesPerPass = 100;
constexpr qint64 kComparisonsPerPass = 20'000'000;
// A search takes 100 candidates; 1,000 is pgvector's limit.
constexpr int kEfSearch[] = {
    100, 110, 120, 140, 160, 200, 240, 280, 340, 400, 480, 560, 680, 800, 1000};

// Ids are random: the next one after a random id is a random passage.
constexpr Statement kPassage{
    "tuning_passage",
    "SELECT content FROM {{tables.document_chunks}} WHERE owner_id = $1 AND chunk_id >= $2::uuid "
    "AND chunk_level = 1 ORDER BY owner_id, chunk_id LIMIT 1"};
// All queries at once, since reading a passage costs ten times as much as comparing it. OFFSET 0
// keeps the planner from going through all passages for each of them.
constexpr Statement kNearer{
    "tuning_nearer",
    "SELECT nearer.query::int - 1, nearer.distance FROM {{embeddings}} x CROSS JOIN LATERAL "
    "(SELECT q.number AS query, x.embedding <#> q.vector AS distance "
    "FROM unnest($2::halfvec[], $3::float8[]) WITH ORDINALITY AS q(vector, bound, number) "
    "WHERE x.embedding <#> q.vector < q.bound OFFSET 0) nearer WHERE x.owner_id = $1"};
// As many candidates as a search takes of the leg.
constexpr Statement kIndexed{
    "tuning_hnsw",
    "SELECT found.distance FROM (SELECT x.embedding <#> $2::halfvec AS distance "
    "FROM {{embeddings}} x WHERE x.owner_id = $1 ORDER BY x.embedding <#> $2::halfvec LIMIT 100) "
    "found ORDER BY found.distance LIMIT 10"};
// For this transaction only.
constexpr Statement kKnobs{"hnsw_knobs",
                           "SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), "
                           "set_config('hnsw.ef_search', $1, true), "
                           "set_config('enable_sort', 'off', true), "
                           "set_config('enable_seqscan', 'off', true)",
                           db::Plan::Kept};
constexpr Statement kNoKnobs{"no_hnsw_knobs",
                             "SELECT set_config('enable_sort', 'on', true), "
                             "set_config('enable_seqscan', 'on', true)",
                             db::Plan::Kept};

struct Probe
{
    QString vector; ///< literal
    /// Of the nearest passages that the index finds, ascending.
    QList<double> found = {};
    double tenth = 0; ///< distance of the tenth nearest passage
};

Result<> askIndex(db::Session &session, const OwnerId &owner, int efSearch, QList<Probe> &probes)
{
    const auto knobs = vectorIndexKnobs(efSearch);
    if (auto ok = session.query(knobs.statement, knobs.values); !ok)
        return ok.error();
    for (Probe &probe : probes) {
        const auto rows = session.query(kIndexed, {owner.toString(), probe.vector});
        if (!rows)
            return rows.error();
        probe.found.clear();
        for (const db::Row &row : *rows)
            probe.found.append(row.real(0));
    }
    const auto noKnobs = noVectorIndexKnobs();
    if (auto ok = session.query(noKnobs.statement, noKnobs.values); !ok)
        return ok.error();
    return {};
}

/// Compares all passages, once for many queries. What the index found bounds what is looked for:
/// only passages that it missed, and those that are nearer than its tenth, are answered.
/// @param passages  of the owner, about.
Result<> findTenths(db::Session &session,
                    const OwnerId &owner,
                    qint64 passages,
                    QList<Probe> &probes)
{
    const qsizetype most = std::clamp<qsizetype>(
        kComparisonsPerPass / std::max<qint64>(passages, 1), 1, kQueriesPerPass);
    for (qsizetype first = 0; first < probes.size(); first += most) {
        const qsizetype count = std::min(most, probes.size() - first);
        QStringList vectors;
        QStringList bounds;
        for (const Probe &probe : std::as_const(probes).mid(first, count)) {
            vectors << probe.vector;
            bounds << QString::number(probe.found.last(), 'g', 17);
        }
        const auto rows = session.query(
            kNearer, {owner.toString(), db::textArray(vectors), db::textArray(bounds)});
        if (!rows)
            return rows.error();
        QList<QList<double>> nearer(count);
        for (const db::Row &row : *rows)
            nearer[row.bigint(0)].append(row.real(1));
        for (qsizetype i = 0; i < count; ++i) {
            Probe &probe = probes[first + i];
            QList<double> &distances = nearer[i];
            std::sort(distances.begin(), distances.end());
            probe.tenth = distances.value(kBest - 1, probe.found.last());
        }
    }
    return {};
}

double recallOf(const QList<Probe> &probes)
{
    qsizetype found = 0;
    for (const Probe &probe : probes) {
        found += std::count_if(probe.found.begin(), probe.found.end(), [&](double distance) {
            return distance <= probe.tenth + kSame;
        });
    }
    return probes.isEmpty() ? 1.0 : double(found) / double(kBest * probes.size());
}

Result<VectorIndexTuning> tune(db::Session &session,
                               const OwnerId &owner,
                               qint64 passages,
                               const QStringList &vectors)
{
    QList<Probe> probes;
    for (const QString &vector : vectors)
        probes.append({.vector = vector});
    VectorIndexTuning tuning{.passages = passages};
    for (const int efSearch : kEfSearch) {
        if (auto ok = askIndex(session, owner, efSearch, probes); !ok)
            return ok.error();
        if (tuning.efSearch == 0) {
            // The index lacks the passages that have no vector yet.
            probes.removeIf([](const Probe &probe) { return probe.found.size() < kBest; });
            if (auto ok = findTenths(session, owner, passages, probes); !ok)
                return ok.error();
        }
        tuning.efSearch = efSearch;
        tuning.recallAt10 = recallOf(probes);
        if (tuning.recallAt10 >= kGoodRecall)
            break;
    }
    return tuning;
}

} // namespace

QString toComment(const VectorIndexTuning &tuning)
{
    return QStringLiteral("ef_search=%1 recall_at_10=%2 passages=%3")
        .arg(tuning.efSearch)
        .arg(tuning.recallAt10, 0, 'f', 3)
        .arg(tuning.passages);
}

std::optional<VectorIndexTuning> tuningFromComment(const QString &comment)
{
    static const QRegularExpression form(QStringLiteral(
        "\\Aef_search=([0-9]{1,4}) recall_at_10=([01][.][0-9]{3}) passages=([0-9]{1,18})\\z"));
    const auto match = form.match(comment);
    if (!match.hasMatch())
        return {};
    return VectorIndexTuning{
        match.captured(1).toInt(), match.captured(2).toDouble(), match.captured(3).toLongLong()};
}

Result<QStringList> sampleQueries(db::Session &session, const OwnerId &owner, int count)
{
    QStringList queries;
    for (int i = 0; i < count; ++i) {
        auto rows = session.query(
            kPassage, {owner.toString(), QUuid::createUuid().toString(QUuid::WithoutBraces)});
        if (!rows)
            return rows.error();
        if (!rows->isEmpty()) // else the random id is behind the last one
            queries += someWords(rows->first().text(0),
                                 double(i) / count,
                                 kFewestWords + i % (kMostWords - kFewestWords + 1));
    }
    return queries;
}

db::BoundStatement vectorIndexKnobs(int efSearch)
{
    return {kKnobs, {QString::number(efSearch)}};
}

db::BoundStatement noVectorIndexKnobs()
{
    return {kNoKnobs, {}};
}

QString someWords(const QString &text, double where, int count)
{
    const QStringList all = text.simplified().split(QLatin1Char(' '));
    if (all.size() == 1) {
        const int characters = count * kCharactersPerWord;
        const qsizetype rest = std::max<qsizetype>(text.size() - characters, 0);
        return text.mid(qsizetype(where * double(rest)), characters);
    }
    QStringList telling = all;
    telling.removeIf([](const QString &word) { return word.size() < kTellingLetters; });
    const QStringList &words = telling.size() < count ? all : telling;
    const auto first = qsizetype(where * double(std::max<qsizetype>(words.size() - count, 0) + 1));
    return words.mid(first, count).join(QLatin1Char(' '));
}

Result<VectorIndexTuning> measureVectorIndex(db::Session &session,
                                             const Embedder &embedder,
                                             const OwnerId &owner,
                                             qint64 passages)
{
    const db::Scope scope = db::Scope::owner(owner);
    const auto queries = db::inTransaction(session, "tuning_queries", scope, [&](db::Session &s) {
        return sampleQueries(s, owner, kQueries);
    });
    if (!queries)
        return queries.error();
    QStringList vectors;
    for (const QString &query : *queries) {
        const auto vector =
            embedder.embedQueryUnless([&session] { return session.isCancelled(); }, query);
        if (!vector)
            return vector.error();
        vectors << db::vectorLiteral(*vector);
    }
    return db::inTransaction(session, "vector_index_recall", scope, [&](db::Session &s) {
        return tune(s, owner, passages, vectors);
    });
}

} // namespace llmemory::embed
