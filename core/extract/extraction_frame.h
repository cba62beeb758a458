#pragma once

#include "core/extract/extraction.h"
#include "core/extract/extraction_limits.h"

#include <QByteArray>

#include <optional>

namespace llmemory::extract {

/// The worker's answer: four bytes of length (big-endian), then that many bytes of JSON.
QByteArray toFrame(const Extraction &extraction);

/// The inverse, for bytes from a process that a hostile file may have taken over: bounded in size,
/// values and nesting, every offset inside the text and ascending, no U+0000. Nothing when the
/// bytes are not exactly one such frame; metadata and titles that break the rules of a document are
/// dropped instead. Pure, any thread.
std::optional<Extraction> fromFrame(const QByteArray &frame, const ExtractionLimits &limits);

} // namespace llmemory::extract
