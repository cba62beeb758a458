#include "core/chunk/hierarchical_chunker.h"
#include "core/chunk/text_boundaries.h"

#include <QtTest>

#include <random>

using namespace llmemory;
using namespace llmemory::chunk;

class TestHierarchicalChunker : public QObject
{
    Q_OBJECT

private slots:
    void shortTextIsOneDraft_data();
    void shortTextIsOneDraft();
    void blankTextGivesNothing();
    void twoLevels();
    void invariants_data();
    void invariants();
    void randomTexts();
    void pagesOfChildren();
    void eachSlideIsFoundOnItsPage();
    void headingPath();
    void consecutivePassagesOverlap();
    void tenMillionCharacters();
};

namespace {

QString sentences(int count)
{
    QString text;
    for (int i = 1; i <= count; ++i)
        text += QStringLiteral("Sentence number %1 says that the river rose again and the fields "
                               "were under water.%2")
                    .arg(i)
                    .arg(i % 7 == 0 ? QStringLiteral("\n\n") : QStringLiteral(" "));
    return text;
}

QString repeated(const QString &part, qsizetype length)
{
    QString text = part.repeated(length / part.size() + 1);
    text.truncate(length);
    if (text.back().isHighSurrogate())
        text.chop(1);
    return text;
}

/// The reason why @p drafts are not a right division of @p text; empty when they are.
QString fault(const QString &text, const QList<ChunkDraft> &drafts, const ChunkPlan &plan)
{
    std::vector<bool> covered(size_t(text.size()), false);
    QSet<QPair<int, int>> indexes;
    qsizetype childEnd = 0;
    qsizetype parentEnd = 0;
    for (qsizetype i = 0; i < drafts.size(); ++i) {
        const ChunkDraft &d = drafts[i];
        const qsizetype start = d.locator.charStart;
        const qsizetype end = d.locator.charEnd;
        const QString where = QStringLiteral("draft %1: ").arg(i);
        if (d.content != text.mid(start, end - start))
            return where + QStringLiteral("content is not the text at its offsets");
        if (d.content.isEmpty() || d.content.back().isSpace() ||
            skipSpace(d.content, 0, d.content.size()) > 0)
            return where + QStringLiteral("empty, or white space around it");
        if (graphemeStart(text, start) != start || graphemeStart(text, end) != end)
            return where + QStringLiteral("cuts a character");
        if (indexes.contains({d.level, d.index}))
            return where + QStringLiteral("index stands twice");
        indexes.insert({d.level, d.index});
        if (d.level == kParentLevel) {
            if (d.parent != -1 || d.tokenCount < 1 || d.tokenCount > plan.parentSize)
                return where + QStringLiteral("is no right parent");
            if (end <= parentEnd)
                return where + QStringLiteral("parent is contained in the one before");
            parentEnd = end;
            childEnd = 0;
            continue;
        }
        if (d.level != kChildLevel || d.tokenCount < 1 || d.tokenCount > plan.childSize)
            return where + QStringLiteral("is no right child");
        if (d.parent >= 0) {
            const ChunkDraft &p = drafts[d.parent];
            if (p.level != kParentLevel || start < p.locator.charStart || end > p.locator.charEnd)
                return where + QStringLiteral("crosses its parent");
            if (d.index / 1000 != p.index || d.content == p.content)
                return where + QStringLiteral("repeats its parent or has another's index");
            if (end <= childEnd)
                return where + QStringLiteral("is contained in the one before");
            childEnd = end;
        }
        std::fill(covered.begin() + start, covered.begin() + end, true);
    }
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (!covered[size_t(i)] && !text[i].isSpace())
            return QStringLiteral("character %1 is in no child").arg(i);
    }
    return {};
}

} // namespace

void TestHierarchicalChunker::shortTextIsOneDraft_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("content");
    QTest::newRow("one line") << QStringLiteral("Buy milk.") << QStringLiteral("Buy milk.");
    QTest::newRow("surrounded by space")
        << QStringLiteral("\n\n  Buy milk.\t\n") << QStringLiteral("Buy milk.");
    QTest::newRow("one character") << QStringLiteral("x") << QStringLiteral("x");
    QTest::newRow("emoji") << QStringLiteral(" 👨‍👩‍👧 ")
                           << QStringLiteral("👨‍👩‍👧");
}

void TestHierarchicalChunker::shortTextIsOneDraft()
{
    QFETCH(QString, text);
    QFETCH(QString, content);
    const auto drafts =
        HierarchicalChunker::chunk(text, {}, ChunkPlan::forText(DocumentType::Chat, text.size()));
    QCOMPARE(drafts.size(), 1);
    const ChunkDraft &draft = drafts.first();
    QCOMPARE(draft.content, content);
    QCOMPARE(draft.level, kChildLevel);
    QCOMPARE(draft.index, 0);
    QCOMPARE(draft.parent, -1);
    QCOMPARE(draft.locator.charStart, text.indexOf(content));
    QCOMPARE(draft.locator.charEnd, draft.locator.charStart + content.size());
    QCOMPARE(draft.locator.lineStart, 1 + int(text.left(draft.locator.charStart).count(u'\n')));
}

void TestHierarchicalChunker::blankTextGivesNothing()
{
    QVERIFY(HierarchicalChunker::chunk({}, {}, {}).isEmpty());
    QVERIFY(HierarchicalChunker::chunk(QStringLiteral(" \n\r\n\t\u00A0\u3000"), {}, {}).isEmpty());
    QVERIFY(HierarchicalChunker::chunk(
                QString(100'000, u'\n'), {.pageStarts = {0, 10}, .headings = {}}, {})
                .isEmpty());
}

void TestHierarchicalChunker::twoLevels()
{
    const QString text = sentences(100);
    const ChunkPlan plan = ChunkPlan::forText(DocumentType::Text, text.size());
    const auto drafts = HierarchicalChunker::chunk(text, {}, plan);
    QCOMPARE(fault(text, drafts, plan), QString());
    QCOMPARE(drafts[0].level, kParentLevel);
    QCOMPARE(drafts[0].index, 0);
    QCOMPARE(drafts[1].index, 0);
    QCOMPARE(drafts[1].parent, 0);
    QCOMPARE(drafts[2].index, 1);
    const auto second = std::find_if(drafts.begin() + 1, drafts.end(), [](const ChunkDraft &d) {
        return d.level == kParentLevel;
    });
    QVERIFY(second != drafts.end());
    QCOMPARE(second->index, 1);
    QCOMPARE((second + 1)->index, 1000);
    QCOMPARE((second + 1)->parent, int(second - drafts.begin()));
    // Prose is cut at sentences.
    for (const ChunkDraft &draft : drafts) {
        QVERIFY2(draft.content.startsWith(QStringLiteral("Sentence")),
                 qPrintable(draft.content.left(40)));
        QVERIFY2(draft.content.endsWith(u'.'), qPrintable(draft.content.right(40)));
    }
}

void TestHierarchicalChunker::invariants_data()
{
    QTest::addColumn<QString>("text");
    constexpr qsizetype kLength = 40'000;
    const auto row = [](const char *name, const QString &part) {
        QTest::newRow(name) << repeated(part, kLength);
    };
    QTest::newRow("prose") << sentences(400);
    row("Chinese", QStringLiteral("我们在北京大学学习，今天天气很好。他说：“你好！”然后走了。"));
    row("Chinese without marks", QStringLiteral("我们在北京大学学习计算机科学"));
    row("Thai", QStringLiteral("ภาษาไทยเป็นภาษาที่มีระดับเสียงของคำแน่นอน "));
    row("Hindi", QStringLiteral("नमस्ते दुनिया। यह एक वाक्य है। "));
    row("Arabic", QStringLiteral("كيف حالك؟ أنا بخير، شكرا. "));
    row("one word", QStringLiteral("x"));
    row("emoji", QStringLiteral("👨‍👩‍👧🇩🇪👍🏽"));
    row("combining marks", QStringLiteral("e\u0301o\u0308\u0304"));
    row("punctuation", QStringLiteral("., ;: -- "));
    row("spaces between", QStringLiteral("a") + QString(3000, u' '));
    row("base64", QStringLiteral("TG9yZW0gaXBzdW0gZG9sb3Igc2l0IGFtZXQ="));
    row("CR LF", QStringLiteral("first,second,third\r\n1,2,3\r\n"));
    row("spaces that carry marks", QStringLiteral("a \u0301b. "));
}

void TestHierarchicalChunker::invariants()
{
    QFETCH(QString, text);
    for (const DocumentType type : allDocumentTypes()) {
        const ChunkPlan plan = ChunkPlan::forText(type, text.size());
        QCOMPARE(fault(text, HierarchicalChunker::chunk(text, {}, plan), plan), QString());
    }
    const ChunkPlan least{ChunkPlan::kLeastParent, ChunkPlan::kLeastChild, 25, 10};
    QCOMPARE(fault(text, HierarchicalChunker::chunk(text, {}, least), least), QString());
}

void TestHierarchicalChunker::randomTexts()
{
    const QStringList parts{QStringLiteral("word"),
                            QStringLiteral(" "),
                            QStringLiteral(". "),
                            QStringLiteral("\n"),
                            QStringLiteral("\n\n"),
                            QStringLiteral("北京"),
                            QStringLiteral("。"),
                            QStringLiteral("😀"),
                            QStringLiteral("\u0301"),
                            QStringLiteral("\r\n"),
                            QStringLiteral("🇩🇪"),
                            QStringLiteral("123"),
                            QStringLiteral(", "),
                            QStringLiteral("ที่"),
                            QStringLiteral("Internationalisierung"),
                            QStringLiteral("\u200D"),
                            QStringLiteral("”"),
                            QString(40, u' ')};
    std::mt19937 random(42); // the same texts on every run
    for (int round = 0; round < 300; ++round) {
        QString text;
        TextStructure structure;
        for (int i = 0; i < 600; ++i) {
            const quint32 dice = random() % 100;
            if (dice == 0)
                structure.pageStarts << text.size();
            if (dice == 1)
                structure.headings
                    << Heading{int(1 + random() % 4), text.size(), QString::number(i)};
            text += parts[random() % quint32(parts.size())];
        }
        const ChunkPlan plan{int(50 + random() % 100),
                             int(20 + random() % 30),
                             int(random() % 25),
                             int(random() % 10)};
        const QString found = fault(text, HierarchicalChunker::chunk(text, structure, plan), plan);
        QVERIFY2(found.isEmpty(), qPrintable(QStringLiteral("round %1: %2").arg(round).arg(found)));
    }
}

void TestHierarchicalChunker::pagesOfChildren()
{
    TextStructure structure;
    QString text;
    for (int page = 1; page <= 12; ++page) {
        structure.pageStarts << text.size();
        text += QStringLiteral("Page marker%1. ").arg(page) + sentences(page * 3) + u'\n';
    }
    const ChunkPlan plan = ChunkPlan::forText(DocumentType::Pdf, text.size());
    const auto drafts = HierarchicalChunker::chunk(text, structure, plan);
    QCOMPARE(fault(text, drafts, plan), QString());
    for (int page = 1; page <= 12; ++page) {
        const QString marker = QStringLiteral("marker%1.").arg(page);
        int seen = 0;
        for (const ChunkDraft &draft : drafts) {
            if (draft.level == kChildLevel && draft.content.contains(marker)) {
                QCOMPARE(draft.locator.page, page);
                ++seen;
            }
        }
        QVERIFY(seen >= 1);
    }
}

void TestHierarchicalChunker::eachSlideIsFoundOnItsPage()
{
    const QString text = QStringLiteral("Our plan for the coming year in four short points\n"
                                        "We open a second office near the harbour in spring\n"
                                        "The old warehouse is sold to the town for its museum\n");
    const TextStructure structure{.pageStarts = {0, 50, 101}, .headings = {}};
    const auto drafts = HierarchicalChunker::chunk(text, structure, ChunkPlan{});
    QCOMPARE(drafts.size(), 4); // fits one child, but has three pages
    QCOMPARE(drafts[0].level, kParentLevel);
    for (int page = 1; page <= 3; ++page) {
        QCOMPARE(drafts[page].locator.page, page);
        QCOMPARE(drafts[page].content, text.split(u'\n').at(page - 1));
    }
}

void TestHierarchicalChunker::headingPath()
{
    QString text = QStringLiteral("Guide\n") + sentences(20);
    TextStructure structure;
    structure.headings << Heading{1, 0, QStringLiteral("Guide")};
    structure.headings << Heading{2, text.size(), QStringLiteral("Setup")};
    text += QStringLiteral("Setup\n") + sentences(20);
    const auto drafts = HierarchicalChunker::chunk(text, structure, ChunkPlan{});
    QCOMPARE(drafts.first().locator.headingPath, QStringList{QStringLiteral("Guide")});
    const QStringList inner{QStringLiteral("Guide"), QStringLiteral("Setup")};
    QCOMPARE(drafts.last().locator.headingPath, inner);
    const bool headingBeginsPassage =
        std::any_of(drafts.begin(), drafts.end(), [&](const ChunkDraft &d) {
            return d.content.startsWith(QStringLiteral("Setup\n")) &&
                   d.locator.headingPath == inner;
        });
    QVERIFY(headingBeginsPassage);
}

void TestHierarchicalChunker::consecutivePassagesOverlap()
{
    QString text;
    for (int i = 0; i < 5000; ++i)
        text += QStringLiteral("word%1 ").arg(i % 10);
    const ChunkPlan plan{600, 300, 50, 25};
    const auto drafts = HierarchicalChunker::chunk(text, {}, plan);
    QCOMPARE(fault(text, drafts, plan), QString());
    const ChunkDraft *before = nullptr;
    for (const ChunkDraft &draft : drafts) {
        if (draft.level != kParentLevel)
            continue;
        if (before) {
            const qsizetype shared = before->locator.charEnd - draft.locator.charStart;
            QVERIFY(shared > 0);
            // "word1 " is two tokens and the space belongs to one of them.
            QVERIFY2(shared <= plan.parentOverlap * 3, qPrintable(QString::number(shared)));
        }
        before = &draft;
    }
    const auto without = HierarchicalChunker::chunk(text, {}, {600, 300, 0, 0});
    for (qsizetype i = 2; i < without.size(); ++i) {
        if (without[i].level == kChildLevel && without[i - 1].level == kChildLevel)
            QVERIFY(without[i].locator.charStart > without[i - 1].locator.charEnd);
    }
}

void TestHierarchicalChunker::tenMillionCharacters()
{
    const QString text = repeated(sentences(1000), 10'000'000);
    TextStructure structure;
    for (qsizetype at = 0; at < text.size(); at += 3000) {
        structure.pageStarts << at;
        structure.headings << Heading{1 + int(at / 3000 % 3), at, QStringLiteral("Section")};
    }
    const ChunkPlan plan = ChunkPlan::forText(DocumentType::Pdf, text.size());
    const auto drafts = HierarchicalChunker::chunk(text, structure, plan);
    QCOMPARE(fault(text, drafts, plan), QString());
    QCOMPARE(drafts.last().locator.page, int(structure.pageStarts.size()));
}

QTEST_GUILESS_MAIN(TestHierarchicalChunker)
#include "tst_hierarchical_chunker.moc"
