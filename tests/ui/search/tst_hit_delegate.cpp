#include "ui/common/theme.h"
#include "ui/search/hit_delegate.h"
#include "ui/search/hit_model.h"

#include <QApplication>
#include <QListView>
#include <QPainter>
#include <QTest>

using namespace llmemory;
using namespace llmemory::ui;

class TestHitDelegate : public QObject
{
    Q_OBJECT

private slots:
    void drawsNameAndMarks_data();
    void drawsNameAndMarks();
    void survivesOddText_data();
    void survivesOddText();

private:
    static QImage drawn(const SearchHit &hit, Qt::LayoutDirection direction, int width);
};

namespace {

int pixelsOf(const QImage &image, const QColor &color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y).rgb() == color.rgb() ? 1 : 0;
    }
    return count;
}

} // namespace

QImage TestHitDelegate::drawn(const SearchHit &hit, Qt::LayoutDirection direction, int width)
{
    HitModel model;
    model.setHits({hit});
    QListView view;
    view.setLayoutDirection(direction);
    HitDelegate delegate;
    QStyleOptionViewItem option;
    option.initFrom(&view);
    option.widget = &view;
    option.direction = direction;
    option.rect = QRect(0, 0, width, delegate.sizeHint(option, model.index(0)).height());
    QImage image(option.rect.size(), QImage::Format_RGB32);
    image.fill(QApplication::palette().color(QPalette::Base));
    QPainter painter(&image);
    delegate.paint(&painter, option, model.index(0));
    painter.end();
    return image;
}

void TestHitDelegate::drawsNameAndMarks_data()
{
    QTest::addColumn<int>("direction");
    QTest::newRow("left to right") << int(Qt::LeftToRight);
    QTest::newRow("right to left") << int(Qt::RightToLeft);
}

void TestHitDelegate::drawsNameAndMarks()
{
    QFETCH(int, direction);
    applyTheme(Theme::Light);
    SearchHit hit;
    hit.documentName = QStringLiteral("report.pdf");
    hit.locator.page = 3;
    hit.score = 1;
    hit.content = QStringLiteral("In the meantime the moon rose over the hills.");
    const QImage plain = drawn(hit, Qt::LayoutDirection(direction), 500);
    const QColor mark = Tones::of(QApplication::palette()).mark;
    QCOMPARE(pixelsOf(plain, mark), 0);
    QVERIFY(plain.height() > 40);
    hit.highlights = {{20, 24}};
    QVERIFY(pixelsOf(drawn(hit, Qt::LayoutDirection(direction), 500), mark) > 50);
}

void TestHitDelegate::survivesOddText_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("content");
    QTest::addColumn<int>("width");
    const QString longName = QStringLiteral("very-long-name-").repeated(40);
    QTest::newRow("empty") << QString() << QString() << 300;
    QTest::newRow("long name") << longName << QStringLiteral("text") << 300;
    QTest::newRow("long word") << QStringLiteral("a") << QString(5000, QLatin1Char('x')) << 300;
    QTest::newRow("arabic") << QStringLiteral("habibi.pdf")
                            << QString::fromUtf8("حَبيبي حَبيبي حَبيبي") << 300;
    QTest::newRow("markup is text")
        << QStringLiteral("<b>") << QStringLiteral("<img src=x>") << 300;
    QTest::newRow("narrow") << longName << longName << 40;
}

void TestHitDelegate::survivesOddText()
{
    QFETCH(QString, name);
    QFETCH(QString, content);
    QFETCH(int, width);
    SearchHit hit;
    hit.documentName = name;
    hit.content = content;
    hit.highlights = {{0, 3}};
    QVERIFY(!drawn(hit, Qt::LeftToRight, width).isNull());
}

QTEST_MAIN(TestHitDelegate)
#include "tst_hit_delegate.moc"
