#pragma once

#include "core/ingest/ingest_types.h"

#include <functional>

namespace llmemory::ingest {

/// Finds the files of a request: files as given, folders walked. Hidden entries below a folder are
/// skipped, so are links that lead out of it. What does not exist or cannot be opened becomes a
/// Failed file with its reason. Blocks while it walks; any thread but the GUI's.
/// @param onFound      called now and then with the number of files so far; may be empty.
/// @param isCancelled  may be empty.
/// @return files in Waiting or Failed, each path once, in the order given, folders sorted by path.
/// Error: Validation for an empty request, idAtOrigin with other than one file, metadata out of
/// limits; Cancelled.
Result<QList<IngestFile>> scanFiles(const IngestRequest &request,
                                    const std::function<void(qint64)> &onFound = {},
                                    const std::function<bool()> &isCancelled = {});

} // namespace llmemory::ingest
