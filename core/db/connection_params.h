#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

namespace llmemory::db {

/// How to reach a database. A value; holds a password, so it is never logged whole.
struct ConnectionParams
{
    QString host; ///< name, address, or directory of a unix socket; empty = libpq's default
    int port = 0; ///< 0 = libpq's default
    QString database;
    QString user;
    QString password;
    /// Further libpq keywords, "sslmode=verify-full".
    QStringList options;

    /// From `postgresql://user:pass@host:port/db?k=v` or `host=… dbname=…`.
    /// Error: Configuration with what is wrong; the password never appears in it.
    static Result<ConnectionParams> parse(const QString &text);
    /// The libpq option string for QSqlDatabase::setConnectOptions, with time-outs and keep-alives.
    QString connectOptions() const;
    /// "db at host:port as user", without secrets, for messages.
    QString describe() const;
};

} // namespace llmemory::db
