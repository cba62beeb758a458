#include "core/base/ids.h"
#include "ui/tenants/owner_id_suggestion.h"

#include <QTest>

class TestOwnerIdSuggestion : public QObject
{
    Q_OBJECT

private slots:
    void suggests_data();
    void suggests();
};

void TestOwnerIdSuggestion::suggests_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("id");
    QTest::newRow("word") << "Legal"
                          << "legal";
    QTest::newRow("words") << "Legal  department"
                           << "legal-department";
    QTest::newRow("accents and signs") << "Müller & Söhne"
                                       << "muller-sohne";
    QTest::newRow("mail address") << "Anna@example.org"
                                  << "anna@example.org";
    QTest::newRow("leading and trailing space") << "  a b "
                                                << "a-b";
    QTest::newRow("other script") << "日本"
                                  << "";
    QTest::newRow("empty") << ""
                           << "";
    QTest::newRow("long") << QString(300, QLatin1Char('x')) << QString(64, QLatin1Char('x'));
}

void TestOwnerIdSuggestion::suggests()
{
    QFETCH(QString, name);
    const QString id = llmemory::ui::suggestOwnerId(name);
    QTEST(id, "id");
    QVERIFY(id.isEmpty() || llmemory::OwnerId::parse(id));
}

QTEST_GUILESS_MAIN(TestOwnerIdSuggestion)
#include "tst_owner_id_suggestion.moc"
