#include "app/cli/ingest_report.h"

#include "app/cli/format.h"

#include <algorithm>

namespace llmemory::app {

namespace {

constexpr int kBarWidth = 24;
constexpr int kStateWidth = 10; // of the longest word, "unchanged", and a space

Style styleOf(IngestState state)
{
    switch (state) {
    case IngestState::Failed:
        return Style::Red;
    case IngestState::Cancelled:
        return Style::Yellow;
    case IngestState::Added:
    case IngestState::Updated:
        return Style::Green;
    case IngestState::Waiting:
    case IngestState::Running:
    case IngestState::Unchanged:
        break;
    }
    return Style::Dim;
}

Json orNull(const QString &text)
{
    return text.isEmpty() ? Json() : toJson(text);
}

} // namespace

IngestReport::IngestReport(Console &console, bool json, QObject *parent)
    : QObject(parent), m_console(console), m_json(json)
{
}

void IngestReport::follow(const IngestBatchId &batch)
{
    m_batch = batch;
    for (const IngestFile &file : std::exchange(m_earlyFiles, {}))
        onFileChanged(file);
    for (const IngestProgress &progress : std::exchange(m_earlyProgress, {}))
        onProgress(progress);
}

void IngestReport::onFileChanged(const IngestFile &file)
{
    if (m_batch.isNull()) {
        m_earlyFiles += file;
        return;
    }
    if (file.batch != m_batch || !file.isFinished())
        return;
    m_chunksCreated += file.chunksCreated;
    printFile(file);
    showBar();
}

void IngestReport::onProgress(const IngestProgress &progress)
{
    if (m_batch.isNull()) {
        m_earlyProgress += progress;
        return;
    }
    if (progress.batch != m_batch || m_progress.finished)
        return;
    m_progress = progress;
    if (m_progress.finished) {
        m_console.clearStatus();
        emit finished();
    } else {
        showBar();
    }
}

void IngestReport::printFile(const IngestFile &file)
{
    if (m_json) {
        m_console.printJson(toReportJson(file));
        return;
    }
    QString line =
        m_console.styled(toString(file.state).leftJustified(kStateWidth), styleOf(file.state)) +
        printable(file.path);
    if (!file.error.isEmpty())
        line += QLatin1String(": ") + printable(file.error);
    m_console.print(line);
}

void IngestReport::showBar()
{
    if (m_progress.total == 0 || m_progress.finished)
        return;
    QString text =
        progressBar(m_progress.done(), m_progress.total, kBarWidth) + u' ' +
        tr("%1 of %2").arg(formatCount(m_progress.done()), formatCount(m_progress.total));
    if (m_progress.scanning)
        text += u'+';
    if (m_progress.failed > 0)
        text += QStringLiteral(" · ") + tr("%1 failed").arg(formatCount(m_progress.failed));
    m_console.showStatus(text);
}

QString progressBar(qint64 done, qint64 total, int width)
{
    const int inner = std::max(width - 2, 1);
    const int filled = total > 0 ? int(std::clamp<qint64>(done * inner / total, 0, inner)) : 0;
    return u'[' + QString(filled, u'#') + QString(inner - filled, u'-') + u']';
}

Json toReportJson(const IngestFile &file)
{
    return {{"path", toJson(file.path)},
            {"status", toJson(toString(file.state))},
            {"document_id", file.document.isNull() ? Json() : toJson(file.document.toString())},
            {"chunks_created", file.chunksCreated},
            {"error", orNull(file.error)},
            {"error_code", orNull(file.errorCode)}};
}

} // namespace llmemory::app
