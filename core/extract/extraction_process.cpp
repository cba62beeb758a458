#include "core/extract/extraction_process.h"

#include "core/extract/confined_child.h"
#include "core/extract/extraction_frame.h"
#include "core/extract/file_kind.h"
#include "core/extract/input_file.h"
#include "core/extract/reason.h"
#include "core/extract/worker_protocol.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

namespace llmemory::extract {

namespace {

Extraction ended(Outcome outcome, const char *word = "")
{
    Extraction extraction;
    extraction.outcome = outcome;
    extraction.reason = QLatin1String(word);
    return extraction;
}

Extraction notStarted(const QString &program, int error)
{
    Extraction extraction = ended(Outcome::Unreadable);
    extraction.reason =
        QCoreApplication::translate("llmemory::extract",
                                    "Files cannot be read: %1 does not start (%2). Reinstall it.")
            .arg(program, qt_error_string(error));
    return extraction;
}

Extraction fromExit(const ConfinedResult &result, const ExtractionLimits &limits)
{
    if (result.exitCode == worker::kExitMemory)
        return ended(Outcome::Memory);
    if (result.exitCode != worker::kExitOk)
        return ended(Outcome::Crashed);
    return fromFrame(result.output, limits).value_or(ended(Outcome::Crashed));
}

Extraction fromResult(const ConfinedResult &result,
                      const QString &program,
                      const ExtractionLimits &limits)
{
    switch (result.end) {
    case ConfinedResult::End::Exited:
        return fromExit(result, limits);
    case ConfinedResult::End::CpuTime:
        return ended(Outcome::Timeout, reason::kProcessor);
    case ConfinedResult::End::WallClock:
        return ended(Outcome::Timeout);
    case ConfinedResult::End::Memory:
        return ended(Outcome::Memory);
    case ConfinedResult::End::Cancelled:
        return ended(Outcome::Cancelled);
    case ConfinedResult::End::NotStarted:
        return notStarted(program, result.error);
    case ConfinedResult::End::Signalled:
    case ConfinedResult::End::Flooded:
        break;
    }
    return ended(Outcome::Crashed);
}

Extraction read(const InputFile &file,
                FileKind kind,
                const QString &program,
                const ExtractionLimits &limits,
                const std::atomic_bool *cancelled)
{
    const ConfinedCommand command{
        .program = QFile::encodeName(program),
        .arguments = {QByteArray(worker::kCommand), toString(kind).toLatin1()},
        .input = file.descriptor.get()};
    const ConfinedResult result = runConfined(command, limits, cancelled);
    Extraction extraction = fromResult(result, program, limits);
    // Not the child's to say: they are facts about this side.
    if (result.end == ConfinedResult::End::Exited && !isAboutContent(extraction.outcome))
        extraction = ended(Outcome::Crashed);
    return extraction;
}

} // namespace

ExtractionProcess::ExtractionProcess(QString program, Limits limits)
    : m_program(std::move(program)), m_limits(limits)
{
}

Extraction ExtractionProcess::extract(const QString &path, const std::atomic_bool *cancelled) const
{
    const QString name = QFileInfo(path).fileName();
    const InputFile file = InputFile::open(path, m_limits.inputBytes);
    const FileKind kind = kindOfFile(name, file.firstBytes);

    Extraction extraction;
    if (file.outcome != Outcome::Ok) {
        extraction = ended(file.outcome);
        extraction.reason = file.reason;
    } else if (kind == FileKind::Unsupported) {
        extraction = ended(Outcome::Unsupported);
    } else if (file.size == 0) {
        extraction = ended(Outcome::Empty);
    } else {
        extraction = read(file, kind, m_program, m_limits, cancelled);
    }
    extraction.type = documentTypeOf(kind);
    // Where nothing was read, reason is a sentence of this side already.
    if (isAboutContent(extraction.outcome) || extraction.reason.isEmpty())
        extraction.reason = reason::sentence(extraction.outcome, name, extraction.reason, m_limits);
    return extraction;
}

} // namespace llmemory::extract
