#pragma once

#include "core/extract/extraction.h"

#include <QString>

#include <atomic>
#include <functional>

namespace llmemory::http {

/// Reads a file as text, as a dropped file is read; called in a worker thread, may take a minute.
/// Stops soon after the flag becomes true.
using FileReader =
    std::function<extract::Extraction(const QString &path, const std::atomic_bool *cancelled)>;

} // namespace llmemory::http
