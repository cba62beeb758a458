#pragma once

namespace llmemory::extract {

/// The program's other life: `<program> extract-worker <kind>` reads the file on standard input,
/// writes one frame to standard output and returns the exit code. Call it from main() before any
/// application object exists. It trusts its parent to have set the limits.
int runExtractionWorker(int argc, char **argv);

} // namespace llmemory::extract
