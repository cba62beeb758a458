#pragma once

#include "core/extract/extraction.h"
#include "core/extract/extraction_limits.h"

#include <QString>

#include <atomic>

namespace llmemory::extract {

/// Reads files as text, each in a child process of its own, so that a hostile file costs nothing
/// but itself.
class ExtractionProcess
{
public:
    using Limits = ExtractionLimits;

    /// @param program  absolute path of a program that calls runExtractionWorker() for
    /// `extract-worker`;
    ///                 usually this one, QCoreApplication::applicationFilePath()
    explicit ExtractionProcess(QString program, Limits limits = {});

    /// Reads the file at @p path. Blocks for at most Limits::wallClock; any thread, several at a
    /// time, no event loop. Never fails otherwise than by the outcome; Extraction::reason is then a
    /// sentence that names the file.
    /// @param cancelled  when it turns true the outcome is Cancelled within 50 ms; may be null
    Extraction extract(const QString &path, const std::atomic_bool *cancelled = nullptr) const;

private:
    QString m_program;
    Limits m_limits;
};

} // namespace llmemory::extract
