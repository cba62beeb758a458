#include "core/embed/vector_index_tuning.h"

#include "core/db/sql_array.h"
#include "core/db/transaction.h"

#include <QRegularExpression>
#include <QUuid>

#include <algorithm>

namespace llmemory::embed {

using db::Statement;

namespace {

constexpr int kQueries = 300; // the measure is then off by 0.003 at most, two times in three
constexpr int kFewestWords = 2;
constexpr int kMostWords = 12;
constexpr int kTellingLetters = 4;
constexpr int kCharactersPerWord = 2; // of a text without spaces
constexpr int kBest = 10;
constexpr double kGoodRecall = 0.985; // 0.98 is promised
constexpr double kSame = 1e-6;        // rounding of half precision
// A search takes 100 candidates; 1,000 is pgvector's limit.
constexpr int kEfSearch[] = {
    100, 110, 120, 140, 160, 200, 240, 280, 340, 400, 480, 560, 680, 800, 1000};

// Ids are random: the next one after a random id is a random passage.
constexpr Statement kPassage{
    "tuning_passage",
    "SELECT content FROM {{tables.document_chunks}} WHERE owner_id = $1 AND chunk_id >= $2::uuid "
    "AND chunk_level = 1 ORDER BY owner_id, chunk_id LIMIT 1"};
constexpr Statement kExact{"tuning_exact",
                           "SELECT max(nearest.distance) FROM (SELECT (x.embedding <#> "
                           "$2::halfvec) + 0 AS distance FROM {{embeddings}} x WHERE x.owner_id = "
                           "$1 ORDER BY 1 LIMIT 10) nearest"};
// As many rows as a search takes of the leg.
constexpr Statement kIndexed{
    "tuning_hnsw",
    "SELECT count(*) FROM (SELECT x.embedding <#> $2::halfvec AS distance FROM {{embeddings}} x "
    "WHERE x.owner_id = $1 ORDER BY x.embedding <#> $2::halfvec LIMIT 100) found "
    "WHERE found.distance <= $3::float8"};
// For this transaction only.
constexpr Statement kKnobs{"hnsw_knobs",
                           "SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), "
                           "set_config('hnsw.ef_search', $1, true), "
                           "set_config('enable_sort', 'off', true), "
                           "set_config('enable_seqscan', 'off', true)"};
constexpr Statement kNoKnobs{"no_hnsw_knobs",
                             "SELECT set_config('enable_sort', 'on', true), "
                             "set_config('enable_seqscan', 'on', true)"};

struct Probe
{
    QString vector;   ///< literal
    double tenth = 0; ///< distance of the tenth nearest passage
};

Result<QStringList> sampleQueries(db::Session &session, const OwnerId &owner)
{
    QStringList queries;
    for (int i = 0; i < kQueries; ++i) {
        auto rows = session.query(
            kPassage, {owner.toString(), QUuid::createUuid().toString(QUuid::WithoutBraces)});
        if (!rows)
            return rows.error();
        if (!rows->isEmpty()) // else the random id is behind the last one
            queries += someWords(rows->first().text(0),
                                 double(i) / kQueries,
                                 kFewestWords + i % (kMostWords - kFewestWords + 1));
    }
    return queries;
}

Result<QList<Probe>> nearestOf(db::Session &session,
                               const OwnerId &owner,
                               const std::vector<QString> &vectors)
{
    QList<Probe> probes;
    for (const QString &vector : vectors) {
        auto row = session.queryOne(kExact, {owner.toString(), vector});
        if (!row)
            return row.error();
        if (!row->isNull(0))
            probes.append({vector, row->real(0)});
    }
    return probes;
}

Result<double> recallAt(db::Session &session,
                        const OwnerId &owner,
                        const QList<Probe> &probes,
                        int efSearch)
{
    const auto knobs = vectorIndexKnobs(efSearch);
    if (auto ok = session.query(knobs.statement, knobs.values); !ok)
        return ok.error();
    qint64 found = 0;
    for (const Probe &probe : probes) {
        auto row =
            session.queryOne(kIndexed, {owner.toString(), probe.vector, probe.tenth + kSame});
        if (!row)
            return row.error();
        found += std::min<qint64>(row->bigint(0), kBest);
    }
    return probes.isEmpty() ? 1.0 : double(found) / double(kBest * probes.size());
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
    const auto queries = db::inTransaction(
        session, "tuning_queries", scope, [&](db::Session &s) { return sampleQueries(s, owner); });
    if (!queries)
        return queries.error();
    std::vector<QString> vectors;
    for (const QString &query : *queries) {
        const auto vector =
            embedder.embedQueryUnless([&session] { return session.isCancelled(); }, query);
        if (!vector)
            return vector.error();
        vectors.push_back(db::vectorLiteral(*vector));
    }
    return db::inTransaction(
        session, "vector_index_recall", scope, [&](db::Session &s) -> Result<VectorIndexTuning> {
            const auto probes = nearestOf(s, owner, vectors);
            if (!probes)
                return probes.error();
            VectorIndexTuning tuning{.passages = passages};
            for (const int efSearch : kEfSearch) {
                const auto recall = recallAt(s, owner, *probes, efSearch);
                if (!recall)
                    return recall.error();
                tuning.efSearch = efSearch;
                tuning.recallAt10 = *recall;
                if (*recall >= kGoodRecall)
                    break;
            }
            return tuning;
        });
}

} // namespace llmemory::embed
