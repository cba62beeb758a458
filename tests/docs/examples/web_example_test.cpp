#include "tests/docs/examples/web_example_test.h"

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTest>

#include <csignal>
#include <thread>

namespace llmemory::testing {

namespace {

/// Debian's, whose packages the examples use; the one in PATH may be another.
const QString kPython = QStringLiteral("/usr/bin/python3");

quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

void sendSignal(const QProcess &process, int signal)
{
    ::kill(pid_t(process.processId()), signal);
}

QByteArray idOf(const HttpReply &reply)
{
    const Json answer = reply.json();
    return answer.contains("document") ? toQString(answer["document"]["document_id"]).toLatin1()
                                       : QByteArray();
}

} // namespace

HttpReply WebExampleTest::send(const QByteArray &user,
                               const QByteArray &method,
                               const QByteArray &target,
                               const QByteArray &body,
                               const QByteArray &contentType)
{
    HttpHeaders headers{{"Authorization", QByteArray()}};
    if (!user.isEmpty())
        headers.append({"X-Authenticated-User", user});
    if (!body.isEmpty())
        headers.append({"Content-Type", contentType});
    return HttpClient(m_port, {}).send(method, target, body, headers);
}

HttpReply WebExampleTest::upload(const QByteArray &user,
                                 const QByteArray &fileName,
                                 const QByteArray &content,
                                 const QByteArray &id)
{
    const QByteArray head = "--XX\r\nContent-Disposition: form-data; name=";
    QByteArray form = head + "\"file\"; filename=\"" + fileName +
                      "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + content + "\r\n";
    if (!id.isEmpty())
        form += head + "\"id_at_origin\"\r\n\r\n" + id + "\r\n";
    return send(
        user, "POST", "/documents", form + "--XX--\r\n", "multipart/form-data; boundary=XX");
}

QByteArray WebExampleTest::add(const QByteArray &user,
                               const QByteArray &fileName,
                               const QByteArray &content)
{
    return idOf(upload(user, fileName, content));
}

QStringList WebExampleTest::names(const QByteArray &user)
{
    QStringList names;
    const Json page = get(user, "/documents").json();
    for (const Json &document : page["documents"])
        names.append(toQString(document["document_name"]));
    return names;
}

// Start and end ----------------------------------------------------------------------------------

QString WebExampleTest::missingPart() const
{
    if (!m_program->reason().isEmpty())
        return m_program->reason();
    QProcess python;
    python.start(kPython,
                 {QStringLiteral("-c"),
                  QStringLiteral("import ") + m_example.modules.join(QStringLiteral(", "))});
    if (!python.waitForFinished(kProgramPatienceMs))
        return kPython + QStringLiteral(": ") + python.errorString();
    if (python.exitStatus() == QProcess::NormalExit && python.exitCode() == 0)
        return {};
    const QList<QByteArray> lines = python.readAllStandardError().trimmed().split('\n');
    return kPython + QStringLiteral(": ") + QString::fromUtf8(lines.last());
}

void WebExampleTest::initTestCase()
{
    m_program = std::make_unique<ProgramFixture>();
    if (const QString reason = missingPart(); !reason.isEmpty())
        QSKIP(qPrintable(reason));
    QVERIFY(m_program->clear());
    startEndpoint(0);
    m_environment = QProcessEnvironment::systemEnvironment();
    m_environment.insert(QStringLiteral("LLMEMORY_URL"), m_endpointUrl.toString());
    m_environment.insert(QStringLiteral("LLMEMORY_TOKEN_FILE"),
                         m_program->path(QStringLiteral("data/token")));
    prepare(m_environment);
    startApplication();
}

void WebExampleTest::cleanupTestCase()
{
    if (m_application) {
        sendSignal(*m_application, SIGTERM);
        QVERIFY(m_application->waitForFinished(kProgramPatienceMs));
        const QByteArray said = m_application->readAllStandardError();
        QVERIFY2(m_application->exitStatus() == QProcess::NormalExit, said.constData());
        QVERIFY2(m_application->exitCode() == 0, said.constData());
        QVERIFY2(said.contains("Closed the connections"), said.constData());
    }
    if (m_endpoint)
        stopEndpoint();
}

void WebExampleTest::startEndpoint(quint16 port)
{
    m_endpoint = m_program->process(m_program->withDatabase(
        {QStringLiteral("serve"), QStringLiteral("--port"), QString::number(port)}));
    m_endpoint->start();
    const Json ready = ProgramFixture::firstLine(*m_endpoint);
    QVERIFY2(ready.contains("url"), m_endpoint->readAllStandardError().constData());
    QCOMPARE(toQString(ready["token_file"]), m_program->path(QStringLiteral("data/token")));
    m_endpointUrl = QUrl(toQString(ready["url"]));
}

void WebExampleTest::stopEndpoint()
{
    sendSignal(*m_endpoint, SIGTERM);
    QVERIFY(m_endpoint->waitForFinished(kProgramPatienceMs));
    QCOMPARE(m_endpoint->exitCode(), 0);
}

std::unique_ptr<QProcess> WebExampleTest::application(const QProcessEnvironment &environment,
                                                      quint16 port) const
{
    auto process = std::make_unique<QProcess>();
    QProcessEnvironment clean = environment;
    clean.insert(QStringLiteral("PYTHONDONTWRITEBYTECODE"), QStringLiteral("1"));
    process->setProcessEnvironment(clean);
    process->setWorkingDirectory(QStringLiteral(LLMEMORY_EXAMPLES "/") + m_example.folder);
    process->setProgram(kPython);
    process->setArguments(m_example.arguments + QStringList{QString::number(port)});
    return process;
}

void WebExampleTest::startApplication()
{
    m_port = freePort();
    m_application = application(m_environment, m_port);
    m_application->start();
    const auto answers = [this] {
        return m_application->state() == QProcess::NotRunning || get({}, "/documents").status > 0;
    };
    QVERIFY(QTest::qWaitFor(answers, kProgramPatienceMs));
    QVERIFY2(m_application->state() == QProcess::Running,
             m_application->readAllStandardError().constData());
}

// What users do ----------------------------------------------------------------------------------

void WebExampleTest::asksWhoItIs()
{
    const HttpReply stranger = get({}, "/documents");
    QCOMPARE(stranger.status, 401);
    QVERIFY(!stranger.text("detail").isEmpty());
    QCOMPARE(get("a b", "/documents").status, 400);
    QCOMPARE(get(QByteArray(256, 'a'), "/documents").status, 400);
    QCOMPARE(upload({}, "a.txt", "Some text.").status, 401);
}

void WebExampleTest::keepsUsersApart()
{
    const HttpReply added = upload("ada", "otters.txt", "Otters hold hands when they sleep.");
    QCOMPARE(added.status, 201);
    const QByteArray id = idOf(added);
    QCOMPARE(upload("bob", "owls.txt", "Owls sleep by day.").status, 201);
    QCOMPARE(names("ada"), QStringList{QStringLiteral("otters.txt")});
    QCOMPARE(names("bob"), QStringList{QStringLiteral("owls.txt")});
    QCOMPARE(get("ada", "/documents").json()["total"].get<int>(), 1);

    const HttpReply shown = get("ada", "/documents/" + id);
    QCOMPARE(shown.status, 200);
    QCOMPARE(shown.text("document_name"), QStringLiteral("otters.txt"));

    const Json found = get("ada", "/search?q=who+holds+hands+in+their+sleep&limit=5").json();
    QCOMPARE(found["results"].size(), size_t(1));
    QCOMPARE(toQString(found["results"][0]["document_id"]), QString::fromLatin1(id));
    QCOMPARE(toQString(found["results"][0]["content"]),
             QStringLiteral("Otters hold hands when they sleep."));
    QVERIFY(!get("bob", "/search?q=who+holds+hands").body.contains("Otters"));

    add("ada", "voles.txt", "Voles dig.");
    const Json second = get("ada", "/documents?limit=1&offset=1").json();
    QCOMPARE(second["total"].get<int>(), 2);
    QCOMPARE(toQString(second["documents"][0]["document_name"]), QStringLiteral("otters.txt"));
}

void WebExampleTest::readsFiles()
{
    QCOMPARE(upload("reader", "heron.pdf", onePagePdf()).status, 201);
    const Json found = get("reader", "/search?q=where+does+the+heron+wait").json();
    QCOMPARE(found["results"][0]["locator"]["page"].get<int>(), 1);
}

/// W4 of the reference: its samples name every upload alike, and each replaces the one before.
void WebExampleTest::replacesOnlyTheSameId()
{
    const QByteArray first = add("editor", "one.txt", "The first text.");
    const QByteArray second = add("editor", "two.txt", "The second text.");
    QVERIFY(!first.isEmpty() && first != second);
    const HttpReply again = upload("editor", "one.txt", "The first text, corrected.");
    QCOMPARE(again.status, 200);
    QCOMPARE(idOf(again), first);
    QCOMPARE(names("editor").size(), 2);

    QCOMPARE(upload("editor", "one.txt", "Another file of that name.", "inbox/7").status, 201);
    QCOMPARE(names("editor").size(), 3);
    QCOMPARE(upload("editor", "renamed.txt", "Its next version.", "inbox/7").status, 200);
    QCOMPARE(names("editor").size(), 3);
}

void WebExampleTest::deletesDocuments()
{
    const QByteArray path = "/documents/" + add("cleaner", "old.txt", "Moles dig at night.");
    const HttpReply deleted = send("cleaner", "DELETE", path);
    QCOMPARE(deleted.status, 204);
    QCOMPARE(deleted.body, QByteArray());
    QCOMPARE(get("cleaner", path).status, 404);
    QCOMPARE(send("cleaner", "DELETE", path).status, 404);
    QCOMPARE(names("cleaner"), QStringList());
    QVERIFY(get("cleaner", "/search?q=moles").json()["results"].empty());
}

void WebExampleTest::answersForeignDocumentsLikeMissingOnes_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::newRow("show") << QByteArray("GET");
    QTest::newRow("delete") << QByteArray("DELETE");
}

void WebExampleTest::answersForeignDocumentsLikeMissingOnes()
{
    QFETCH(QByteArray, method);
    const QByteArray foreign = add("rich", "cellar.txt", "The gold is in the cellar.");
    const HttpReply forForeign = send("thief", method, "/documents/" + foreign);
    const HttpReply forMissing =
        send("thief", method, "/documents/00000000-0000-4000-8000-000000000000");
    QCOMPARE(forForeign.status, 404);
    QCOMPARE(forForeign.body, forMissing.body);
    QCOMPARE(forMissing.status, 404);
    QCOMPARE(get("rich", "/documents/" + foreign).status, 200);
}

void WebExampleTest::saysWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QString>("field");
    QTest::newRow("no question") << QByteArray("/search") << QStringLiteral("q");
    QTest::newRow("empty question") << QByteArray("/search?q=+") << QStringLiteral("query");
    QTest::newRow("long question")
        << QByteArray("/search?q=" + QByteArray(8001, 'a')) << QStringLiteral("query");
    QTest::newRow("limit") << QByteArray("/search?q=a&limit=500") << QStringLiteral("limit");
    QTest::newRow("word for a number")
        << QByteArray("/search?q=a&limit=ten") << QStringLiteral("limit");
    QTest::newRow("page") << QByteArray("/documents?limit=0") << QStringLiteral("limit");
    QTest::newRow("offset") << QByteArray("/documents?offset=-1") << QStringLiteral("offset");
    QTest::newRow("id") << QByteArray("/documents/12") << QStringLiteral("document_id");
}

void WebExampleTest::saysWhatIsWrong()
{
    QFETCH(QByteArray, target);
    QFETCH(QString, field);
    const HttpReply reply = get("ada", target);
    QCOMPARE(reply.status, 400);
    QCOMPARE(reply.headers.value("content-type"), QByteArray("application/problem+json"));
    QCOMPARE(reply.text("field"), field);
    QVERIFY2(reply.text("detail").size() > 10, reply.body.constData());
}

void WebExampleTest::saysWhatIsWrongWithAFile()
{
    const QByteArray noFile =
        "--XX\r\nContent-Disposition: form-data; name=\"id_at_origin\"\r\n\r\n"
        "1\r\n--XX--\r\n";
    const HttpReply none =
        send("ada", "POST", "/documents", noFile, "multipart/form-data; boundary=XX");
    QCOMPARE(none.status, 400);
    QCOMPARE(none.text("field"), QStringLiteral("file"));
    const HttpReply blank = upload("ada", "blank.txt", " \n");
    QCOMPARE(blank.status, 422);
    QVERIFY2(blank.text("detail").contains(QLatin1String("blank.txt")), blank.body.constData());
    const HttpReply broken = upload("ada", "broken.pdf", "%PDF-1.4 and no more");
    QCOMPARE(broken.status, 422);
    QVERIFY2(broken.text("detail").contains(QLatin1String("broken.pdf")), broken.body.constData());
    const HttpReply named = upload("ada", "a.txt", "Some text.", "a\x07z");
    QCOMPARE(named.status, 400);
    QCOMPARE(named.text("field"), QStringLiteral("id_at_origin"));
    const HttpReply large = upload("ada", "large.txt", QByteArray(31 * 1024 * 1024 + 1, 'a'));
    QCOMPARE(large.status, 413);
}

void WebExampleTest::waitingHoldsUpNobody()
{
    sendSignal(*m_endpoint, SIGSTOP);
    HttpReply found;
    std::atomic_bool isAnswered = false;
    std::thread user([&] {
        found = get("ada", "/search?q=otters");
        isAnswered = true;
    });
    QTest::qWait(300); // for the question to reach the application
    QElapsedTimer clock;
    clock.start();
    const HttpReply stranger = get({}, "/documents");
    const qint64 elapsed = clock.elapsed();
    const bool wasWaiting = !isAnswered;
    sendSignal(*m_endpoint, SIGCONT);
    user.join();
    QCOMPARE(stranger.status, 401);
    QVERIFY(wasWaiting);
    QVERIFY2(elapsed < 5'000, QByteArray::number(elapsed).constData());
    QCOMPARE(found.status, 200);
}

void WebExampleTest::outlivesTheEndpoint()
{
    stopEndpoint();
    for (const HttpReply &reply :
         {get("ada", "/search?q=otters"), upload("ada", "late.txt", "Too late.")}) {
        QCOMPARE(reply.status, 503);
        QVERIFY2(reply.text("detail").contains(QLatin1String("Try again later")),
                 reply.body.constData());
        QVERIFY(reply.headers.contains("retry-after"));
        QVERIFY2(!reply.body.contains("127.0.0.1") && !reply.body.contains("Traceback"),
                 reply.body.constData());
    }
    startEndpoint(quint16(m_endpointUrl.port()));
    const HttpReply found = get("ada", "/search?q=otters");
    QCOMPARE(found.status, 200);
    QVERIFY(found.body.contains("Otters hold hands"));
}

} // namespace llmemory::testing
