#include "tests/core/http/served_memory.h"

#include <QSet>
#include <QTest>

using namespace llmemory;
using namespace llmemory::http;
using namespace llmemory::testing;

/// The routes of documents that are there already.
class TestServerDocuments : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();

    void listsDocuments();
    void filtersAndSortsTheList_data();
    void filtersAndSortsTheList();
    void refusesBadLists_data();
    void refusesBadLists();
    void showsOneDocument();
    void pagesChunks();
    void findsSimilarOnes();
    void changesADocument();
    void removesTheDateOnly();
    void refusesBadChanges_data();
    void refusesBadChanges();
    void deletesOneDocument();
    void deletesManyDocuments();
    void deletesByMetadata();
    void refusesBadDeletions_data();
    void refusesBadDeletions();
    void refusesBadAddresses_data();
    void refusesBadAddresses();
    void answersForeignDocumentsLikeMissingOnes_data();
    void answersForeignDocumentsLikeMissingOnes();

private:
    /// The id of a new document.
    QByteArray add(const char *owner, const char *origin, const QString &content)
    {
        const HttpReply reply = m_served.client().post(
            "/v1/documents",
            documentJson(QString::fromLatin1(owner), QString::fromLatin1(origin), content));
        return QByteArray::fromStdString(
            reply.json()["document"]["document_id"].get<std::string>());
    }
    HttpReply get(const QByteArray &target) { return m_served.client().get(target); }
    HttpReply send(const QByteArray &method, const QByteArray &target, const QByteArray &body = {})
    {
        return m_served.client().send(method, target, body);
    }

    static QSet<QByteArray> idsIn(const HttpReply &reply)
    {
        QSet<QByteArray> ids;
        const Json answer = reply.json();
        for (const Json &id : answer["document_ids"])
            ids.insert(toQString(id).toLatin1());
        return ids;
    }

    ServedMemory m_served;
};

void TestServerDocuments::initTestCase()
{
    if (const QString reason = m_served.open(); !reason.isEmpty())
        QSKIP(qPrintable(reason));
    const auto note = [this](const char *origin, const char *type, const char *team) {
        Json document = documentJson(
            QStringLiteral("lister"), QString::fromLatin1(origin), QStringLiteral("x"));
        document["document_type"] = type;
        document["metadata"] = {{"team", team}};
        QCOMPARE(m_served.client().post("/v1/documents", document).status, 201);
    };
    note("b", "report", "red");
    note("a", "report", "blue");
    note("c", "text", "red");
}

void TestServerDocuments::cleanupTestCase()
{
    m_served.close();
}

void TestServerDocuments::listsDocuments()
{
    const HttpReply reply = get("/v1/documents?owner_id=lister");
    QCOMPARE(reply.status, 200);
    const Json all = reply.json();
    QCOMPARE(all["total"].get<int>(), 3);
    QCOMPARE(all["limit"].get<int>(), 20);
    QCOMPARE(all["offset"].get<int>(), 0);
    QCOMPARE(all["documents"].size(), size_t(3));
    QCOMPARE(toQString(all["documents"][0]["owner_id"]), QStringLiteral("lister"));
    QVERIFY(!all["documents"][0].contains("content"));

    const Json second = get("/v1/documents?owner_id=lister&limit=1&offset=1").json();
    QCOMPARE(second["documents"].size(), size_t(1));
    QVERIFY(second["documents"][0] == all["documents"][1]);
    QCOMPARE(second["total"].get<int>(), 3);
    const Json nobody = get("/v1/documents?owner_id=nobody").json();
    QCOMPARE(nobody["total"].get<int>(), 0);
    QVERIFY(nobody["documents"].empty());
}

void TestServerDocuments::filtersAndSortsTheList_data()
{
    QTest::addColumn<QByteArray>("parameters");
    QTest::addColumn<QString>("origins");
    const auto row = [](const char *name, const char *parameters, const char *origins) {
        QTest::newRow(name) << QByteArray(parameters) << QString::fromLatin1(origins);
    };
    row("newest first", "", "cab");
    row("oldest first", "&order=asc", "bac");
    row("by name", "&order_by=document_name&order=asc", "abc");
    row("by name, last first", "&order_by=document_name&order=desc", "cba");
    row("by change", "&order_by=updated_at&order=asc", "bac");
    row("of a type", "&document_type=report", "ab");
    row("by metadata", "&metadata=%7B%22team%22%3A%22red%22%7D", "cb");
    row("by both", "&document_type=text&metadata=%7B%22team%22%3A%22blue%22%7D", "");
}

void TestServerDocuments::filtersAndSortsTheList()
{
    QFETCH(QByteArray, parameters);
    QFETCH(QString, origins);
    const Json page = get("/v1/documents?owner_id=lister" + parameters).json();
    QString found;
    for (const Json &document : page["documents"])
        found += toQString(document["id_at_origin"]);
    QCOMPARE(found, origins);
    QCOMPARE(page["total"].get<int>(), int(origins.size()));
}

void TestServerDocuments::refusesBadLists_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("field");
    const auto row = [](const char *name, const char *query, const char *field) {
        QTest::newRow(name) << QByteArray(query) << QString::fromLatin1(field);
    };
    row("no owner", "", "owner_id");
    row("bad owner", "?owner_id=a%20b", "owner_id");
    row("limit", "?owner_id=a&limit=201", "limit");
    row("no limit", "?owner_id=a&limit=0", "limit");
    row("offset", "?owner_id=a&offset=-1", "offset");
    row("type", "?owner_id=a&document_type=novel", "document_type");
    row("metadata", "?owner_id=a&metadata=%5B%5D", "metadata");
    row("no JSON", "?owner_id=a&metadata=red", "metadata");
    row("order", "?owner_id=a&order=up", "order");
    row("sort key", "?owner_id=a&order_by=size", "order_by");
    row("unknown", "?owner_id=a&page=2", "page");
}

void TestServerDocuments::refusesBadLists()
{
    QFETCH(QByteArray, query);
    QFETCH(QString, field);
    const HttpReply reply = get("/v1/documents" + query);
    QCOMPARE(reply.status, 400);
    QCOMPARE(reply.text("field"), field);
    QVERIFY(!reply.text("detail").isEmpty());
}

void TestServerDocuments::showsOneDocument()
{
    const QString text = QStringLiteral("Badgers dig.\nIgel schlafen im Winter: \U0001F994");
    const QByteArray path = "/v1/documents/" + add("shower", "badgers", text);
    const HttpReply shown = get(path + "?owner_id=shower");
    QCOMPARE(shown.status, 200);
    QCOMPARE(shown.text("id_at_origin"), QStringLiteral("badgers"));
    QCOMPARE(shown.json()["characters"].get<qint64>(), text.size());
    QVERIFY(!shown.json().contains("content"));

    const HttpReply content = get(path + "/content?owner_id=shower");
    QCOMPARE(content.status, 200);
    QCOMPARE(content.text("content"), text);
    QCOMPARE(content.text("document_id"), shown.text("document_id"));
}

void TestServerDocuments::pagesChunks()
{
    QString text;
    for (int i = 0; i < 400; ++i)
        text += QStringLiteral("Sentence number %1 tells about the river and its mill. ").arg(i);
    const QByteArray path = "/v1/documents/" + add("pager", "long", text) + "/chunks";
    const Json all = get(path + "?owner_id=pager&limit=200").json();
    const int total = all["total"].get<int>();
    QVERIFY(total > 3);
    QCOMPARE(int(all["chunks"].size()), total);
    for (const char *name : {"chunk_id", "document_id", "content", "locator", "token_count"})
        QVERIFY2(all["chunks"][0].contains(name), name);

    const Json part = get(path + "?owner_id=pager&limit=2&offset=1").json();
    QCOMPARE(part["chunks"].size(), size_t(2));
    QVERIFY(part["chunks"][0] == all["chunks"][1]);
    QVERIFY(part["chunks"][1] == all["chunks"][2]);
    QCOMPARE(part["total"].get<int>(), total);
    QCOMPARE(part["limit"].get<int>(), 2);
    QCOMPARE(part["offset"].get<int>(), 1);
    QVERIFY(get(path + "?owner_id=pager&offset=9999").json()["chunks"].empty());
    QCOMPARE(get(path + "?owner_id=pager&limit=201").text("field"), QStringLiteral("limit"));
}

void TestServerDocuments::findsSimilarOnes()
{
    const QByteArray heron =
        add("similar", "heron", QStringLiteral("A heron waits beside the weir for fish."));
    const QByteArray other =
        add("similar", "other", QStringLiteral("Beside the weir a heron waits for eels."));
    add("similar", "rice", QStringLiteral("Boil rice in water until it is soft."));
    const HttpReply documents = get("/v1/documents/" + heron + "/similar?owner_id=similar&limit=1");
    QCOMPARE(documents.status, 200);
    const Json answer = documents.json();
    QCOMPARE(answer["results"].size(), size_t(1));
    QCOMPARE(toQString(answer["results"][0]["document_id"]), QString::fromLatin1(other));
    QVERIFY(answer["results"][0].contains("more_passages"));

    const Json chunks = get("/v1/documents/" + heron + "/chunks?owner_id=similar").json();
    const QByteArray chunk =
        QByteArray::fromStdString(chunks["chunks"][0]["chunk_id"].get<std::string>());
    const HttpReply passages =
        get("/v1/chunks/" + chunk + "/similar?owner_id=similar&same_document=true");
    QCOMPARE(passages.status, 200);
    QCOMPARE(toQString(passages.json()["results"][0]["document_id"]), QString::fromLatin1(other));
    QCOMPARE(get("/v1/chunks/" + chunk + "/similar?owner_id=thief").status, 404);
}

void TestServerDocuments::changesADocument()
{
    const QByteArray path =
        "/v1/documents/" + add("changer", "draft", QStringLiteral("Swifts sleep in the air."));
    const Json before = get(path + "?owner_id=changer").json();
    const Json chunks = get(path + "/chunks?owner_id=changer").json();
    const HttpReply changed = send(
        "PATCH",
        path + "?owner_id=changer",
        R"({"document_name": "Final", "document_date": "2024-05-01", "metadata": {"state": "final"}})");
    QCOMPARE(changed.status, 200);
    QCOMPARE(changed.text("document_name"), QStringLiteral("Final"));
    QCOMPARE(changed.text("document_date"), QStringLiteral("2024-05-01T00:00:00.000Z"));
    QCOMPARE(toQString(changed.json()["metadata"]["state"]), QStringLiteral("final"));
    QVERIFY(get(path + "?owner_id=changer").json() == changed.json());
    for (const char *name : {"id_at_origin", "content_hash", "created_at", "embeddings_pending"})
        QVERIFY2(changed.json()[name] == before[name], name);
    QVERIFY(get(path + "/chunks?owner_id=changer").json() == chunks);
    const Json found = get("/v1/search?owner_id=changer&query=swifts&metadata_filter="
                           "%7B%22state%22%3A%22final%22%7D")
                           .json();
    QCOMPARE(found["results"].size(), size_t(1));
    QCOMPARE(toQString(found["results"][0]["document_name"]), QStringLiteral("Final"));
}

void TestServerDocuments::removesTheDateOnly()
{
    Json document =
        documentJson(QStringLiteral("dated"), QStringLiteral("a"), QStringLiteral("Some text."));
    document["document_date"] = "2024-05-01";
    document["metadata"] = {{"team", "red"}};
    const Json added = m_served.client().post("/v1/documents", document).json()["document"];
    const QByteArray target =
        "/v1/documents/" + toQString(added["document_id"]).toLatin1() + "?owner_id=dated";
    QCOMPARE(send("PATCH", target, R"({"document_name": "b"})").text("document_date"),
             QStringLiteral("2024-05-01T00:00:00.000Z"));
    const Json undated = send("PATCH", target, R"({"document_date": null})").json();
    QVERIFY(undated["document_date"].is_null());
    QCOMPARE(toQString(undated["document_name"]), QStringLiteral("b"));
    QCOMPARE(toQString(undated["metadata"]["team"]), QStringLiteral("red"));
}

void TestServerDocuments::refusesBadChanges_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("field");
    const auto row = [](const char *name, const QByteArray &body, const char *field) {
        QTest::newRow(name) << body << QString::fromLatin1(field);
    };
    row("text", R"({"content": "other"})", "content");
    row("owner", R"({"owner_id": "other", "document_name": "a"})", "owner_id");
    row("long name", R"({"document_name": ")" + QByteArray(501, 'a') + R"("})", "document_name");
    row("number for a name", R"({"document_name": 1})", "document_name");
    row("no date", R"({"document_date": "soon"})", "document_date");
    row("list for metadata", R"({"metadata": []})", "metadata");
    row("no JSON", "{", "body");
}

void TestServerDocuments::refusesBadChanges()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, field);
    const QByteArray target =
        "/v1/documents/" + add("changer", "kept", QStringLiteral("Text.")) + "?owner_id=changer";
    const Json before = get(target).json();
    const HttpReply reply = send("PATCH", target, body);
    QCOMPARE(reply.status, 400);
    QCOMPARE(reply.text("field"), field);
    QVERIFY(get(target).json() == before);
}

void TestServerDocuments::deletesOneDocument()
{
    const QByteArray path =
        "/v1/documents/" + add("deleter", "a", QStringLiteral("Moles dig at night."));
    const HttpReply deleted = send("DELETE", path + "?owner_id=deleter");
    QCOMPARE(deleted.status, 200);
    QCOMPARE(deleted.json()["documents_deleted"].get<int>(), 1);
    QVERIFY(path.endsWith(deleted.text("document_id").toLatin1()));
    for (const char *method : {"GET", "DELETE"}) {
        const HttpReply gone = send(method, path + "?owner_id=deleter");
        QCOMPARE(gone.status, 404);
        QCOMPARE(gone.text("code"), QStringLiteral("not_found"));
    }
    QVERIFY(get("/v1/search?owner_id=deleter&query=moles").json()["results"].empty());
}

void TestServerDocuments::deletesManyDocuments()
{
    const QByteArray first = add("cleaner", "1", QStringLiteral("one"));
    const QByteArray second = add("cleaner", "2", QStringLiteral("two"));
    add("cleaner", "3", QStringLiteral("three"));
    const QByteArray foreign = add("neighbour", "1", QStringLiteral("one"));
    const QByteArray missing = "00000000-0000-4000-8000-000000000000";
    Json body{{"owner_id", "cleaner"}, {"document_ids", Json::array()}};
    for (const QByteArray &id : {first, second, foreign, missing})
        body["document_ids"].push_back(id.toStdString());
    const HttpReply deleted = m_served.client().post("/v1/documents/delete", body);
    QCOMPARE(deleted.status, 200);
    QCOMPARE(deleted.json()["documents_deleted"].get<int>(), 2);
    QCOMPARE(idsIn(deleted), (QSet<QByteArray>{first, second}));
    QCOMPARE(get("/v1/documents?owner_id=cleaner").json()["total"].get<int>(), 1);
    QCOMPARE(get("/v1/documents/" + foreign + "?owner_id=neighbour").status, 200);
}

void TestServerDocuments::deletesByMetadata()
{
    const auto note = [this](const char *origin, const char *team) {
        Json document = documentJson(
            QStringLiteral("filter"), QString::fromLatin1(origin), QStringLiteral("x"));
        document["metadata"] = {{"team", team}, {"year", 2024}};
        QCOMPARE(m_served.client().post("/v1/documents", document).status, 201);
    };
    note("a", "red");
    note("b", "red");
    note("c", "blue");
    const HttpReply deleted = m_served.client().post(
        "/v1/documents/delete", {{"owner_id", "filter"}, {"metadata_filter", {{"team", "red"}}}});
    QCOMPARE(deleted.status, 200);
    QCOMPARE(deleted.json()["documents_deleted"].get<int>(), 2);
    QCOMPARE(idsIn(deleted).size(), 2);
    const Json left = get("/v1/documents?owner_id=filter").json();
    QCOMPARE(left["total"].get<int>(), 1);
    QCOMPARE(toQString(left["documents"][0]["id_at_origin"]), QStringLiteral("c"));
    QCOMPARE(get("/v1/documents?owner_id=lister").json()["total"].get<int>(), 3);
}

void TestServerDocuments::refusesBadDeletions_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("field");
    const auto row = [](const char *name, const char *body, const char *field) {
        QTest::newRow(name) << QByteArray(body) << QString::fromLatin1(field);
    };
    row("nothing said", R"({"owner_id": "lister"})", "document_ids");
    row("empty list", R"({"owner_id": "lister", "document_ids": []})", "document_ids");
    row("no id", R"({"owner_id": "lister", "document_ids": ["a"]})", "document_ids");
    row("number", R"({"owner_id": "lister", "document_ids": [1]})", "document_ids");
    row("empty list beside a filter",
        R"({"owner_id": "lister", "document_ids": [], "metadata_filter": {"team": "red"}})",
        "document_ids");
    row("empty filter", R"({"owner_id": "lister", "metadata_filter": {}})", "document_ids");
    row("no owner", R"({"document_ids": []})", "owner_id");
    row("unknown",
        R"({"owner_id": "a", "document_ids": ["00000000-0000-4000-8000-000000000000"], "ids": []})",
        "ids");
}

void TestServerDocuments::refusesBadDeletions()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, field);
    const HttpReply reply = send("POST", "/v1/documents/delete", body);
    QCOMPARE(reply.status, 400);
    QCOMPARE(reply.text("field"), field);
    QCOMPARE(get("/v1/documents?owner_id=lister").json()["total"].get<int>(), 3);
}

void TestServerDocuments::refusesBadAddresses_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QString>("field");
    const QByteArray path = "/v1/documents/00000000-0000-4000-8000-000000000000";
    for (const char *part : {"", "/content", "/chunks", "/similar"}) {
        QTest::addRow("no owner%s", part) << QByteArray(path + part) << QStringLiteral("owner_id");
        QTest::addRow("no id%s", part)
            << QByteArray("/v1/documents/12" + QByteArray(part) + "?owner_id=a")
            << QStringLiteral("document_id");
        QTest::addRow("unknown%s", part)
            << QByteArray(path + part + "?owner_id=a&full=1") << QStringLiteral("full");
    }
    QTest::newRow("limit of similar ones")
        << path + "/similar?owner_id=a&limit=201" << QStringLiteral("limit");
    QTest::newRow("same document of a document")
        << path + "/similar?owner_id=a&same_document=true" << QStringLiteral("same_document");
    const QByteArray chunk = "/v1/chunks/00000000-0000-4000-8000-000000000000/similar";
    QTest::newRow("passage without owner") << chunk << QStringLiteral("owner_id");
    QTest::newRow("passage without id")
        << QByteArray("/v1/chunks/12/similar?owner_id=a") << QStringLiteral("chunk_id");
    QTest::newRow("same document that is no flag")
        << chunk + "?owner_id=a&same_document=perhaps" << QStringLiteral("same_document");
    QTest::newRow("passage with an unknown one")
        << chunk + "?owner_id=a&full=1" << QStringLiteral("full");
}

void TestServerDocuments::refusesBadAddresses()
{
    QFETCH(QByteArray, target);
    QFETCH(QString, field);
    const HttpReply reply = get(target);
    QCOMPARE(reply.status, 400);
    QCOMPARE(reply.text("field"), field);
}

void TestServerDocuments::answersForeignDocumentsLikeMissingOnes_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("part");
    QTest::newRow("show") << QByteArray("GET") << QByteArray();
    QTest::newRow("content") << QByteArray("GET") << QByteArray("/content");
    QTest::newRow("chunks") << QByteArray("GET") << QByteArray("/chunks");
    QTest::newRow("similar") << QByteArray("GET") << QByteArray("/similar");
    QTest::newRow("change") << QByteArray("PATCH") << QByteArray();
    QTest::newRow("delete") << QByteArray("DELETE") << QByteArray();
}

void TestServerDocuments::answersForeignDocumentsLikeMissingOnes()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, part);
    const QByteArray foreign = add("rich", "secret", QStringLiteral("The gold is in the cellar."));
    const QByteArray missing = "00000000-0000-4000-8000-000000000000";
    const auto answer = [&](const QByteArray &id) {
        const QByteArray body = method == "PATCH" ? R"({"document_name": "mine"})" : "";
        return send(method, "/v1/documents/" + id + part + "?owner_id=thief", body);
    };
    const HttpReply forForeign = answer(foreign);
    const HttpReply forMissing = answer(missing);
    QCOMPARE(forForeign.status, 404);
    QCOMPARE(forForeign.body, forMissing.body);
    QCOMPARE(forMissing.status, 404);
    QCOMPARE(get("/v1/documents/" + foreign + "?owner_id=rich").text("document_name"),
             QStringLiteral("secret"));
}

QTEST_GUILESS_MAIN(TestServerDocuments)
#include "tst_server_documents.moc"
