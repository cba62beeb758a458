#include "app/cli/embedding_wait.h"

#include "app/cli/format.h"

#include <QCoreApplication>
#include <QElapsedTimer>

namespace llmemory::app {

namespace {

/// How long other workers may hold passages without finishing one, and how often that is looked at.
constexpr qint64 kPatienceMs = 15'000;
constexpr std::chrono::milliseconds kPause{200};
/// Texts between two looks at the queue, so that the figure moves.
constexpr int kBatches = 4;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

void pause(std::chrono::milliseconds time, const Interrupts &interrupts)
{
    QEventLoop loop;
    QTimer::singleShot(time, &loop, &QEventLoop::quit);
    QObject::connect(&interrupts, &Interrupts::interrupted, &loop, &QEventLoop::quit);
    if (!interrupts.isInterrupted())
        loop.exec();
}

/// One look at the queue, after embedding some of what no other worker is at.
Embeddings embedSome(const OwnerId &owner,
                     Memory &memory,
                     qint64 *embedded,
                     CommandContext &context)
{
    Embeddings embeddings;
    *embedded = 0;
    if (!context.interrupts().isInterrupted()) {
        const PendingEmbeddings some{
            .owner = owner, .batchSize = PendingEmbeddings::kMostBatchSize, .maxBatches = kBatches};
        const auto processed = context.await(memory.processPendingEmbeddings(some));
        if (processed)
            *embedded = *processed;
        else
            embeddings.error = processed.error();
    }
    const auto status =
        context.await(memory.embeddingStatus(owner), CommandContext::OnSignal::GoOn);
    if (status) {
        embeddings.pending = status->pending;
        embeddings.failed = status->failed;
        embeddings.model = status->model;
    } else if (!embeddings.error) {
        embeddings.error = status.error();
    }
    return embeddings;
}

} // namespace

Embeddings embedPending(const OwnerId &owner, Memory &memory, CommandContext &context)
{
    qint64 embedded = 0;
    Embeddings embeddings = embedSome(owner, memory, &embedded, context);
    QElapsedTimer sinceProgress;
    sinceProgress.start();
    while (embeddings.pending > 0 && !embeddings.error && !context.interrupts().isInterrupted() &&
           !sinceProgress.hasExpired(kPatienceMs)) {
        context.console().showStatus(tr("Making the passages searchable by meaning: %1 to go")
                                         .arg(formatCount(embeddings.pending)));
        if (embedded == 0)
            pause(kPause, context.interrupts());
        const qint64 before = embeddings.pending;
        embeddings = embedSome(owner, memory, &embedded, context);
        if (embeddings.pending < before)
            sinceProgress.restart();
    }
    context.console().clearStatus();
    return embeddings;
}

} // namespace llmemory::app
