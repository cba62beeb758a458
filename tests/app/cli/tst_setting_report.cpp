#include "app/cli/setting_report.h"

#include <QTest>

using namespace llmemory::app;

/// What `config show` makes of long texts.
class TestSettingReport : public QObject
{
    Q_OBJECT

private slots:
    void wrapped_data();
    void wrapped();
};

void TestSettingReport::wrapped_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("lines");
    const auto row = [](const char *text, const QStringList &lines) {
        QTest::newRow(text) << QString::fromUtf8(text) << lines;
    };
    row("", {QString()});
    row("one", {QStringLiteral("one")});
    row("ten wide 1", {QStringLiteral("ten wide 1")});
    row("eleven wide", {QStringLiteral("eleven"), QStringLiteral("wide")});
    row("a incomprehensible b",
        {QStringLiteral("a"), QStringLiteral("incomprehensible"), QStringLiteral("b")});
}

void TestSettingReport::wrapped()
{
    QFETCH(QString, text);
    QFETCH(QStringList, lines);
    QCOMPARE(llmemory::app::wrapped(text, 10), lines);
}

QTEST_GUILESS_MAIN(TestSettingReport)
#include "tst_setting_report.moc"
