#include "ui/common/icons.h"
#include "ui/common/theme.h"

#include <QApplication>
#include <QDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace llmemory::ui;

namespace {

/// Relative luminance as WCAG 2.1 defines it.
double luminance(const QColor &color)
{
    const auto linear = [](double channel) {
        return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
           0.0722 * linear(color.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const auto [dark, light] = std::minmax({luminance(a), luminance(b)});
    return (light + 0.05) / (dark + 0.05);
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT

private slots:
    void wordsSurviveTheSettingsFile();
    void textIsReadable_data();
    void textIsReadable();
    void everyIconDraws();
    void iconsFollowTheTheme();
};

void TestTheme::wordsSurviveTheSettingsFile()
{
    for (const Theme theme : {Theme::System, Theme::Light, Theme::Dark})
        QCOMPARE(int(themeFromString(toString(theme))), int(theme));
    QCOMPARE(int(themeFromString(QStringLiteral("pink"))), int(Theme::System));
}

void TestTheme::textIsReadable_data()
{
    QTest::addColumn<int>("theme");
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << int(Theme::Light) << false;
    QTest::newRow("dark") << int(Theme::Dark) << true;
}

void TestTheme::textIsReadable()
{
    QFETCH(int, theme);
    applyTheme(Theme(theme));
    const QPalette palette = QApplication::palette();
    QTEST(isDark(palette), "dark");
    const Tones tones = Tones::of(palette);
    // 4.5 is what WCAG AA asks of text of normal size.
    for (const auto ground : {QPalette::Window, QPalette::Base}) {
        for (const QColor &text : {palette.color(QPalette::Text),
                                   tones.muted,
                                   tones.accent,
                                   tones.good,
                                   tones.warning,
                                   tones.bad})
            QVERIFY2(
                contrast(text, palette.color(ground)) >= 4.5,
                qPrintable(text.name() + QStringLiteral(" on ") + palette.color(ground).name()));
    }
    QVERIFY(contrast(palette.color(QPalette::Text), tones.mark) >= 4.5);
    QVERIFY(contrast(palette.color(QPalette::HighlightedText),
                     palette.color(QPalette::Highlight)) >= 4.5);
}

void TestTheme::everyIconDraws()
{
    QVERIFY(!applicationIcon().pixmap(64, 64).isNull()); // also links the resources in
    const QStringList files = QDir(QStringLiteral(":/icons")).entryList({QStringLiteral("*.svg")});
    QVERIFY(files.size() > 20);
    for (const QString &file : files) {
        const QImage image = icon(file.chopped(4)).pixmap(32, 32).toImage();
        QVERIFY2(!image.isNull(), qPrintable(file));
        bool drawn = false;
        for (int y = 0; y < image.height() && !drawn; ++y) {
            for (int x = 0; x < image.width() && !drawn; ++x)
                drawn = image.pixelColor(x, y).alpha() > 128;
        }
        QVERIFY2(drawn, qPrintable(file));
    }
}

void TestTheme::iconsFollowTheTheme()
{
    const QIcon picture = icon(QStringLiteral("document"));
    applyTheme(Theme::Light);
    const QImage light = picture.pixmap(32, 32).toImage();
    applyTheme(Theme::Dark);
    QVERIFY(picture.pixmap(32, 32).toImage() != light);
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
