#pragma once

#include <QString>

namespace llmemory {

/// What callers branch on; mirrors the exceptions of the Python llmemory.
enum class ErrorKind {
    Validation,    ///< bad input; Error::field names it
    NotFound,      ///< absent, or another tenant's: deliberately the same answer
    Conflict,      ///< the state does not allow it (exists already, changed meanwhile)
    Permission,    ///< the operating system or the server refused
    Database,      ///< the server answered with an error; Error::sqlState is set
    Embedding,     ///< a text could not be embedded; what was stored stays stored
    Extraction,    ///< a file could not be read as text
    Configuration, ///< a setting or the installation is wrong
    Cancelled,     ///< stopped on request
    Unavailable,   ///< the database, disk or a service cannot be reached; later may work
    Internal,      ///< a fault of this program
};

/// A failure: what happened, to which input, what to do.
struct Error
{
    ErrorKind kind = ErrorKind::Internal;
    /// For people, translated, a whole sentence: the thing, the cause, the way out.
    QString message;
    /// For the log: server text, errno. Never document text or secrets.
    QString detail = {};
    /// Name of the offending field as in the HTTP contract ("owner_id"), of the setting
    /// ("chunking.chunk_size"); with Validation, Configuration and Conflict.
    QString field = {};
    /// Stable machine-readable word ("db_starting", "file_encrypted"); may be empty.
    QString code = {};
    /// Five-character SQLSTATE, when the server reported the error.
    QString sqlState = {};
    /// Seconds after which another try makes sense, 1-600; 0 = unknown. From services that asked
    /// for a pause or do not answer.
    int retryAfterS = 0;

    /// Bad input in @p field.
    static Error validation(const QString &field, const QString &message);
    /// Something named does not exist (for this tenant).
    static Error notFound(const QString &message);
    /// Stopped on request.
    static Error cancelled();
    /// A bug: @p what says where.
    static Error internal(const QString &what);
};

/// Stable lower-case word for a kind ("validation", "not_found", …), for JSON and logs.
QString toString(ErrorKind kind);

} // namespace llmemory
