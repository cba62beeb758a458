#pragma once

#include "tests/app/program_fixture.h"
#include "tests/core/http/http_client.h"

#include <QProcess>
#include <QStringList>
#include <QUrl>

#include <memory>

namespace llmemory::testing {

/// How an application of docs/examples is started.
struct WebExample
{
    QString folder;        ///< below docs/examples
    QStringList modules;   ///< of Python, that have to be there
    QStringList arguments; ///< of the interpreter; the port follows
};

/// An application of docs/examples over a real `llmemory serve`, used as its users use it. A test
/// class derives from it, says how to start the application, and adds what only that one does.
/// Skipped with the reason where PostgreSQL or a package of Python is missing.
class WebExampleTest : public QObject
{
    Q_OBJECT

protected:
    explicit WebExampleTest(WebExample example) : m_example(std::move(example)) {}

    /// Called once, when the endpoint has made its schema and before the application starts: what
    /// else that needs. Fails the test where it cannot.
    virtual void prepare(QProcessEnvironment & /*environment*/) {}

    /// As the user, or as a stranger with an empty name.
    HttpReply get(const QByteArray &user, const QByteArray &target)
    {
        return send(user, "GET", target);
    }
    HttpReply send(const QByteArray &user,
                   const QByteArray &method,
                   const QByteArray &target,
                   const QByteArray &body = {},
                   const QByteArray &contentType = "application/json");
    /// Uploads a file. @param id  id_at_origin; empty leaves it to the application
    HttpReply upload(const QByteArray &user,
                     const QByteArray &fileName,
                     const QByteArray &content,
                     const QByteArray &id = {});
    /// The document_id of a new upload.
    QByteArray add(const QByteArray &user, const QByteArray &fileName, const QByteArray &content);
    /// Names of the user's documents, the newest first.
    QStringList names(const QByteArray &user);

    ProgramFixture &program() { return *m_program; }
    /// A process that would be the application, on a free port, with @p environment.
    std::unique_ptr<QProcess> application(const QProcessEnvironment &environment,
                                          quint16 port) const;
    void startEndpoint(quint16 port);
    void stopEndpoint();

private slots:
    void initTestCase();
    void cleanupTestCase();

    void asksWhoItIs();
    void keepsUsersApart();
    void readsFiles();
    void replacesOnlyTheSameId();
    void deletesDocuments();
    void answersForeignDocumentsLikeMissingOnes_data();
    void answersForeignDocumentsLikeMissingOnes();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void saysWhatIsWrongWithAFile();
    void waitingHoldsUpNobody();
    void outlivesTheEndpoint();

private:
    QString missingPart() const;
    void startApplication();

    const WebExample m_example;
    std::unique_ptr<ProgramFixture> m_program;
    std::unique_ptr<QProcess> m_endpoint;
    std::unique_ptr<QProcess> m_application;
    QUrl m_endpointUrl;
    QProcessEnvironment m_environment;
    quint16 m_port = 0; ///< of the application
};

} // namespace llmemory::testing
