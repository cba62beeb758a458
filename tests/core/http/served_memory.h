#pragma once

#include "core/http/server.h"
#include "core/memory.h"
#include "core/testing/temporary_schema.h"
#include "core/testing/verify_result.h"
#include "tests/core/http/http_client.h"

#include <QSemaphore>

#include <atomic>
#include <memory>

namespace llmemory::testing {

/// Only a hanging test waits so long.
inline constexpr int kPatienceMs = 20'000;
/// What every server of these tests wants to see.
inline const QByteArray kToken = "llm_0123456789012345678901234567890123456789012";
inline const HttpHeaders kForm{{"Content-Type", "multipart/form-data; boundary=XX"}};
inline const HttpHeaders kLines{{"Content-Type", "application/x-ndjson"}};

/// Options for a free port and kToken.
http::ServerOptions localOptions();
/// A body for `POST /v1/documents`.
Json documentJson(const QString &owner, const QString &origin, const QString &content);
/// A part of a form with the boundary "XX".
QByteArray formPart(const QByteArray &disposition, const QByteArray &data);
/// A whole form with a file, for the FileReader of the test.
QByteArray uploadOf(const QByteArray &owner);

/// Reads files as their plain bytes, the first line as title; a file that begins with "SECRET" has
/// a password.
extract::Extraction readPlain(const QString &path, const std::atomic_bool *cancelled);

/// A FileReader that says when it has begun and ends when it is told to stop.
struct StuckReader
{
    QSemaphore begun;
    std::atomic_bool stopped = false;

    http::FileReader reader();
};

/// A Memory on a fresh schema and a server over it.
class ServedMemory
{
public:
    /// Empty when all is well; else why there is no database.
    QString open();
    void close();

    /// Another server over the same Memory; ends the test program where that fails.
    std::unique_ptr<http::Server> startServer(const http::ServerOptions &options);
    Memory &memory() { return *m_memory; }
    const TemporarySchema &database() const { return *m_database; }
    const http::Server &server() const { return *m_server; }
    HttpClient &client() { return *m_client; }

private:
    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<Memory> m_memory;
    std::unique_ptr<http::Server> m_server;
    std::unique_ptr<HttpClient> m_client;
};

} // namespace llmemory::testing
