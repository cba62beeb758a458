#pragma once

#include "core/base/limits.h"

#include <QtGlobal>

#include <chrono>

namespace llmemory::extract {

/// Raised whenever an extractor reads more or other text than before, so that failed files are
/// tried again.
inline constexpr int kExtractorVersion = 1;

/// Everything that bounds the reading of one file, in one place so that tests can lower it.
/// The defaults are those of the threat model: a file is hostile until read.
struct ExtractionLimits
{
    /// Largest file that is opened at all.
    qint64 inputBytes = 100LL * 1024 * 1024;

    /// Longest text as UTF-8; the rest is cut and the outcome is Truncated.
    qsizetype textBytes = 10 * 1024 * 1024;
    /// Longest text in UTF-16 units: what a document may hold.
    qsizetype textLength = limits::kContentLength;
    /// Text may not grow past this many characters per byte of the file …
    qsizetype charactersPerByte = 100;
    /// … once it is longer than this.
    qsizetype freeCharacters = 1024 * 1024;

    int zipEntries = 10'000;
    /// Sum of all unpacked sizes.
    qint64 zipTotalBytes = 200LL * 1024 * 1024;
    /// One unpacked entry.
    qint64 zipEntryBytes = 100LL * 1024 * 1024;
    /// Unpacked to packed size of one entry, once it is larger than zipFreeBytes.
    qint64 zipRatio = 100;
    qint64 zipFreeBytes = 1024 * 1024;

    /// Nesting of elements. Deeper XML is refused; deeper HTML is flattened, its text stays.
    int markupDepth = 256;
    int pdfPages = 5'000;
    /// Headings kept of one document; the text of further ones stays in the text.
    qsizetype headings = 5'000;
    qsizetype headingLength = 300;

    /// Largest answer of the child: the text with every character escaped once, and the structure.
    qint64 frameBytes = 32LL * 1024 * 1024;
    /// JSON values in an answer; a number costs the reader 16 bytes.
    int frameValues = 100'000;

    /// Address space of the child; not enforced under sanitizers, which reserve terabytes.
    quint64 addressSpaceBytes = 1024ULL * 1024 * 1024;
    /// Processor time of the child.
    int cpuSeconds = 20;
    int openFiles = 32;
    /// From start to answer; then the child is killed.
    std::chrono::milliseconds wallClock = std::chrono::seconds(60);
    /// Which process the kernel sacrifices first when memory runs out (-1000 to 1000).
    int oomScore = 900;
};

} // namespace llmemory::extract
