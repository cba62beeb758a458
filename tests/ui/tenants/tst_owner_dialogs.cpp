#include "ui/tenants/add_owner_dialog.h"
#include "ui/tenants/delete_owner_dialog.h"
#include "ui/tenants/rename_owner_dialog.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace llmemory;
using namespace llmemory::ui;

namespace {

OwnerId id(const char *text)
{
    return OwnerId::parse(QString::fromLatin1(text)).value();
}

bool says(const QWidget &dialog, const QString &text)
{
    for (const QLabel *label : dialog.findChildren<QLabel *>()) {
        if (label->text().contains(text))
            return true;
    }
    return false;
}

} // namespace

class TestOwnerDialogs : public QObject
{
    Q_OBJECT

private slots:
    void addSuggestsAnId();
    void addChecksTheId_data();
    void addChecksTheId();
    void addStaysOpenOnAProblem();
    void renameNeedsAName();
    void deleteNeedsTheIdTyped();
    void deleteSaysWhatGoes();
};

void TestOwnerDialogs::addSuggestsAnId()
{
    AddOwnerDialog dialog({});
    auto *name = dialog.findChild<QLineEdit *>(QStringLiteral("name"));
    auto *idField = dialog.findChild<QLineEdit *>(QStringLiteral("id"));
    auto *add = dialog.findChild<QPushButton *>(QStringLiteral("add"));
    QVERIFY(!add->isEnabled());
    QTest::keyClicks(name, QStringLiteral("Legal dept"));
    QCOMPARE(idField->text(), QStringLiteral("legal-dept"));
    QVERIFY(add->isEnabled());
    // An id of one's own is left alone.
    idField->clear();
    QTest::keyClicks(idField, QStringLiteral("law"));
    QTest::keyClicks(name, QStringLiteral("s"));
    QCOMPARE(idField->text(), QStringLiteral("law"));
    QSignalSpy submitted(&dialog, &AddOwnerDialog::submitted);
    QTest::mouseClick(add, Qt::LeftButton);
    QCOMPARE(submitted.count(), 1);
    QCOMPARE(submitted.first().first().value<OwnerId>(), id("law"));
    QCOMPARE(submitted.first().last().toString(), QStringLiteral("Legal depts"));
}

void TestOwnerDialogs::addChecksTheId_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("valid");
    QTest::newRow("good") << "team_1@example.org" << true;
    QTest::newRow("space") << "a b" << false;
    QTest::newRow("slash") << "a/b" << false;
    QTest::newRow("taken") << "demo" << false;
    QTest::newRow("other case is another id") << "Demo" << true;
    QTest::newRow("too long") << QString(256, QLatin1Char('x')) << false;
}

void TestOwnerDialogs::addChecksTheId()
{
    QFETCH(QString, text);
    AddOwnerDialog dialog({id("demo")});
    dialog.findChild<QLineEdit *>(QStringLiteral("id"))->setText(text);
    QTEST(dialog.findChild<QPushButton *>(QStringLiteral("add"))->isEnabled(), "valid");
}

void TestOwnerDialogs::addStaysOpenOnAProblem()
{
    AddOwnerDialog dialog({});
    dialog.show();
    dialog.findChild<QLineEdit *>(QStringLiteral("id"))->setText(QStringLiteral("demo"));
    auto *add = dialog.findChild<QPushButton *>(QStringLiteral("add"));
    QTest::mouseClick(add, Qt::LeftButton);
    QVERIFY(dialog.isVisible());
    QVERIFY(!add->isEnabled()); // no second one while the first is on its way
    dialog.showProblem(QStringLiteral("It exists."));
    QVERIFY(says(dialog, QStringLiteral("It exists.")));
    QVERIFY(add->isEnabled());
}

void TestOwnerDialogs::renameNeedsAName()
{
    RenameOwnerDialog dialog(QStringLiteral("Old"));
    auto *name = dialog.findChild<QLineEdit *>(QStringLiteral("name"));
    auto *rename = dialog.findChild<QPushButton *>(QStringLiteral("rename"));
    QCOMPARE(name->text(), QStringLiteral("Old"));
    name->setText(QStringLiteral("   "));
    QVERIFY(!rename->isEnabled());
    name->setText(QStringLiteral(" New "));
    QSignalSpy submitted(&dialog, &RenameOwnerDialog::submitted);
    QTest::mouseClick(rename, Qt::LeftButton);
    QCOMPARE(submitted.first().first().toString(), QStringLiteral("New"));
}

void TestOwnerDialogs::deleteNeedsTheIdTyped()
{
    Owner owner;
    owner.id = id("demo");
    owner.displayName = QStringLiteral("Demo documents");
    DeleteOwnerDialog dialog(owner);
    auto *typed = dialog.findChild<QLineEdit *>(QStringLiteral("confirmation"));
    auto *remove = dialog.findChild<QPushButton *>(QStringLiteral("delete"));
    QSignalSpy submitted(&dialog, &DeleteOwnerDialog::submitted);
    QVERIFY(!remove->isEnabled());
    QTest::keyClick(typed, Qt::Key_Return);
    for (const QString &wrong :
         {QStringLiteral("dem"), QStringLiteral("Demo"), QStringLiteral("demo ")}) {
        typed->setText(wrong);
        QVERIFY(!remove->isEnabled());
    }
    QCOMPARE(submitted.count(), 0);
    typed->clear();
    QTest::keyClicks(typed, QStringLiteral("demo"));
    QVERIFY(remove->isEnabled());
    QTest::mouseClick(remove, Qt::LeftButton);
    QCOMPARE(submitted.count(), 1);
    QCOMPARE(submitted.first().first().value<OwnerId>(), id("demo"));
}

void TestOwnerDialogs::deleteSaysWhatGoes()
{
    Owner owner;
    owner.id = id("demo");
    owner.displayName = QStringLiteral("Demo & <b>Co</b>");
    owner.documentCount = 47;
    DeleteOwnerDialog dialog(owner);
    QVERIFY(says(dialog, QStringLiteral("47")));
    QVERIFY(says(dialog, QStringLiteral("Demo & <b>Co</b>")));
}

QTEST_MAIN(TestOwnerDialogs)
#include "tst_owner_dialogs.moc"
