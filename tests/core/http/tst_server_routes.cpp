#include "tests/core/http/served_memory.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::http;
using namespace llmemory::testing;

class TestServerRoutes : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();

    void managesOwners();
    void pagesOwners();
    void refusesBadOwners_data();
    void refusesBadOwners();
    void addsDocuments();
    void refusesBadDocuments_data();
    void refusesBadDocuments();
    void takesFiles();
    void refusesBadForms_data();
    void refusesBadForms();
    void addsManyLineByLine();
    void addsManyForAnOldClient();
    void searches();
    void searchesByFilters();
    void neverShowsAnotherOwner();
    void tellsAboutEmbeddings();

private:
    HttpReply send(const QByteArray &method,
                   const QByteArray &target,
                   const QByteArray &body = {},
                   const HttpHeaders &headers = {})
    {
        return m_served.client().send(method, target, body, headers);
    }

    ServedMemory m_served;
};

void TestServerRoutes::initTestCase()
{
    if (const QString reason = m_served.open(); !reason.isEmpty())
        QSKIP(qPrintable(reason));
}

void TestServerRoutes::cleanupTestCase()
{
    m_served.close();
}

void TestServerRoutes::managesOwners()
{
    const HttpReply created =
        m_served.client().post("/v1/owners", {{"owner_id", "managed@x"}, {"display_name", "One"}});
    QCOMPARE(created.status, 201);
    QCOMPARE(created.headers.value("location"), QByteArray("/v1/owners/managed@x"));
    QCOMPARE(created.text("owner_id"), QStringLiteral("managed@x"));
    QCOMPARE(created.text("display_name"), QStringLiteral("One"));
    const HttpReply again = m_served.client().post("/v1/owners", {{"owner_id", "managed@x"}});
    QCOMPARE(again.status, 409);
    QCOMPARE(again.text("code"), QStringLiteral("owner_exists"));

    QCOMPARE(m_served.client().get("/v1/owners/managed%40x").text("display_name"),
             QStringLiteral("One"));
    const HttpReply renamed = send("PATCH", "/v1/owners/managed@x", R"({"display_name": "Two"})");
    QCOMPARE(renamed.status, 200);
    QCOMPARE(m_served.client().get("/v1/owners/managed@x").text("display_name"),
             QStringLiteral("Two"));
    const Json statistics = m_served.client().get("/v1/owners/managed@x/statistics").json();
    QCOMPARE(statistics["document_count"].get<int>(), 0);
    QVERIFY(statistics["documents_by_type"].is_object());
    QVERIFY(statistics["first_created_at"].is_null());

    const HttpReply deleted = send("DELETE", "/v1/owners/managed@x");
    QCOMPARE(deleted.status, 200);
    QCOMPARE(deleted.json()["documents_deleted"].get<int>(), 0);
    for (const char *method : {"GET", "DELETE"}) {
        const HttpReply gone = send(method, "/v1/owners/managed@x");
        QCOMPARE(gone.status, 404);
        QCOMPARE(gone.text("code"), QStringLiteral("not_found"));
    }
    QCOMPARE(m_served.client().get("/v1/owners/managed@x/statistics").status, 404);
}

void TestServerRoutes::pagesOwners()
{
    for (const char *id : {"page-a", "page-b", "page-c"})
        QCOMPARE(m_served.client().post("/v1/owners", {{"owner_id", id}}).status, 201);
    const Json all = m_served.client().get("/v1/owners?limit=200").json();
    QVERIFY(all["total"].get<int>() >= 3);
    QCOMPARE(int(all["owners"].size()), all["total"].get<int>());
    const Json second = m_served.client().get("/v1/owners?limit=1&offset=1").json();
    QCOMPARE(second["owners"].size(), size_t(1));
    QVERIFY(second["owners"][0] == all["owners"][1]);
    QCOMPARE(second["offset"].get<int>(), 1);
    QVERIFY(m_served.client().get("/v1/owners?offset=9000").json()["owners"].empty());
}

void TestServerRoutes::refusesBadOwners_data()
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
    row("no id", "POST", "/v1/owners", "{}", "owner_id");
    row("bad id", "POST", "/v1/owners", R"({"owner_id": "a b"})", "owner_id");
    row("line end in id", "POST", "/v1/owners", R"({"owner_id": "a\n"})", "owner_id");
    row("unknown field", "POST", "/v1/owners", R"({"owner_id": "a", "name": "b"})", "name");
    row("number for a name",
        "POST",
        "/v1/owners",
        R"({"owner_id": "a", "display_name": 1})",
        "display_name");
    row("no JSON", "POST", "/v1/owners", R"({"owner_id": )", "body");
    row("bad id in the path", "GET", "/v1/owners/a%20b", "", "owner_id");
    row("parameter", "GET", "/v1/owners/a?full=1", "", "full");
    row("limit", "GET", "/v1/owners?limit=0", "", "limit");
    row("large limit", "GET", "/v1/owners?limit=201", "", "limit");
    row("offset", "GET", "/v1/owners?offset=-1", "", "offset");
    row("word for a number", "GET", "/v1/owners?limit=ten", "", "limit");
    row("no new name", "PATCH", "/v1/owners/a", "{}", "display_name");
}

void TestServerRoutes::refusesBadOwners()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    QFETCH(QString, field);
    const HttpReply reply = send(method, target, body);
    QCOMPARE(reply.status, 400);
    QCOMPARE(reply.text("field"), field);
    QVERIFY(!reply.text("detail").isEmpty());
}

void TestServerRoutes::addsDocuments()
{
    Json document = documentJson(QStringLiteral("adder"),
                                 QStringLiteral("/a/b.txt"),
                                 QStringLiteral("Whales sing at night."));
    document["document_type"] = "report";
    document["document_date"] = "2024-05-01";
    document["metadata"] = {{"topic", "sea"}};
    const HttpReply added = m_served.client().post("/v1/documents", document);
    QCOMPARE(added.status, 201);
    const Json answer = added.json();
    QCOMPARE(toQString(answer["status"]), QStringLiteral("added"));
    QVERIFY(answer["chunks_created"].get<int>() >= 1);
    QVERIFY(answer["processing_time_ms"].is_number());
    QCOMPARE(toQString(answer["document"]["id_at_origin"]), QStringLiteral("/a/b.txt"));
    QCOMPARE(toQString(answer["document"]["document_date"]),
             QStringLiteral("2024-05-01T00:00:00.000Z"));
    QCOMPARE(toQString(answer["document"]["metadata"]["topic"]), QStringLiteral("sea"));

    const HttpReply same = m_served.client().post("/v1/documents", document);
    QCOMPARE(same.status, 200);
    QCOMPARE(same.text("status"), QStringLiteral("unchanged"));
    document["content"] = "Whales sing by day.";
    const HttpReply updated = m_served.client().post("/v1/documents", document);
    QCOMPARE(updated.status, 200);
    QCOMPARE(updated.text("status"), QStringLiteral("updated"));
    QVERIFY(updated.json()["document"]["document_id"] == answer["document"]["document_id"]);
}

void TestServerRoutes::refusesBadDocuments_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("field");
    const auto row =
        [](const char *title, const char *name, const QByteArray &value, const char *field) {
            QTest::newRow(title) << QByteArray(name) << value << QString::fromLatin1(field);
        };
    row("unknown", "contents", "\"a\"", "contents");
    row("no text", "content", "null", "content");
    row("blank text", "content", "\" \\n\"", "content");
    row("list for text", "content", "[]", "content");
    row("bad owner", "owner_id", "\"a/b\"", "owner_id");
    row("control character", "id_at_origin", "\"a\\u0007\"", "id_at_origin");
    row("long name", "document_name", '"' + QByteArray(501, 'a') + '"', "document_name");
    row("unknown type", "document_type", "\"novel\"", "document_type");
    row("no date", "document_date", "\"2024-13-01\"", "document_date");
    row("text for metadata", "metadata", "\"a\"", "metadata");
    row("deep metadata",
        "metadata",
        R"({"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}})",
        "metadata");
    row("unknown size", "chunking_config", R"({"size": 1})", "chunking_config.size");
    row("word for a flag", "generate_embeddings", "\"no\"", "generate_embeddings");
}

void TestServerRoutes::refusesBadDocuments()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    QFETCH(QString, field);
    Json document =
        documentJson(QStringLiteral("bad-documents"), QStringLiteral("a"), QStringLiteral("text"));
    document[name.toStdString()] = Json::parse(value.toStdString());
    const HttpReply reply = m_served.client().post("/v1/documents", document);
    QCOMPARE(reply.status, 400);
    QCOMPARE(reply.text("field"), field);
    QCOMPARE(m_served.client().get("/v1/owners/bad-documents").status, 404);
}

void TestServerRoutes::takesFiles()
{
    const QByteArray form = formPart("name=\"owner_id\"", "uploader") +
                            formPart("name=\"metadata\"", R"({"pages": 4})") +
                            formPart("name=\"file\"; filename=\"C:\\dir\\../no\xc3\xabl.md\"",
                                     "The title\nOtters hold hands.") +
                            "--XX--\r\n";
    const HttpReply added = send("POST", "/v1/documents", form, kForm);
    QCOMPARE(added.status, 201);
    const Json document = added.json()["document"];
    QCOMPARE(toQString(document["id_at_origin"]), QStringLiteral("no\u00ebl.md"));
    QCOMPARE(toQString(document["document_name"]), QStringLiteral("The title"));
    QCOMPARE(toQString(document["document_type"]), QStringLiteral("markdown"));
    QCOMPARE(toQString(document["metadata"]["author"]), QStringLiteral("Ada"));
    QCOMPARE(document["metadata"]["pages"].get<int>(), 4);
    const Json found = m_served.client().get("/v1/search?owner_id=uploader&query=otters").json();
    QCOMPARE(found["results"].size(), size_t(1));

    const QByteArray named =
        formPart("name=owner_id", "uploader") + formPart("name=id_at_origin", "x") +
        formPart("name=document_name", "y") + formPart("name=document_type", "report") +
        formPart("name=file; filename=z", "text") + "--XX--\r\n";
    const Json second = send("POST", "/v1/documents", named, kForm).json()["document"];
    QCOMPARE(toQString(second["id_at_origin"]), QStringLiteral("x"));
    QCOMPARE(toQString(second["document_name"]), QStringLiteral("y"));
    QCOMPARE(toQString(second["document_type"]), QStringLiteral("report"));

    const QByteArray locked = formPart("name=owner_id", "uploader") +
                              formPart("name=file; filename=locked.pdf", "SECRET") + "--XX--\r\n";
    const HttpReply refused = send("POST", "/v1/documents", locked, kForm);
    QCOMPARE(refused.status, 422);
    QCOMPARE(refused.text("code"), QStringLiteral("file_encrypted"));
    QVERIFY(refused.text("detail").contains(QLatin1String("locked.pdf")));
}

void TestServerRoutes::refusesBadForms_data()
{
    QTest::addColumn<QByteArray>("parts");
    QTest::addColumn<QString>("field");
    const QByteArray owner = formPart("name=owner_id", "forms");
    const QByteArray file = formPart("name=file; filename=a", "text");
    QTest::newRow("no file") << owner << QStringLiteral("file");
    QTest::newRow("file without name")
        << QByteArray(owner + formPart("name=file", "text")) << QStringLiteral("file");
    QTest::newRow("two files") << QByteArray(owner + file + file) << QStringLiteral("file");
    QTest::newRow("no owner") << file << QStringLiteral("owner_id");
    QTest::newRow("two owners") << QByteArray(owner + owner + file) << QStringLiteral("owner_id");
    QTest::newRow("unknown") << QByteArray(owner + formPart("name=color", "red") + file)
                             << QStringLiteral("color");
    QTest::newRow("content") << QByteArray(owner + formPart("name=content", "a") + file)
                             << QStringLiteral("content");
    QTest::newRow("metadata") << QByteArray(owner + formPart("name=metadata", "{") + file)
                              << QStringLiteral("metadata");
    QTest::newRow("list") << QByteArray(owner + formPart("name=metadata", "[]") + file)
                          << QStringLiteral("metadata");
    QTest::newRow("flag") << QByteArray(owner + formPart("name=generate_embeddings", "no") + file)
                          << QStringLiteral("generate_embeddings");
}

void TestServerRoutes::refusesBadForms()
{
    QFETCH(QByteArray, parts);
    QFETCH(QString, field);
    const HttpReply reply = send("POST", "/v1/documents", parts + "--XX--\r\n", kForm);
    QCOMPARE(reply.status, 400);
    QCOMPARE(reply.text("field"), field);
    QCOMPARE(send("POST", "/v1/documents", parts, kForm).text("field"), QStringLiteral("body"));
}

void TestServerRoutes::addsManyLineByLine()
{
    const auto line = [](const char *origin, const char *content) {
        return toUtf8(documentJson(
            QStringLiteral("bulk"), QString::fromLatin1(origin), QString::fromLatin1(content)));
    };
    const QByteArray body = line("1", "Apples are red.") + '\n' + "{ this is no JSON\n\n" +
                            toUtf8({{"owner_id", "bulk"}, {"colour", "red"}}) + "\r\n" +
                            line("2", "Pears are green.");
    const HttpReply reply = send("POST", "/v1/documents/bulk", body, kLines);
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.headers.value("content-type"), QByteArray("application/x-ndjson"));
    const QList<QByteArray> lines = reply.body.trimmed().split('\n');
    QCOMPARE(lines.size(), 4);
    QList<Json> answers;
    for (const QByteArray &text : lines)
        answers.append(Json::parse(text.toStdString()));
    QCOMPARE(toQString(answers.at(0)["status"]), QStringLiteral("added"));
    QCOMPARE(toQString(answers.at(1)["status"]), QStringLiteral("failed"));
    QCOMPARE(answers.at(1)["line"].get<int>(), 2);
    QCOMPARE(toQString(answers.at(1)["error"]["code"]), QStringLiteral("validation"));
    QCOMPARE(answers.at(2)["line"].get<int>(), 4);
    QVERIFY(answers.at(2)["error"].contains("field"));
    QCOMPARE(toQString(answers.at(3)["status"]), QStringLiteral("added"));
    QCOMPARE(toQString(answers.at(3)["document"]["id_at_origin"]), QStringLiteral("2"));
    QCOMPARE(m_served.client().get("/v1/owners/bulk").json()["document_count"].get<int>(), 2);
    QCOMPARE(send("POST", "/v1/documents/bulk", "\n", kLines).body, QByteArray());
}

void TestServerRoutes::addsManyForAnOldClient()
{
    const QByteArray body = "{}\n{}\n";
    const QByteArray answer = m_served.client().sendRaw(
        "POST /v1/documents/bulk HTTP/1.0\r\nHost: localhost:" +
        QByteArray::number(m_served.server().port()) + "\r\nAuthorization: Bearer " + kToken +
        "\r\nContent-Type: application/x-ndjson\r\nContent-Length: " +
        QByteArray::number(body.size()) + "\r\n\r\n" + body);
    QCOMPARE(statusOf(answer), 200);
    QVERIFY(!answer.contains("chunked"));
    QCOMPARE(answer.count("\"failed\""), 2);
}

void TestServerRoutes::searches()
{
    QCOMPARE(m_served.client()
                 .post("/v1/documents",
                       documentJson(QStringLiteral("searcher"),
                                    QStringLiteral("birds"),
                                    QStringLiteral("The kingfisher dives for minnows.")))
                 .status,
             201);
    const HttpReply posted = m_served.client().post(
        "/v1/search",
        {{"owner_id", "searcher"}, {"query", "kingfisher"}, {"search_type", "text"}, {"limit", 5}});
    QCOMPARE(posted.status, 200);
    const Json answer = posted.json();
    QCOMPARE(answer["results"].size(), size_t(1));
    const Json hit = answer["results"][0];
    QCOMPARE(toQString(hit["id_at_origin"]), QStringLiteral("birds"));
    QVERIFY(hit["highlights"][0] == Json::array({4, 14}));
    for (const char *name : {"search_id", "owner_id", "query", "search_type", "took_ms"})
        QVERIFY2(answer.contains(name), name);
    for (const char *name : {"rank",
                             "chunk_id",
                             "document_id",
                             "document_name",
                             "document_type",
                             "content",
                             "locator",
                             "score",
                             "similarity",
                             "text_rank",
                             "rrf_score",
                             "rerank_score",
                             "metadata",
                             "document_metadata",
                             "summary",
                             "parent_chunks",
                             "explain"}) {
        QVERIFY2(hit.contains(name), name);
    }
    const Json got =
        m_served.client()
            .get("/v1/search?owner_id=searcher&query=kingfisher&search_type=text&limit=5")
            .json();
    QVERIFY(got["results"][0]["chunk_id"] == hit["chunk_id"]);
    QVERIFY(got["search_id"] != answer["search_id"]);

    QCOMPARE(m_served.client().get("/v1/search?owner_id=searcher").text("field"),
             QStringLiteral("query"));
    QCOMPARE(m_served.client().get("/v1/search?owner_id=searcher&query=a&limit=201").text("field"),
             QStringLiteral("limit"));
    QCOMPARE(m_served.client().get("/v1/search?owner_id=searcher&query=a&top=1").text("field"),
             QStringLiteral("top"));
    QCOMPARE(m_served.client()
                 .post("/v1/search", {{"owner_id", "searcher"}, {"query", "a"}, {"top", 1}})
                 .text("field"),
             QStringLiteral("top"));
}

void TestServerRoutes::searchesByFilters()
{
    const auto add = [this](const char *origin, const char *type, const Json &metadata) {
        Json document = documentJson(QStringLiteral("sorter"),
                                     QString::fromLatin1(origin),
                                     QStringLiteral("The kingfisher dives for minnows."));
        document["document_type"] = type;
        document["metadata"] = metadata;
        document["document_date"] = "2024-05-17";
        return m_served.client().post("/v1/documents", document).status;
    };
    QCOMPARE(add("birds/a.pdf", "pdf", {{"tags", {"red", "blue"}}, {"year", 2024}}), 201);
    QCOMPARE(add("birds/b.md", "markdown", {{"tags", {"red"}}, {"year", 2020}}), 201);
    const auto found = [this](Json fields) -> QString {
        fields["owner_id"] = "sorter";
        fields["search_type"] = "text";
        if (!fields.contains("query"))
            fields["query"] = "kingfisher";
        const HttpReply reply = m_served.client().post("/v1/search", fields);
        if (reply.status != 200)
            return reply.text("field") + QLatin1String(": ") + reply.text("detail");
        const Json answer = reply.json();
        QStringList ids;
        for (const Json &hit : answer["results"])
            ids << toQString(hit["id_at_origin"]);
        ids.sort();
        return ids.join(QLatin1Char(' '));
    };
    const QString a = QStringLiteral("birds/a.pdf");
    const QString both = QStringLiteral("birds/a.pdf birds/b.md");
    QCOMPARE(found({{"tags", {"blue"}}}), a);
    QCOMPARE(found({{"paths", {"birds/a", "cats"}}}), a);
    QCOMPARE(found({{"paths", {"birds"}}}), both);
    QCOMPARE(found({{"metadata_conditions", {"year>=2021", "tags!=green"}}}), a);
    QCOMPARE(found({{"languages", {"unknown", "English"}}}), both);
    QCOMPARE(found({{"languages", {"de"}}}), QString());
    QCOMPARE(found({{"page_from", 1}}), QString());
    QCOMPARE(found({{"query", "kingfisher type:pdf -tag:green date:2024-05"}}), a);
    QCOMPARE(found({{"query", "tag:blue"}}), a);

    QVERIFY(found({{"query", "kingfisher page:x"}}).startsWith(QLatin1String("query: ")));
    QVERIFY(found({{"query", "kingfisher page:x"}}).contains(QLatin1String("column 17")));
    QVERIFY(found({{"languages", {"klingonish"}}}).startsWith(QLatin1String("languages: ")));
    QVERIFY(found({{"page_from", 3}, {"page_to", 2}}).startsWith(QLatin1String("page_from: ")));
    QVERIFY(found({{"tags", {" "}}}).startsWith(QLatin1String("tags: ")));
    QVERIFY(found({{"metadata_conditions", {"year>=soon"}}})
                .startsWith(QLatin1String("metadata_conditions: ")));
    QVERIFY(found({{"metadata_conditions", {"year"}}})
                .startsWith(QLatin1String("metadata_conditions: ")));

    const Json answer = m_served.client()
                            .get("/v1/search?owner_id=sorter&query=kingfisher&tags=red&facets=true"
                                 "&limit=1")
                            .json();
    QCOMPARE(answer["results"].size(), size_t(1));
    const Json facets = answer["facets"];
    QVERIFY(facets["passages"] == 2);
    QVERIFY(facets["tags"] == Json::parse(R"([{"value": "red", "count": 2},
                                              {"value": "blue", "count": 1}])"));
    QVERIFY(facets["folders"] == Json::parse(R"([{"value": "birds", "count": 2}])"));
    QVERIFY(facets["years"] == Json::parse(R"([{"value": "2024", "count": 2}])"));
}

void TestServerRoutes::neverShowsAnotherOwner()
{
    const auto add = [this](const QString &owner, const QString &content) {
        return m_served.client()
            .post("/v1/documents", documentJson(owner, QStringLiteral("same-origin"), content))
            .json();
    };
    const Json first =
        add(QStringLiteral("tenant-a"), QStringLiteral("The password is swordfish."));
    const Json second = add(QStringLiteral("tenant-b"), QStringLiteral("Nothing to see."));
    QVERIFY(first["document"]["document_id"] != second["document"]["document_id"]);
    for (const char *mode : {"text", "vector", "hybrid"}) {
        const HttpReply reply = m_served.client().post(
            "/v1/search",
            {{"owner_id", "tenant-b"}, {"query", "password swordfish"}, {"search_type", mode}});
        QCOMPARE(reply.status, 200);
        QVERIFY2(!reply.body.contains("is swordfish"), mode);
        QVERIFY2(!reply.body.contains("tenant-a"), mode);
    }
    QVERIFY(m_served.client()
                .get("/v1/search?owner_id=tenant-c&query=swordfish")
                .json()["results"]
                .empty());
    QCOMPARE(m_served.client().get("/v1/owners/tenant-b").json()["document_count"].get<int>(), 1);
    QCOMPARE(send("DELETE", "/v1/owners/tenant-b").json()["documents_deleted"].get<int>(), 1);
    QVERIFY(m_served.client()
                .get("/v1/search?owner_id=tenant-a&query=swordfish")
                .body.contains("is swordfish"));
}

void TestServerRoutes::tellsAboutEmbeddings()
{
    const HttpReply all = m_served.client().get("/v1/embeddings");
    QCOMPARE(all.status, 200);
    QVERIFY(!all.text("model").isEmpty());
    QVERIFY(all.json()["dimension"].get<int>() > 0);
    Json document =
        documentJson(QStringLiteral("queue"), QStringLiteral("a"), QStringLiteral("Some text."));
    document["generate_embeddings"] = false;
    QCOMPARE(m_served.client().post("/v1/documents", document).status, 201);
    QCOMPARE(m_served.client().get("/v1/embeddings?owner_id=queue").json()["pending"].get<int>(),
             1);
    QCOMPARE(m_served.client().get("/v1/embeddings?owner_id=a%20b").text("field"),
             QStringLiteral("owner_id"));
    QCOMPARE(m_served.client().get("/v1/embeddings?model=a").text("field"),
             QStringLiteral("model"));
}

QTEST_GUILESS_MAIN(TestServerRoutes)
#include "tst_server_routes.moc"
