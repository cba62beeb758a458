#include "tests/ui/strings.h"
#include "ui/tenants/owner_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace llmemory;
using llmemory::testing::strings;
using ui::OwnerModel;

namespace {

QList<Owner> owners(const QStringList &ids)
{
    QList<Owner> list;
    for (const QString &id : ids) {
        Owner owner;
        owner.id = OwnerId::parse(id).value();
        owner.displayName = id.toUpper();
        owner.documentCount = id.size();
        list.append(owner);
    }
    return list;
}

} // namespace

class TestOwnerModel : public QObject
{
    Q_OBJECT

private slots:
    void keepsRowsThroughChanges_data();
    void keepsRowsThroughChanges();
    void showsNameAndCount();
};

void TestOwnerModel::keepsRowsThroughChanges_data()
{
    QTest::addColumn<QStringList>("after");
    QTest::newRow("same") << strings({"a", "b", "c"});
    QTest::newRow("one more in the middle") << strings({"a", "b", "bb", "c"});
    QTest::newRow("first gone") << strings({"b", "c"});
    QTest::newRow("another order") << strings({"c", "b", "a"});
    QTest::newRow("all at once") << strings({"d", "c", "b", "e"});
}

void TestOwnerModel::keepsRowsThroughChanges()
{
    QFETCH(QStringList, after);
    OwnerModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setOwners(owners(strings({"a", "b", "c"})));
    const QPersistentModelIndex b = model.index(1);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.setOwners(owners(after));
    QStringList ids;
    for (const Owner &owner : model.owners())
        ids.append(owner.id.toString());
    QCOMPARE(ids, after);
    QCOMPARE(b.row(), after.indexOf(QStringLiteral("b")));
    QCOMPARE(reset.count(), 0);
    model.setOwners({});
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(!b.isValid());
}

void TestOwnerModel::showsNameAndCount()
{
    OwnerModel model;
    model.setOwners(owners(strings({"legal"})));
    QCOMPARE(model.index(0).data().toString(), QStringLiteral("LEGAL"));
    QCOMPARE(model.index(0).data(OwnerModel::CountRole).toLongLong(), 5);
    QVERIFY(model.index(0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("legal")));
    QCOMPARE(model.rowOf(OwnerId::parse(QStringLiteral("other")).value()), -1);
}

QTEST_GUILESS_MAIN(TestOwnerModel)
#include "tst_owner_model.moc"
