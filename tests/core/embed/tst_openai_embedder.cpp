#include "core/embed/openai_embedder.h"
#include "core/embed/openai_protocol.h"
#include "core/testing/verify_result.h"
#include "tests/core/embed/embedding_service.h"

#include <QElapsedTimer>
#include <QSslSocket>
#include <QTcpServer>
#include <QTest>

#include <atomic>
#include <cmath>
#include <numeric>
#include <thread>

using namespace llmemory;
using embed::OpenAiEmbedder;
using testing::EmbeddingService;
using testing::ServiceAnswer;
using testing::ServiceRequest;

namespace {

const QString kKey = QStringLiteral("sk-test-9876543210");
const QString kText = QStringLiteral("a heron stands by the weir");
constexpr int kDimension = 1536;

OpenAiEmbedder::Options optionsFor(const QUrl &url)
{
    OpenAiEmbedder::Options options;
    options.url = url;
    options.model = QStringLiteral("text-embedding-3-small");
    options.key = kKey;
    return options;
}

std::shared_ptr<const OpenAiEmbedder> embedderFor(const QUrl &url)
{
    return OpenAiEmbedder::create(optionsFor(url)).value();
}

EmbeddingService::Handler always(const ServiceAnswer &answer)
{
    return [answer](const ServiceRequest &) { return answer; };
}

EmbeddingService::Handler vectors(int dimension = kDimension)
{
    return [dimension](const ServiceRequest &request) {
        return EmbeddingService::vectors(request, dimension);
    };
}

bool keepsSecrets(const Error &error)
{
    const QString all = error.message + error.detail;
    return !all.contains(kKey) && !all.contains(kText);
}

} // namespace

/// The client against a real service on real sockets, well-behaved and not.
class TestOpenAiEmbedder : public QObject
{
    Q_OBJECT

private slots:
    void asksAndReadsAsOpenAi();
    void sendsNoKeyWhereThereIsNone();
    void asksForADimension();
    void asksOnceForAnUnknownDimension();
    void splitsLongLists();
    void statuses_data();
    void statuses();
    void honoursRetryAfter_data();
    void honoursRetryAfter();
    void leavesAServiceAloneThatFails();
    void leavesAServiceAloneThatRefusesTheKey();
    void refusesUselessAnswers_data();
    void refusesUselessAnswers();
    void refusesAnEndlessAnswer();
    void followsNoRedirect_data();
    void followsNoRedirect();
    void noticesABrokenOffAnswer();
    void givesUpASlowCall();
    void givesUpASlowConnection();
    void cannotReach();
    void trustsNoUnknownCertificate();
    void stopsWhenCancelled();
    void stopsWhenDestroyed();
    void atMostTwoAtATime();
};

void TestOpenAiEmbedder::asksAndReadsAsOpenAi()
{
    EmbeddingService service(vectors());
    const auto embedder = embedderFor(service.url());
    QCOMPARE(embedder->dimension(), kDimension);
    const QList<QString> texts{
        kText, QStringLiteral("the price of tea"), QStringLiteral("ünïcödé 京")};
    const auto answer = embedder->embedDocuments(texts);
    VERIFY_RESULT(answer);
    QCOMPARE(int(answer->size()), 3);
    // In the order of the texts although the service answers in another, and of unit length.
    for (qsizetype i = 0; i < texts.size(); ++i) {
        const embed::Vector &vector = answer->at(size_t(i));
        QCOMPARE(int(vector.size()), kDimension);
        const double length = std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0);
        QVERIFY2(std::abs(length - 1) < 1e-4, qPrintable(QString::number(length)));
        const auto alone = embedder->embedQuery(texts.at(i));
        VERIFY_RESULT(alone);
        const double same = std::inner_product(vector.begin(), vector.end(), alone->begin(), 0.0);
        QVERIFY(same > 0.999);
    }
    const ServiceRequest request = service.requests().first();
    QCOMPARE(request.path, QByteArray("/v1/embeddings"));
    QCOMPARE(request.headers.value("authorization"), QByteArray("Bearer ") + kKey.toLatin1());
    QCOMPARE(request.headers.value("content-type"), QByteArray("application/json"));
    QCOMPARE(request.texts(), texts);
    QCOMPARE(toQString(request.body["model"]), QStringLiteral("text-embedding-3-small"));
    QCOMPARE(toQString(request.body["encoding_format"]), QStringLiteral("float"));
    QVERIFY(!request.body.contains("dimensions"));
}

void TestOpenAiEmbedder::sendsNoKeyWhereThereIsNone()
{
    EmbeddingService service(vectors());
    auto options = optionsFor(service.url());
    options.key.clear();
    VERIFY_RESULT(OpenAiEmbedder::create(options).value()->embedQuery(kText));
    QVERIFY(!service.requests().first().headers.contains("authorization"));
}

void TestOpenAiEmbedder::asksForADimension()
{
    EmbeddingService service(vectors(512));
    auto options = optionsFor(service.url());
    options.dimension = 512;
    const auto embedder = OpenAiEmbedder::create(options).value();
    QCOMPARE(embedder->dimension(), 512);
    const auto vector = embedder->embedQuery(kText);
    VERIFY_RESULT(vector);
    QCOMPARE(int(vector->size()), 512);
    QCOMPARE(service.requests().first().body["dimensions"].get<int>(), 512);
    QVERIFY(embedder->modelId() != embedderFor(service.url())->modelId());
}

void TestOpenAiEmbedder::asksOnceForAnUnknownDimension()
{
    EmbeddingService service(vectors(1024));
    auto options = optionsFor(service.url());
    options.model = QStringLiteral("nomic-embed-text:v1.5");
    const auto embedder = OpenAiEmbedder::create(options);
    VERIFY_RESULT(embedder);
    QCOMPARE((*embedder)->dimension(), 1024);
    QCOMPARE(service.requests().size(), 1);
    QVERIFY(!service.requests().first().body.contains("dimensions"));
    VERIFY_RESULT((*embedder)->embedQuery(kText));
    QCOMPARE(service.requests().size(), 2);

    EmbeddingService away(always({.status = 503}));
    options.url = away.url();
    const auto none = OpenAiEmbedder::create(options);
    QVERIFY(!none);
    QCOMPARE(none.error().kind, ErrorKind::Unavailable);
}

void TestOpenAiEmbedder::splitsLongLists()
{
    EmbeddingService service(vectors());
    const auto embedder = embedderFor(service.url());
    const auto sizes = [&] {
        QList<qsizetype> sizes;
        for (const ServiceRequest &request : service.requests())
            sizes << request.texts().size();
        return sizes;
    };
    QList<QString> many;
    for (int i = 0; i < 130; ++i)
        many << QStringLiteral("text %1").arg(i);
    const auto vectors = embedder->embedDocuments(many);
    VERIFY_RESULT(vectors);
    QCOMPARE(int(vectors->size()), 130);
    QCOMPARE(sizes(), (QList<qsizetype>{64, 64, 2}));

    // 90 KB each, then one that is too long for any company.
    const QString big = QStringLiteral("tea ").repeated(23'000);
    VERIFY_RESULT(embedder->embedDocuments({big, big, big, big.repeated(3)}));
    QCOMPARE(sizes().mid(3), (QList<qsizetype>{2, 1, 1}));
}

void TestOpenAiEmbedder::statuses_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("code");
    const auto row = [](int status, ErrorKind kind, const char *code) {
        QTest::addRow("%d", status) << status << kind << QString::fromLatin1(code);
    };
    row(401, ErrorKind::Embedding, "provider_auth");
    row(403, ErrorKind::Embedding, "provider_auth");
    row(429, ErrorKind::Unavailable, "provider_limited");
    row(408, ErrorKind::Unavailable, "provider_offline");
    row(409, ErrorKind::Unavailable, "provider_offline");
    row(500, ErrorKind::Unavailable, "provider_offline");
    row(502, ErrorKind::Unavailable, "provider_offline");
    row(503, ErrorKind::Unavailable, "provider_offline");
    row(400, ErrorKind::Embedding, "text_refused");
    row(413, ErrorKind::Embedding, "text_refused");
    row(422, ErrorKind::Embedding, "text_refused");
    row(404, ErrorKind::Configuration, "provider_config");
    row(405, ErrorKind::Configuration, "provider_config");
    row(204, ErrorKind::Configuration, "provider_config");
}

void TestOpenAiEmbedder::statuses()
{
    QFETCH(int, status);
    QFETCH(ErrorKind, kind);
    QFETCH(QString, code);
    // A service that repeats what it was sent.
    const QByteArray echo = toUtf8(Json{
        {"error",
         {{"message", toJson(kKey + kText)}, {"code", toJson(kKey)}, {"type", toJson(kText)}}}});
    EmbeddingService service(always({.status = status,
                                     .headers = {{"WWW-Authenticate", "Bearer realm=\"x\""}},
                                     .body = status == 204 ? QByteArray() : echo}));
    const auto embedder = embedderFor(service.url());
    const auto answer = embedder->embedDocuments({kText});
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, kind);
    QCOMPARE(answer.error().code, code);
    QVERIFY2(keepsSecrets(answer.error()), qPrintable(answer.error().message));
    QVERIFY(answer.error().message.contains(QLatin1String("127.0.0.1")));
    if (status == 401) {
        QCOMPARE(answer.error().message,
                 QStringLiteral("127.0.0.1:%1 refused the key (401). Embedding is paused; text "
                                "search works. Check the key in Settings.")
                     .arg(service.url().port()));
    }
}

void TestOpenAiEmbedder::honoursRetryAfter_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("least");
    QTest::addColumn<int>("most");
    const auto inSeconds = [](int seconds) {
        return QLocale::c()
            .toString(QDateTime::currentDateTimeUtc().addSecs(seconds),
                      QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"))
            .toLatin1();
    };
    QTest::newRow("seconds") << 429 << QByteArray("7") << 7 << 7;
    QTest::newRow("date") << 429 << inSeconds(60) << 50 << 60;
    QTest::newRow("too long") << 429 << QByteArray("99999") << 600 << 600;
    QTest::newRow("far date") << 429 << inSeconds(99999) << 600 << 600;
    QTest::newRow("date gone by") << 429 << inSeconds(-60) << 1 << 1;
    QTest::newRow("nonsense") << 429 << QByteArray("soon") << 0 << 0;
    QTest::newRow("negative") << 429 << QByteArray("-5") << 0 << 0;
    QTest::newRow("unavailable") << 503 << QByteArray("9") << 9 << 9;
}

void TestOpenAiEmbedder::honoursRetryAfter()
{
    QFETCH(int, status);
    QFETCH(QByteArray, header);
    QFETCH(int, least);
    QFETCH(int, most);
    EmbeddingService service(always({.status = status, .headers = {{"Retry-After", header}}}));
    const auto embedder = embedderFor(service.url());
    const auto answer = embedder->embedQuery(kText);
    QVERIFY(!answer);
    QVERIFY2(answer.error().retryAfterS >= least && answer.error().retryAfterS <= most,
             qPrintable(QString::number(answer.error().retryAfterS)));
    // During the pause nothing is sent.
    const auto again = embedder->embedQuery(kText);
    QVERIFY(!again);
    QCOMPARE(again.error().code, answer.error().code);
    QCOMPARE(service.requests().size(), most > 0 ? 1 : 2);
    QCOMPARE(again.error().retryAfterS > 0, most > 0);
}

void TestOpenAiEmbedder::leavesAServiceAloneThatFails()
{
    std::atomic_bool works = false;
    EmbeddingService service([&](const ServiceRequest &request) {
        return works ? EmbeddingService::vectors(request, kDimension)
                     : ServiceAnswer{.status = 500};
    });
    const auto embedder = embedderFor(service.url());
    for (int i = 1; i <= 4; ++i)
        QCOMPARE(embedder->embedQuery(kText).error().retryAfterS, 0);
    // A success in between counts from the beginning again.
    works = true;
    VERIFY_RESULT(embedder->embedQuery(kText));
    works = false;
    for (int i = 1; i <= 4; ++i)
        QCOMPARE(embedder->embedQuery(kText).error().retryAfterS, 0);
    QCOMPARE(embedder->embedQuery(kText).error().retryAfterS, 30);
    QCOMPARE(service.requests().size(), 10);
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 20; ++i)
        QCOMPARE(embedder->embedQuery(kText).error().code, QStringLiteral("provider_offline"));
    QCOMPARE(service.requests().size(), 10);
    QVERIFY(timer.elapsed() < 1000);
}

void TestOpenAiEmbedder::leavesAServiceAloneThatRefusesTheKey()
{
    EmbeddingService service(always({.status = 401}));
    const auto embedder = embedderFor(service.url());
    for (int i = 0; i < 5; ++i) {
        const auto answer = embedder->embedQuery(kText);
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, QStringLiteral("provider_auth"));
        QVERIFY(answer.error().retryAfterS > 0);
    }
    QCOMPARE(service.requests().size(), 1);
}

void TestOpenAiEmbedder::refusesUselessAnswers_data()
{
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *name, const QByteArray &body) { QTest::newRow(name) << body; };
    const auto vector = [](const char *first) -> QByteArray {
        return QByteArray("[") + first + QByteArray(",0").repeated(kDimension - 1) + "]";
    };
    const auto item = [](const QByteArray &index, const QByteArray &vector) -> QByteArray {
        return "{\"index\":" + index + ",\"embedding\":" + vector + "}";
    };
    const auto list = [](const QByteArray &items) -> QByteArray {
        return "{\"data\":[" + items + "]}";
    };
    row("empty", {});
    row("a web page", "<html>Please log in, sk-test-9876543210</html>");
    row("not an object", "[1]");
    row("no data", "{\"object\":\"list\"}");
    row("data of another kind", "{\"data\":7}");
    row("no vectors", list({}));
    row("too many", list(item("0", vector("1")) + "," + item("1", vector("1"))));
    row("index too high", list(item("1", vector("1"))));
    row("negative index", list(item("-1", vector("1"))));
    row("index is a text", list(item("\"0\"", vector("1"))));
    row("no index", list("{\"embedding\":" + vector("1") + "}"));
    row("too short", list(item("0", "[1,0]")));
    row("empty vector", list(item("0", "[]")));
    row("too long", list(item("0", "[1" + QByteArray(",0").repeated(kDimension) + "]")));
    row("zero", list(item("0", vector("0"))));
    row("null", list(item("0", vector("null"))));
    row("text", list(item("0", vector("\"1\""))));
    row("not a number", list(item("0", vector("NaN"))));
    row("infinite", list(item("0", vector("1e999"))));
    row("squares overflow", list(item("0", vector("1e200"))));
    row("cut off", list(item("0", vector("1"))).chopped(3));
    row("nested", QByteArray("[").repeated(100'000));
    row("not UTF-8", "{\"data\":\"\xff\xfe\"}");
}

void TestOpenAiEmbedder::refusesUselessAnswers()
{
    QFETCH(QByteArray, body);
    EmbeddingService service(always({.body = body}));
    const auto embedder = embedderFor(service.url());
    const auto answer = embedder->embedDocuments({kText});
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, ErrorKind::Embedding);
    QCOMPARE(answer.error().code, QStringLiteral("provider_answer"));
    QVERIFY(keepsSecrets(answer.error()));
    QCOMPARE(answer.error().retryAfterS, 0);
}

void TestOpenAiEmbedder::refusesAnEndlessAnswer()
{
    EmbeddingService service(always({.body = QByteArray(64 * 1024, ' '), .endless = true}));
    auto options = optionsFor(service.url());
    options.limits.answerBytes = 4 * 1024 * 1024;
    const auto embedder = OpenAiEmbedder::create(options).value();
    QElapsedTimer timer;
    timer.start();
    const auto answer = embedder->embedQuery(kText);
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, QStringLiteral("provider_answer"));
    QVERIFY(timer.elapsed() < 20'000);
}

void TestOpenAiEmbedder::followsNoRedirect_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("elsewhere");
    for (const int status : {301, 302, 303, 307, 308}) {
        QTest::addRow("%d elsewhere", status) << status << true;
        QTest::addRow("%d on the same host", status) << status << false;
    }
}

void TestOpenAiEmbedder::followsNoRedirect()
{
    QFETCH(int, status);
    QFETCH(bool, elsewhere);
    EmbeddingService other(vectors());
    const QByteArray target =
        elsewhere ? other.url().toEncoded() + "/embeddings" : QByteArray("/v2/embeddings");
    EmbeddingService service(always({.status = status, .headers = {{"Location", target}}}));
    const auto answer = embedderFor(service.url())->embedQuery(kText);
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, ErrorKind::Configuration);
    QCOMPARE(answer.error().code, QStringLiteral("provider_config"));
    QVERIFY(answer.error().message.contains(QLatin1String("another address")));
    QVERIFY(other.requests().isEmpty());
    QCOMPARE(service.requests().size(), 1);
}

void TestOpenAiEmbedder::noticesABrokenOffAnswer()
{
    EmbeddingService service([](const ServiceRequest &request) {
        ServiceAnswer answer = EmbeddingService::vectors(request, kDimension);
        answer.cutOff = true;
        return answer;
    });
    const auto answer = embedderFor(service.url())->embedQuery(kText);
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, ErrorKind::Unavailable);
    QCOMPARE(answer.error().code, QStringLiteral("provider_offline"));
}

void TestOpenAiEmbedder::givesUpASlowCall()
{
    EmbeddingService service(always({.hangs = true}));
    auto options = optionsFor(service.url());
    options.limits.callMs = 300;
    const auto embedder = OpenAiEmbedder::create(options).value();
    QElapsedTimer timer;
    timer.start();
    const auto answer = embedder->embedQuery(kText);
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, QStringLiteral("provider_offline"));
    QVERIFY(timer.elapsed() >= 250 && timer.elapsed() < 10'000);
    QCOMPARE(service.requests().size(), 1);
}

void TestOpenAiEmbedder::givesUpASlowConnection()
{
    // Takes connections, but never begins TLS.
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    auto options =
        optionsFor(QUrl(QStringLiteral("https://127.0.0.1:%1").arg(silent.serverPort())));
    options.limits.connectMs = 300;
    const auto embedder = OpenAiEmbedder::create(options).value();
    QElapsedTimer timer;
    timer.start();
    const auto answer = embedder->embedQuery(kText);
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, QStringLiteral("provider_offline"));
    QVERIFY(timer.elapsed() >= 250 && timer.elapsed() < 10'000);

    // The limit is for the connection only.
    EmbeddingService slow([](const ServiceRequest &request) {
        ServiceAnswer answer = EmbeddingService::vectors(request, kDimension);
        answer.delayMs = 900;
        return answer;
    });
    options.url = slow.url();
    VERIFY_RESULT(OpenAiEmbedder::create(options).value()->embedQuery(kText));
}

void TestOpenAiEmbedder::cannotReach()
{
    QTcpServer gone;
    QVERIFY(gone.listen(QHostAddress::LocalHost));
    const QUrl url(QStringLiteral("http://127.0.0.1:%1/v1").arg(gone.serverPort()));
    gone.close();
    const auto answer = embedderFor(url)->embedQuery(kText);
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, ErrorKind::Unavailable);
    QCOMPARE(answer.error().code, QStringLiteral("provider_offline"));
}

void TestOpenAiEmbedder::trustsNoUnknownCertificate()
{
    if (!QSslSocket::supportsSsl())
        QSKIP("Qt has no TLS here");
    EmbeddingService service(vectors(), EmbeddingService::Speaks::Https);
    const auto answer = embedderFor(service.url())->embedQuery(kText);
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, ErrorKind::Unavailable);
    QVERIFY2(answer.error().message.contains(QLatin1String("certificate")),
             qPrintable(answer.error().message));
    QVERIFY(service.requests().isEmpty());
}

void TestOpenAiEmbedder::stopsWhenCancelled()
{
    EmbeddingService service(always({.hangs = true}));
    const auto embedder = embedderFor(service.url());
    std::atomic_bool cancelled = false;
    std::thread later([&] {
        QTest::qSleep(200);
        cancelled = true;
    });
    QElapsedTimer timer;
    timer.start();
    const auto answer = embedder->embedDocumentsUnless([&] { return cancelled.load(); }, {kText});
    later.join();
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, ErrorKind::Cancelled);
    QVERIFY(timer.elapsed() < 5000);
}

void TestOpenAiEmbedder::stopsWhenDestroyed()
{
    EmbeddingService service(always({.hangs = true}));
    auto embedder = embedderFor(service.url());
    const OpenAiEmbedder *unowned = embedder.get();
    std::vector<std::thread> callers;
    std::atomic_int cancelled = 0;
    // Two that wait for the service, one that waits for its turn.
    for (int i = 0; i < 3; ++i) {
        callers.emplace_back([&] {
            const auto answer = unowned->embedQuery(kText);
            if (!answer && answer.error().kind == ErrorKind::Cancelled)
                ++cancelled;
        });
    }
    QTRY_COMPARE(service.requests().size(), 2);
    QElapsedTimer timer;
    timer.start();
    embedder.reset();
    QVERIFY(timer.elapsed() < 5000);
    for (std::thread &caller : callers)
        caller.join();
    QCOMPARE(cancelled.load(), 3);
}

void TestOpenAiEmbedder::atMostTwoAtATime()
{
    EmbeddingService service([](const ServiceRequest &request) {
        ServiceAnswer answer = EmbeddingService::vectors(request, kDimension);
        answer.delayMs = 100;
        return answer;
    });
    const auto embedder = embedderFor(service.url());
    std::vector<std::thread> callers;
    std::atomic_int answered = 0;
    for (int i = 0; i < 6; ++i) {
        callers.emplace_back([&] {
            if (embedder->embedQuery(kText))
                ++answered;
        });
    }
    for (std::thread &caller : callers)
        caller.join();
    QCOMPARE(answered.load(), 6);
    QCOMPARE(service.mostAtOnce(), 2);
}

QTEST_GUILESS_MAIN(TestOpenAiEmbedder)
#include "tst_openai_embedder.moc"
