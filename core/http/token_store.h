#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace llmemory::http {

/// The bearer token of the endpoint, kept in a file that only its owner can read.
class TokenStore
{
public:
    /// Reads the token in @p path; where the file is missing, makes a token and the file (0600).
    /// Blocks on the disk. Error: Configuration for a file that is not ours, readable by others or
    /// holds no token; Permission, Unavailable when it cannot be read or written.
    static Result<TokenStore> open(const QString &path);

    /// `llm_` and 256 random bits in base64url. A secret: never log it.
    const QByteArray &token() const { return m_token; }
    /// SHA-256 of the token, 32 bytes; what the server keeps.
    QByteArray sha256() const;
    /// As given to open().
    const QString &path() const { return m_path; }

    /// A fresh token from the system's random source.
    static QByteArray createToken();

private:
    TokenStore(QString path, QByteArray token);

    QString m_path;
    QByteArray m_token;
};

} // namespace llmemory::http
