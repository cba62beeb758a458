#pragma once

namespace llmemory::extract::worker {

/// argv[1] of the worker; argv[2] is the word of a FileKind, the file is standard input.
inline constexpr char kCommand[] = "extract-worker";

// Exit codes; with anything but kExitOk there is no answer on standard output.
inline constexpr int kExitOk = 0;
inline constexpr int kExitUsage = 64;  ///< EX_USAGE of sysexits.h
inline constexpr int kExitFailed = 70; ///< EX_SOFTWARE
inline constexpr int kExitMemory = 71; ///< EX_OSERR: an allocation failed

} // namespace llmemory::extract::worker
