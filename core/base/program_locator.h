#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

namespace llmemory {

/// Where the `llmemory` executable is looked for when it is not named: it supervises the embedded
/// server and reads files, also for a program that only links the library.
struct ProgramPlaces
{
    QString application;     ///< this process's own executable; empty = none
    QString installation;    ///< the directory of programs that the library was built to be in
    QStringList searchPaths; ///< directories of PATH, in order

    /// Those of this process. Needs a QCoreApplication for `application`.
    static ProgramPlaces ofThisProcess();
};

/// The absolute path of the `llmemory` executable: @p given when it is not empty; else this
/// executable, if that is llmemory itself; else beside this executable, in the library's
/// installation, in PATH. Looks at the file system; any thread.
/// Error: Configuration "program_missing" when @p given is no executable file, or none was found;
/// the message says what to do.
Result<QString> locateProgram(const QString &given,
                              const ProgramPlaces &places = ProgramPlaces::ofThisProcess());

} // namespace llmemory
