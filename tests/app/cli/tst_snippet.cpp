#include "app/cli/snippet.h"
#include "app/cli/text_table.h"

#include <QTest>

using namespace llmemory::app;

namespace {

QString plain(const QList<SnippetPart> &parts)
{
    QString text;
    for (const SnippetPart &part : parts)
        text += part.text;
    return text;
}

QStringList highlighted(const QList<SnippetPart> &parts)
{
    QStringList texts;
    for (const SnippetPart &part : parts) {
        if (part.highlighted)
            texts += part.text;
    }
    return texts;
}

} // namespace

/// The excerpts of search results.
class TestSnippet : public QObject
{
    Q_OBJECT

private slots:
    void shortTextIsWhole();
    void highlightsCountCodePoints();
    void whiteSpaceIsCollapsed();
    void controlCharactersAreDropped();
    void longTextIsCutAroundTheFirstHighlight();
    void longTextWithoutHighlightBegins();
    void highlightsBeyondTheTextDoNoHarm();
    void linesFit();
    void longWordStaysWhole();
};

void TestSnippet::shortTextIsWhole()
{
    const auto parts = snippetOf(QStringLiteral("a red house"), {{2, 5}});
    const QList<SnippetPart> expected{{.text = QStringLiteral("a "), .highlighted = false},
                                      {.text = QStringLiteral("red"), .highlighted = true},
                                      {.text = QStringLiteral(" house"), .highlighted = false}};
    QCOMPARE(parts, expected);
}

void TestSnippet::highlightsCountCodePoints()
{
    // The emoji is one code point, but two UTF-16 units.
    const auto parts = snippetOf(QString::fromUtf8("\U0001F3E0 red"), {{2, 5}});
    QCOMPARE(highlighted(parts), QStringList{QStringLiteral("red")});
}

void TestSnippet::whiteSpaceIsCollapsed()
{
    const auto parts = snippetOf(QStringLiteral("  one\n\n\ttwo  three \n"), {{8, 11}});
    QCOMPARE(plain(parts), QStringLiteral("one two three"));
    QCOMPARE(highlighted(parts), QStringList{QStringLiteral("two")});
}

void TestSnippet::controlCharactersAreDropped()
{
    const QString hostile = QString::fromUtf8("a\x1b[2Jb\x07 \u202Ec");
    QCOMPARE(plain(snippetOf(hostile, {})), QStringLiteral("a[2Jb c"));
}

void TestSnippet::longTextIsCutAroundTheFirstHighlight()
{
    const QString text = QStringLiteral("word ").repeated(200) + QStringLiteral("needle ") +
                         QStringLiteral("word ").repeated(200);
    const auto parts = snippetOf(text, {{1000, 1006}}, 100);
    QCOMPARE(highlighted(parts), QStringList{QStringLiteral("needle")});
    const QString shown = plain(parts);
    QVERIFY(shown.startsWith(QStringLiteral("…word")));
    QVERIFY(shown.endsWith(QStringLiteral("word…")));
    QVERIFY(shown.size() <= 102);
}

void TestSnippet::longTextWithoutHighlightBegins()
{
    const auto parts =
        snippetOf(QStringLiteral("start ") + QStringLiteral("word ").repeated(100), {}, 50);
    QVERIFY(plain(parts).startsWith(QStringLiteral("start word")));
}

void TestSnippet::highlightsBeyondTheTextDoNoHarm()
{
    QCOMPARE(plain(snippetOf(QStringLiteral("short"), {{90, 95}}, 3)).isEmpty(), false);
    QCOMPARE(plain(snippetOf(QString(), {{0, 5}})), QString());
}

void TestSnippet::linesFit()
{
    const auto mark = [](const QString &text) -> QString { return u'<' + text + u'>'; };
    const auto parts = snippetOf(QStringLiteral("one two three four"), {{4, 13}});
    QCOMPARE(wrapped(parts, 9, mark),
             QStringList(
                 {QStringLiteral("one <two>"), QStringLiteral("<three>"), QStringLiteral("four")}));
}

void TestSnippet::longWordStaysWhole()
{
    const auto same = [](const QString &text) { return text; };
    const auto parts = snippetOf(QStringLiteral("a incomprehensibilities b"), {});
    QCOMPARE(
        wrapped(parts, 10, same),
        QStringList(
            {QStringLiteral("a"), QStringLiteral("incomprehensibilities"), QStringLiteral("b")}));
}

QTEST_GUILESS_MAIN(TestSnippet)
#include "tst_snippet.moc"
