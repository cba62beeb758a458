#pragma once

#include "core/extract/extraction_limits.h"

#include <QByteArray>
#include <QByteArrayList>

#include <atomic>

namespace llmemory::extract {

/// A program to run under limits.
struct ConfinedCommand
{
    QByteArray program;       ///< absolute path
    QByteArrayList arguments; ///< after argv[0]
    int input = -1;           ///< becomes standard input; stays the caller's
};

/// How a confined child ended.
struct ConfinedResult
{
    enum class End {
        Exited,     ///< by itself; see exitCode
        Signalled,  ///< see signal
        CpuTime,    ///< used up its processor time
        WallClock,  ///< killed: took too long
        Memory,     ///< killed by the kernel or by a signal with its memory nearly used up
        Flooded,    ///< killed: wrote more than ExtractionLimits::frameBytes
        Cancelled,  ///< killed on request
        NotStarted, ///< the program could not be executed; see error
    };
    End end = End::NotStarted;
    int exitCode = 0;
    int signal = 0;
    int error = 0;     ///< errno of the failed start
    QByteArray output; ///< standard output, at most ExtractionLimits::frameBytes
};

/// Runs @p command to its end and collects its standard output; standard error is discarded. The
/// child gets the resource limits, an environment of two variables, no new privileges, no other
/// descriptor, its own session, an unprivileged user where this process is root, and dies with the
/// calling thread. Blocks; any thread; needs no event loop. Nothing the child does can block it
/// longer than ExtractionLimits::wallClock or fill its memory.
/// @param cancelled  when it turns true the child is killed within 50 ms; may be null
ConfinedResult runConfined(const ConfinedCommand &command,
                           const ExtractionLimits &limits,
                           const std::atomic_bool *cancelled);

} // namespace llmemory::extract
