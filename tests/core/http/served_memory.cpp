#include "tests/core/http/served_memory.h"

#include <QCryptographicHash>
#include <QFile>
#include <QThread>

namespace llmemory::testing {

http::ServerOptions localOptions()
{
    http::ServerOptions options;
    options.port = 0;
    options.tokenSha256 = QCryptographicHash::hash(kToken, QCryptographicHash::Sha256);
    return options;
}

Json documentJson(const QString &owner, const QString &origin, const QString &content)
{
    return {{"owner_id", toJson(owner)},
            {"id_at_origin", toJson(origin)},
            {"document_name", toJson(origin)},
            {"content", toJson(content)}};
}

QByteArray formPart(const QByteArray &disposition, const QByteArray &data)
{
    return "--XX\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + data + "\r\n";
}

QByteArray uploadOf(const QByteArray &owner)
{
    return formPart("name=owner_id", owner) + formPart("name=file; filename=\"a.txt\"", "text") +
           "--XX--\r\n";
}

extract::Extraction readPlain(const QString &path, const std::atomic_bool *)
{
    QFile file(path);
    extract::Extraction extraction;
    if (!file.open(QIODevice::ReadOnly))
        extraction.outcome = extract::Outcome::Damaged;
    extraction.text = QString::fromUtf8(file.readAll());
    extraction.type = DocumentType::Markdown;
    extraction.title = extraction.text.section(QLatin1Char('\n'), 0, 0);
    extraction.metadata = {{"author", "Ada"}, {"pages", 3}};
    if (extraction.text.startsWith(QLatin1String("SECRET"))) {
        extraction.outcome = extract::Outcome::Encrypted;
        extraction.reason = QStringLiteral("locked.pdf has a password. Save a copy without one.");
    }
    return extraction;
}

http::FileReader StuckReader::reader()
{
    return [this](const QString &, const std::atomic_bool *cancelled) {
        begun.release();
        while (!*cancelled)
            QThread::msleep(5);
        stopped = true;
        extract::Extraction nothing;
        nothing.outcome = extract::Outcome::Cancelled;
        return nothing;
    };
}

QString ServedMemory::open()
{
    m_database = std::make_unique<TemporarySchema>();
    if (!m_database->isAvailable())
        return m_database->reason();
    m_memory = std::make_unique<Memory>(m_database->config(false));
    if (const auto ok = m_memory->initialize().result(); !ok)
        qFatal("%s", describe(ok).constData());
    http::ServerOptions options = localOptions();
    options.readFile = readPlain;
    m_server = startServer(options);
    m_client = std::make_unique<HttpClient>(m_server->port(), kToken);
    return {};
}

void ServedMemory::close()
{
    m_client.reset();
    m_server.reset();
    m_memory.reset();
    m_database.reset();
}

std::unique_ptr<http::Server> ServedMemory::startServer(const http::ServerOptions &options)
{
    auto server = http::Server::start(*m_memory, options);
    if (!server)
        qFatal("%s", describe(server).constData());
    return std::move(*server);
}

} // namespace llmemory::testing
