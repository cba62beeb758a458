#include "app/cli/ingest_command.h"

#include "app/cli/embedding_wait.h"
#include "app/cli/format.h"
#include "app/cli/ingest_report.h"

#include <QCoreApplication>
#include <QElapsedTimer>

namespace llmemory::app {

namespace {

/// How long the files that are just being read may take to stop after a signal.
constexpr std::chrono::seconds kStopGrace{15};

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

ExitCode runPlan(const IngestCommand &command, Memory &memory, CommandContext &context)
{
    const auto files = context.await(memory.planIngest(command.request));
    if (!files)
        return context.fail(files.error());
    IngestReport report(context.console(), command.json);
    qint64 refused = 0;
    for (const IngestFile &file : *files) {
        report.printFile(file);
        refused += file.state == IngestState::Failed ? 1 : 0;
    }
    const qint64 total = files->size();
    if (command.json) {
        context.console().printJson({{"summary",
                                      {{"dry_run", true},
                                       {"total", total},
                                       {"waiting", total - refused},
                                       {"failed", refused}}}});
    } else {
        context.console().print(tr("Nothing was read. Files that would be read: %1; refused: %2.")
                                    .arg(formatCount(total - refused), formatCount(refused)));
    }
    return refused > 0 ? kFailed : kDone;
}

/// Waits for the batch; a signal cancels it.
void waitForBatch(const IngestCommand &command,
                  const IngestBatchId &batch,
                  Memory &memory,
                  const IngestReport &report,
                  CommandContext &context)
{
    using OnSignal = CommandContext::OnSignal;
    QEventLoop loop;
    QObject::connect(&report, &IngestReport::finished, &loop, &QEventLoop::quit);
    const auto quit = [&loop] { loop.quit(); };
    QObject::connect(&context.interrupts(), &Interrupts::interrupted, &loop, quit);
    if (!report.isFinished() && !context.interrupts().isInterrupted())
        loop.exec();
    if (report.isFinished())
        return;

    context.console().note(tr("Stopping. What was stored stays."));
    const auto cancelled =
        context.await(memory.cancelIngest(command.request.owner, batch), OnSignal::GoOn);
    if (!cancelled) {
        context.fail(cancelled.error());
        return;
    }
    QTimer::singleShot(kStopGrace, &loop, quit);
    if (!report.isFinished())
        loop.exec();
}

void printSummary(const IngestReport &report,
                  const Embeddings &embeddings,
                  qint64 elapsedMs,
                  bool json,
                  Console &console)
{
    const IngestProgress &progress = report.progress();
    if (json) {
        console.printJson({{"summary",
                            {{"total", progress.total},
                             {"added", progress.added},
                             {"updated", progress.updated},
                             {"unchanged", progress.unchanged},
                             {"failed", progress.failed},
                             {"cancelled", progress.cancelled},
                             {"chunks_created", report.chunksCreated()},
                             {"embeddings_pending", embeddings.pending},
                             {"embeddings_failed", embeddings.failed},
                             {"elapsed_ms", elapsedMs}}}});
        return;
    }
    QStringList parts{tr("Added: %1").arg(formatCount(progress.added)),
                      tr("updated: %1").arg(formatCount(progress.updated)),
                      tr("unchanged: %1").arg(formatCount(progress.unchanged)),
                      tr("failed: %1").arg(formatCount(progress.failed))};
    if (progress.cancelled > 0)
        parts += tr("cancelled: %1").arg(formatCount(progress.cancelled));
    parts += tr("passages: %1").arg(formatCount(report.chunksCreated()));
    if (embeddings.pending > 0)
        parts += tr("waiting for meaning: %1").arg(formatCount(embeddings.pending));
    if (embeddings.failed > 0)
        parts += tr("failed for meaning: %1").arg(formatCount(embeddings.failed));
    console.print(console.styled(parts.join(QStringLiteral(", ")) + u'.', Style::Bold));
}

} // namespace

ExitCode runIngest(const IngestCommand &command, CommandContext &context)
{
    QElapsedTimer clock;
    clock.start();
    const auto opened = context.openMemory(command.dryRun ? Workers::DoNotRun : Workers::Run);
    if (!opened)
        return context.fail(opened.error());
    Memory &memory = **opened;
    if (command.dryRun)
        return runPlan(command, memory, context);

    IngestReport report(context.console(), command.json);
    QObject::connect(&memory, &Memory::ingestFileChanged, &report, &IngestReport::onFileChanged);
    QObject::connect(&memory, &Memory::ingestProgress, &report, &IngestReport::onProgress);
    const auto batch = context.await(memory.ingest(command.request));
    if (!batch)
        return context.fail(batch.error());
    report.follow(*batch);
    waitForBatch(command, *batch, memory, report, context);
    const Embeddings embeddings = embedPending(command.request.owner, memory, context);
    printSummary(report, embeddings, clock.elapsed(), command.json, context.console());

    if (context.interrupts().isInterrupted())
        return kInterrupted;
    if (embeddings.error)
        return context.fail(*embeddings.error);
    return report.progress().failed > 0 ? kFailed : kDone;
}

} // namespace llmemory::app
