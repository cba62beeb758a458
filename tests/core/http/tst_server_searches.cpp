#include "tests/core/http/served_memory.h"

#include <QTest>
#include <QUuid>

using namespace llmemory;
using namespace llmemory::http;
using namespace llmemory::testing;

/// What is kept of searches, at the endpoint.
class TestServerSearches : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void listsWhatWasSearchedFor();
    void takesFeedback();
    void clearsTheHistory();
    void forgetsWhatIsNotToBeRemembered();
    void keepsANotebook();
    void keepsSearches();
    void refusesBadRequests_data();
    void refusesBadRequests();

private:
    HttpClient &client() { return m_served.client(); }
    void add(const char *owner, const char *origin)
    {
        QCOMPARE(client()
                     .post("/v1/documents",
                           documentJson(QString::fromLatin1(owner),
                                        QString::fromLatin1(origin),
                                        QStringLiteral("The otter sleeps.")))
                     .status,
                 201);
    }
    Json search(const char *owner, const Json &more = Json::object())
    {
        Json body{{"owner_id", owner}, {"query", "otter"}};
        body.update(more);
        return client().post("/v1/search", body).json();
    }
    Json history(const char *owner)
    {
        return client().get(QByteArray("/v1/searches?owner_id=") + owner).json();
    }
    HttpReply feedback(const Json &answer, const Json &body)
    {
        const QByteArray search = QByteArray::fromStdString(answer["search_id"]);
        return client().post("/v1/searches/" + search + "/feedback", body);
    }

    ServedMemory m_served;
};

void TestServerSearches::initTestCase()
{
    if (const QString reason = m_served.open(); !reason.isEmpty())
        QSKIP(qPrintable(reason));
}

void TestServerSearches::cleanupTestCase()
{
    m_served.close();
}

void TestServerSearches::listsWhatWasSearchedFor()
{
    add("lists", "a");
    const Json first = search("lists");
    const Json second =
        client().get("/v1/search?owner_id=lists&query=sleeps&search_type=text&tags=x").json();
    const Json page = history("lists");
    QVERIFY(page["total"] == 2);
    QVERIFY(page["limit"] == 20);
    QVERIFY(page["offset"] == 0);
    QCOMPARE(page["searches"].size(), size_t(2));
    const Json newest = page["searches"][0];
    QVERIFY(newest["search_id"] == second["search_id"]);
    QVERIFY(newest["owner_id"] == "lists");
    QVERIFY(newest["query"] == "sleeps");
    QVERIFY(newest["search_type"] == "text");
    QVERIFY(newest["options"] == Json({{"tags", {"x"}}}));
    QVERIFY(newest["result_count"] == 0);
    QVERIFY(newest["took_ms"].contains("total"));
    QVERIFY(newest["created_at"].is_string());
    const Json passage = page["searches"][1]["results"][0];
    QVERIFY(passage["rank"] == 1);
    QVERIFY(passage["chunk_id"] == first["results"][0]["chunk_id"]);
    QVERIFY(passage["document_id"] == first["results"][0]["document_id"]);
    QVERIFY(passage["document_name"] == "a");
    QVERIFY(passage["chosen_at"].is_null());
    QVERIFY(passage["verdict"].is_null());
    QVERIFY(!passage.contains("content"));

    const Json rest = client().get("/v1/searches?owner_id=lists&limit=1&offset=1").json();
    QCOMPARE(rest["searches"].size(), size_t(1));
    QVERIFY(rest["searches"][0]["search_id"] == first["search_id"]);
    QVERIFY(history("nobody")["total"] == 0);
}

void TestServerSearches::takesFeedback()
{
    add("feedback", "a");
    const Json answer = search("feedback");
    const Json chunk = answer["results"][0]["chunk_id"];
    for (const char *word : {"chosen", "bad", "good"}) {
        const HttpReply reply =
            feedback(answer, {{"owner_id", "feedback"}, {"chunk_id", chunk}, {"feedback", word}});
        QCOMPARE(reply.status, 200);
        QVERIFY(
            reply.json() ==
            Json({{"search_id", answer["search_id"]}, {"chunk_id", chunk}, {"feedback", word}}));
    }
    const Json passage = history("feedback")["searches"][0]["results"][0];
    QVERIFY(passage["chosen_at"].is_string());
    QVERIFY(passage["verdict"] == "good");

    const Json good{{"owner_id", "feedback"}, {"chunk_id", chunk}, {"feedback", "good"}};
    Json foreign = good;
    foreign["owner_id"] = "lists";
    QCOMPARE(feedback(answer, foreign).status, 404);
    Json unknown = good;
    unknown["chunk_id"] = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    QCOMPARE(feedback(answer, unknown).status, 404);
    QCOMPARE(client().post("/v1/searches/nonsense/feedback", good).status, 404);
}

void TestServerSearches::clearsTheHistory()
{
    add("clears", "a");
    search("clears");
    search("clears");
    search("lists");
    const HttpReply cleared = client().send("DELETE", "/v1/searches?owner_id=clears");
    QCOMPARE(cleared.status, 200);
    QVERIFY(cleared.json() == Json({{"owner_id", "clears"}, {"searches_deleted", 2}}));
    QVERIFY(history("clears")["total"] == 0);
    QVERIFY(history("lists")["total"] > 0);
}

void TestServerSearches::forgetsWhatIsNotToBeRemembered()
{
    add("forgets", "a");
    QCOMPARE(search("forgets", {{"remember", false}})["results"].size(), size_t(1));
    QCOMPARE(client().get("/v1/search?owner_id=forgets&query=otter&remember=false").status, 200);
    QVERIFY(history("forgets")["total"] == 0);
}

void TestServerSearches::keepsANotebook()
{
    add("notes", "a");
    const Json body{{"owner_id", "notes"}};
    const HttpReply empty = client().post("/v1/notebook/report", body);
    QCOMPARE(empty.status, 409);
    QCOMPARE(empty.text("code"), QStringLiteral("notebook_empty"));

    const Json answer = search("notes");
    Json good = body;
    good["chunk_id"] = answer["results"][0]["chunk_id"];
    good["feedback"] = "good";
    QCOMPARE(feedback(answer, good).status, 200);
    const Json page = client().get("/v1/notebook?owner_id=notes").json();
    QVERIFY(page["total"] == 1);
    const Json query = page["queries"][0];
    QVERIFY(query["query"] == "otter");
    QVERIFY(query["judgements"] ==
            Json::array({{{"document_id", answer["results"][0]["document_id"]},
                          {"document_name", "a"},
                          {"char_start", 0},
                          {"char_end", 17},
                          {"grade", 1}}}));
    const HttpReply first = client().post("/v1/notebook/report", body);
    QCOMPARE(first.status, 200);
    QVERIFY(first.json()["previous"].is_null());
    const Json second = client().post("/v1/notebook/report", body).json();
    QVERIFY(second["previous"]["report_id"] == first.json()["report_id"]);
    QVERIFY(second["modes"]["hybrid"]["ndcg_at_10"] == 1.0);
    QVERIFY(second["differences"]["hybrid"]["ndcg_at_10"] == 0.0);
    QVERIFY(second["changed_settings"] == Json::array());

    const QByteArray one = "/v1/notebook/" + QByteArray::fromStdString(query["query_id"]);
    QCOMPARE(client().send("DELETE", one + "?owner_id=lists").status, 404);
    QCOMPARE(client().send("DELETE", "/v1/notebook/x?owner_id=notes").status, 404);
    QCOMPARE(client().send("DELETE", one + "?owner_id=notes").status, 200);
    QVERIFY(client().get("/v1/notebook?owner_id=notes").json()["total"] == 0);
}

void TestServerSearches::keepsSearches()
{
    add("keeps", "a");
    const QByteArray all = "/v1/saved-searches";
    Json body{{"owner_id", "keeps"},
              {"name", "Otters"},
              {"request", {{"query", "otter"}, {"search_type", "text"}}}};
    const HttpReply created = client().post(all, body);
    QCOMPARE(created.status, 201);
    QVERIFY(created.json()["name"] == "Otters");
    QVERIFY(created.json()["request"] == body["request"]);
    const QByteArray one = all + '/' + created.text("saved_id").toLatin1();
    QCOMPARE(created.headers.value("location"), one);
    QCOMPARE(client().get(one + "?owner_id=keeps").body, created.body);
    QCOMPARE(client().post(all, body).status, 409);

    const HttpReply found = client().post(one + "/run", {{"owner_id", "keeps"}, {"limit", 1}});
    QCOMPARE(found.status, 200);
    QVERIFY(found.json()["search_type"] == "text");
    QCOMPARE(found.json()["results"].size(), size_t(1));

    body["name"] = "Swimmers";
    const HttpReply changed = client().send("PUT", one, toUtf8(body));
    QCOMPARE(changed.status, 200);
    const Json page = client().get(all + "?owner_id=keeps").json();
    QVERIFY(page["total"] == 1);
    QVERIFY(page["limit"] == 20);
    QVERIFY(page["saved_searches"][0] == changed.json());
    QVERIFY(page["saved_searches"][0]["name"] == "Swimmers");

    QCOMPARE(client().get(one + "?owner_id=lists").status, 404);
    QCOMPARE(client().post(one + "/run", {{"owner_id", "lists"}}).status, 404);
    QCOMPARE(client().get(all + "/x?owner_id=keeps").status, 404);
    QCOMPARE(client().send("DELETE", one + "?owner_id=lists").status, 404);
    const HttpReply removed = client().send("DELETE", one + "?owner_id=keeps");
    QCOMPARE(removed.status, 200);
    QVERIFY(removed.json()["saved_id"] == created.json()["saved_id"]);
    QCOMPARE(client().get(one + "?owner_id=keeps").status, 404);
}

void TestServerSearches::refusesBadRequests_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("field");
    const auto row = [](const char *name,
                        const char *method,
                        const char *target,
                        const char *body,
                        const char *field) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(body)
                            << QString::fromLatin1(field);
    };
    const char *feedback = "/v1/searches/6f2c4a0e-6f0c-4f3e-9a43-1f1f6c1b7f10/feedback";
    const char *chunk = R"("chunk_id": "6f2c4a0e-6f0c-4f3e-9a43-1f1f6c1b7f11")";
    const auto body = [chunk](const char *word) -> QByteArray {
        return QByteArray(R"({"owner_id": "a", )") + chunk + R"(, "feedback": )" + word + "}";
    };
    row("no owner", "GET", "/v1/searches", "", "owner_id");
    row("limit", "GET", "/v1/searches?owner_id=a&limit=201", "", "limit");
    row("offset", "GET", "/v1/searches?owner_id=a&offset=-1", "", "offset");
    row("unknown", "GET", "/v1/searches?owner_id=a&order=desc", "", "order");
    row("clear without owner", "DELETE", "/v1/searches", "", "owner_id");
    row("word", "POST", feedback, body("\"great\"").constData(), "feedback");
    row("no word", "POST", feedback, body("null").constData(), "feedback");
    row("chunk",
        "POST",
        feedback,
        R"({"owner_id": "a", "chunk_id": "x", "feedback": "good"})",
        "chunk_id");
    row("no chunk", "POST", feedback, R"({"owner_id": "a", "feedback": "good"})", "chunk_id");
    row("notebook without owner", "GET", "/v1/notebook", "", "owner_id");
    row("notebook limit", "GET", "/v1/notebook?owner_id=a&limit=0", "", "limit");
    row("report", "POST", "/v1/notebook/report", R"({"owner_id": "a", "modes": 1})", "modes");
    row("report without owner", "POST", "/v1/notebook/report", "{}", "owner_id");
    const char *saved = "/v1/saved-searches";
    row("saved without owner", "GET", saved, "", "owner_id");
    row("no name", "POST", saved, R"({"owner_id": "a", "request": {"query": "b"}})", "name");
    row("no request", "POST", saved, R"({"owner_id": "a", "name": "b"})", "request");
    row("request of another",
        "POST",
        saved,
        R"({"owner_id": "a", "name": "b", "request": {"query": "b", "owner_id": "c"}})",
        "owner_id");
    row("field of the request",
        "POST",
        saved,
        R"({"owner_id": "a", "name": "b", "request": {"query": "b", "alpha": 2}})",
        "alpha");
    row("run with a query",
        "POST",
        "/v1/saved-searches/6f2c4a0e-6f0c-4f3e-9a43-1f1f6c1b7f10/run",
        R"({"owner_id": "a", "query": "b"})",
        "query");
    row("feedback without owner", "POST", feedback, R"({"feedback": "good"})", "owner_id");
}

void TestServerSearches::refusesBadRequests()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    const HttpReply reply = client().send(method, target, body);
    QCOMPARE(reply.status, 400);
    QTEST(reply.text("field"), "field");
}

QTEST_GUILESS_MAIN(TestServerSearches)
#include "tst_server_searches.moc"
