#include "core/memory.h"
#include "core/migrate/migration_catalog.h"
#include "core/migrate/migration_runner.h"
#include "core/testing/await.h"
#include "core/testing/verify_result.h"
#include "tests/core/db/thread_session.h"

#include <QtTest>

using namespace llmemory;
using migrate::MigrationRunner;
using testing::await;
using testing::TemporarySchema;
using testing::ThreadSession;

namespace {

const QString kOwner = QStringLiteral("anna");

/// A document of one passage, as the program of that schema stored it, with a segment of an index.
const char *const kDocument = R"(
INSERT INTO {{tables.owners}} (owner_id, display_name, document_count, chunk_count, last_number)
    VALUES ('anna', 'Anna', 1, 1, 2);
INSERT INTO {{tables.documents}} (owner_id, document_id, id_at_origin, document_type, document_name, language,
    text_config, content_hash, chunk_fingerprint, char_count, page_count, chunk_count)
    VALUES ('anna', '00000000-0000-0000-0000-000000000001', 'a', 'text', 'annual_report.txt', 'en', 'english', '', '', 9,
    0, 1);
INSERT INTO {{tables.document_contents}} VALUES ('anna', '00000000-0000-0000-0000-000000000001', 'Two ships', '{}');
INSERT INTO {{tables.document_chunks}} (owner_id, chunk_id, document_id, chunk_index, chunk_level, content, content_hash,
    token_count, page, line_start, line_end, char_start, char_end, text_config, chunk_no)
    VALUES ('anna', '00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001', 0, 1, 'Two ships', '',
    2, 0, 1, 1, 0, 9, 'english', 1);
INSERT INTO {{tables.text_segments}} VALUES ('anna', 1, 1, 2, 1, 0);
)";

constexpr db::Statement kBuilt{"built", "SELECT passages FROM {{tables.text_segments}}"};

} // namespace

/// What a schema of an older program has in it, and that the present one finds it.
class TestSchemaUpgrade : public QObject
{
    Q_OBJECT

private slots:
    void namesBecomeSearchable();
};

void TestSchemaUpgrade::namesBecomeSearchable()
{
    const TemporarySchema database(false);
    if (!database.isAvailable())
        QSKIP(qPrintable(database.reason()));
    auto modules = migrate::readModules({migrate::ownModule()});
    VERIFY_RESULT(modules);
    modules->first().migrations.removeIf(
        [](const auto &migration) { return migration.number > 4; });
    QCOMPARE(modules->first().migrations.size(), 4);
    {
        ThreadSession session(database);
        VERIFY_RESULT(MigrationRunner(*modules).apply(*session));
        VERIFY_RESULT(db::inTransaction(
            *session, "test", db::Scope::owner(*OwnerId::parse(kOwner)), [](db::Session &s) {
                return s.runScript(QStringLiteral("document"), QString::fromUtf8(kDocument));
            }));
    }

    Memory memory(database.config());
    const auto opened = await(memory.initialize());
    VERIFY_RESULT(opened);
    const SearchQuery query{.owner = *OwnerId::parse(kOwner),
                            .text = QStringLiteral("reports"),
                            .mode = SearchMode::Text};
    // At once, and when the index was built in the background.
    const auto isFound = [&] {
        const auto answer = await(memory.search(query));
        return answer && answer->hits.size() == 1;
    };
    QVERIFY(isFound());
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            ThreadSession session(database, database.administrator());
            const auto rows = session->query(kBuilt);
            return rows && rows->size() == 1 && rows->first().bigint(0) == 1;
        }(),
        30'000);
    QVERIFY(isFound());
}

QTEST_GUILESS_MAIN(TestSchemaUpgrade)
#include "tst_schema_upgrade.moc"
