#include "app/cli/bench_corpus.h"

#include "app/cli/concurrent_calls.h"
#include "app/cli/embedding_wait.h"
#include "app/cli/format.h"
#include "core/base/limits.h"
#include "core/embed/vector_index_keeper.h"
#include "core/embed/vector_index_status.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace llmemory::app {

namespace {

using eval::BenchCorpus;
using eval::CorpusSize;
using eval::PlannedDocument;
using eval::SyntheticCorpus;
using State = embed::VectorIndexState;

constexpr int kStoresAtOnce = 4;
constexpr std::chrono::milliseconds kPause{500};
/// How long nobody may build an index, and one may stay without a measure.
constexpr qint64 kIndexPatienceMs = 20 * 60'000;
/// Of the planned passages; more than that is not what was asked for.
constexpr double kTolerance = 0.15;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

/// The ids at origin that a tenant has already.
Result<QSet<QString>> existingIds(const OwnerId &owner, Memory &memory, CommandContext &context)
{
    QSet<QString> ids;
    DocumentListQuery query{.owner = owner, .limit = limits::kPageLimit};
    for (qint64 total = 1; query.offset < total; query.offset += query.limit) {
        const auto page = context.await(memory.listDocuments(query));
        if (!page)
            return page.error();
        total = page->total;
        for (const Document &document : page->documents)
            ids.insert(document.idAtOrigin);
    }
    return ids;
}

/// What of the plan is still to be made.
Result<QList<PlannedDocument>> missingDocuments(const SyntheticCorpus &corpus,
                                                int owners,
                                                const BenchOwners &present,
                                                Memory &memory,
                                                CommandContext &context)
{
    QList<QSet<QString>> ids(owners);
    for (int i = 0; i < owners; ++i) {
        const auto id = corpus.owner(i);
        if (!id)
            return id.error();
        const bool isPresent = std::any_of(
            present.begin(), present.end(), [&](const Owner &owner) { return owner.id == *id; });
        if (!isPresent)
            continue;
        auto existing = existingIds(*id, memory, context);
        if (!existing)
            return existing.error();
        ids[i] = std::move(*existing);
    }
    QList<PlannedDocument> missing = corpus.plan();
    missing.removeIf([&](const PlannedDocument &planned) {
        return ids.at(planned.owner).contains(corpus.idAtOrigin(planned));
    });
    return missing;
}

Result<> store(const SyntheticCorpus &corpus,
               const QList<PlannedDocument> &documents,
               Memory &memory,
               CommandContext &context)
{
    qsizetype done = 0;
    ConcurrentCalls<AddedDocument> calls(
        context,
        [&](qsizetype index) -> QFuture<Result<AddedDocument>> {
            const auto input = corpus.document(documents.at(index));
            return memory.addDocument(input ? *input : DocumentInput());
        },
        [&](qsizetype, const Result<AddedDocument> &added) -> Result<> {
            ++done;
            context.console().showStatus(
                tr("Storing document %1 of %2")
                    .arg(formatCount(done), formatCount(documents.size())));
            return added ? Result<>() : Result<>(added.error());
        });
    auto ok = calls.run(documents.size(), kStoresAtOnce);
    context.console().clearStatus();
    return ok;
}

/// The id of the model.
Result<QString> embed(const BenchOwners &owners, Memory &memory, CommandContext &context)
{
    QString model;
    for (const Owner &owner : owners) {
        const Embeddings embeddings = embedPending(owner.id, memory, context);
        if (context.interrupts().isInterrupted())
            return Error::cancelled();
        if (embeddings.error)
            return *embeddings.error;
        model = embeddings.model;
        const qint64 missing = embeddings.pending + embeddings.failed;
        if (missing > 0)
            context.console().note(tr("Passages of %1 without a vector: %2.")
                                       .arg(owner.id.toString(), formatCount(missing)));
    }
    return model;
}

void pause(const Interrupts &interrupts)
{
    QEventLoop loop;
    QTimer::singleShot(kPause, &loop, &QEventLoop::quit);
    QObject::connect(&interrupts, &Interrupts::interrupted, &loop, &QEventLoop::quit);
    if (!interrupts.isInterrupted())
        loop.exec();
}

/// Tells when what is there is not what was asked for.
void compare(const BenchCorpus &corpus, const CorpusSize &size, Console &console)
{
    const double planned = double(size.passages);
    if (std::abs(double(corpus.passages) - planned) <= kTolerance * planned)
        return;
    console.note(tr("The tenants have %1 passages instead of %2: they were made with other "
                    "numbers before. Another --owner-prefix makes a corpus of its own.")
                     .arg(formatCount(corpus.passages), formatCount(size.passages)));
}

} // namespace

Result<BenchOwners> findBenchOwners(const QString &prefix, Memory &memory, CommandContext &context)
{
    auto owners = context.await(memory.listOwners());
    if (!owners)
        return owners.error();
    const QRegularExpression name(
        QStringLiteral("^%1-[0-9]{3,}$").arg(QRegularExpression::escape(prefix)));
    owners->removeIf(
        [&](const Owner &owner) { return !name.match(owner.id.toString()).hasMatch(); });
    std::sort(owners->begin(), owners->end(), [](const Owner &a, const Owner &b) {
        return a.chunkCount != b.chunkCount ? a.chunkCount > b.chunkCount : a.id < b.id;
    });
    return std::move(*owners);
}

Error noBenchCorpus(const QString &prefix)
{
    return Error::notFound(
        tr("There is no tenant \"%1-001\". \"llmemory bench search --owner-prefix %1\" makes "
           "the corpus.")
            .arg(prefix));
}

Result<> waitForVectorIndexes(const BenchOwners &owners, Memory &memory, CommandContext &context)
{
    const auto database = memory.databaseManager();
    if (!database)
        return database.error();
    QElapsedTimer clock;
    clock.start();
    for (const Owner &owner : owners) {
        const auto look = [&] {
            return context.await(database->runInTransaction(
                db::Access::Read,
                "vector_index_state",
                db::Scope::owner(owner.id),
                [id = owner.id](db::Session &s) { return embed::vectorIndexState(s, id); }));
        };
        if (owner.chunkCount <= embed::kExactPassages)
            continue;
        auto state = look();
        while (state && *state != State::Ready && !clock.hasExpired(kIndexPatienceMs)) {
            if (*state == State::Building)
                clock.restart();
            context.console().showStatus(
                tr("Waiting for the vector index of %1").arg(owner.id.toString()));
            pause(context.interrupts());
            state = look();
        }
        context.console().clearStatus();
        if (!state)
            return state.error();
        if (*state < State::Unmeasured)
            context.console().note(
                tr("%1 has no vector index; all its passages are compared. Does the program's "
                   "role own the tables?")
                    .arg(owner.id.toString()));
    }
    return {};
}

Result<BenchCorpus> loadBenchCorpus(const QString &prefix,
                                    const CorpusSize &size,
                                    Memory &memory,
                                    CommandContext &context)
{
    QElapsedTimer clock;
    clock.start();
    const SyntheticCorpus synthetic(prefix, size);
    auto owners = findBenchOwners(prefix, memory, context);
    if (!owners)
        return owners.error();
    const auto missing = missingDocuments(synthetic, size.owners, *owners, memory, context);
    if (!missing)
        return missing.error();
    if (auto ok = store(synthetic, *missing, memory, context); !ok)
        return ok.error();
    owners = findBenchOwners(prefix, memory, context);
    if (!owners)
        return owners.error();
    const auto model = embed(*owners, memory, context);
    if (!model)
        return model.error();
    if (auto ok = waitForVectorIndexes(*owners, memory, context); !ok)
        return ok.error();

    BenchCorpus corpus{.owners = int(owners->size()), .model = *model, .added = missing->size()};
    for (const Owner &owner : *owners) {
        corpus.documents += owner.documentCount;
        corpus.passages += owner.chunkCount;
    }
    corpus.largestOwner = owners->isEmpty() ? 0 : owners->constFirst().chunkCount;
    corpus.seconds = double(clock.elapsed()) / 1e3;
    compare(corpus, size, context.console());
    return corpus;
}

} // namespace llmemory::app
