#include "app/exit_code.h"

namespace llmemory::app {

ExitCode exitCodeFor(const Error &error)
{
    // Every code of the embedded database ("db_missing", "db_root") means that there is none to
    // talk to.
    if (error.code.startsWith(QLatin1String("db_")))
        return kNoDatabase;
    switch (error.kind) {
    case ErrorKind::Validation:
        return kWrongUsage;
    case ErrorKind::Unavailable:
        return error.code == QLatin1String("disk_full") ? kFailed : kNoDatabase;
    case ErrorKind::Cancelled:
        return kInterrupted;
    case ErrorKind::NotFound:
    case ErrorKind::Conflict:
    case ErrorKind::Permission:
    case ErrorKind::Database:
    case ErrorKind::Embedding:
    case ErrorKind::Extraction:
    case ErrorKind::Configuration:
    case ErrorKind::Internal:
        break;
    }
    return kFailed;
}

} // namespace llmemory::app
