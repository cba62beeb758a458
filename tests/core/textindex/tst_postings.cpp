#include "core/textindex/segment_content.h"
#include "core/textindex/term_block.h"

#include <QRandomGenerator>
#include <QtTest>

#include <limits>

using namespace llmemory::textindex;

/// Bytes of the stored index: numbers, lists, blocks, segments.
class TestPostings : public QObject
{
    Q_OBJECT

private slots:
    void varints_data();
    void varints();
    void cutOffNumbers();
    void lists();
    void damagedLists();
    void settling_data();
    void settling();
    void blocks();
    void damagedBlocks();
    void longTerms();
    void segments();
};

void TestPostings::varints_data()
{
    QTest::addColumn<quint64>("value");
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("0") << quint64(0) << QByteArray("\0", 1);
    QTest::newRow("127") << quint64(127) << QByteArray("\x7f");
    QTest::newRow("128") << quint64(128) << QByteArray("\x80\x01");
    QTest::newRow("300") << quint64(300) << QByteArray("\xac\x02");
    QTest::newRow("most") << std::numeric_limits<quint64>::max()
                          << QByteArray("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

void TestPostings::varints()
{
    QFETCH(quint64, value);
    QFETCH(QByteArray, bytes);
    QByteArray written;
    putVarint(written, value);
    QCOMPARE(written, bytes);
    VarintReader reader(bytes);
    QCOMPARE(reader.number(), value);
    QVERIFY(reader.atEnd());
    QVERIFY(!reader.failed());
}

void TestPostings::cutOffNumbers()
{
    for (const QByteArray &bytes : {QByteArray(), QByteArray("\x80"), QByteArray(20, '\xff')}) {
        VarintReader reader(bytes);
        QCOMPARE(reader.number(), quint64(0));
        QVERIFY(reader.failed());
        QVERIFY(reader.atEnd());
    }
    VarintReader reader(QByteArrayView("ab"));
    QVERIFY(reader.bytes(3).isEmpty());
    QVERIFY(reader.failed());
}

void TestPostings::lists()
{
    QRandomGenerator random(1);
    Postings postings;
    quint32 chunk = 0;
    for (int i = 0; i < 1000; ++i) {
        chunk += 1 + random.bounded(i % 10 == 0 ? 100000U : 10U);
        postings.push_back(
            {chunk, 1 + random.bounded(500U), quint8(random.bounded(256)), random.bounded(4) == 0});
    }
    postings.push_back({0xffffffffU, 1, 255, true});
    const auto read = decodePostings(encodePostings(postings));
    QVERIFY(read);
    QVERIFY(*read == postings);
    QVERIFY(decodePostings({})->empty());
    // What common words cost.
    Postings dense;
    for (quint32 i = 1; i <= 1000; ++i)
        dense.push_back({i, 2, 60, false});
    QCOMPARE(encodePostings(dense).size(), 3000);
}

void TestPostings::damagedLists()
{
    const QByteArray list = encodePostings({{1000, 200, 7, false}, {2000, 1, 7, false}});
    for (qsizetype size = 1; size < list.size(); ++size) {
        const auto read = decodePostings(list.left(size));
        QVERIFY(!read || read->size() == 1);
    }
    QVERIFY(!decodePostings(QByteArray(30, '\xff')));
}

void TestPostings::settling_data()
{
    QTest::addColumn<QList<int>>("chunks"); // negative: taken back
    QTest::addColumn<QList<int>>("left");
    using Chunks = QList<int>;
    QTest::newRow("none") << Chunks{} << Chunks{};
    QTest::newRow("in order") << Chunks{1, 2, 5} << Chunks{1, 2, 5};
    QTest::newRow("out of order") << Chunks{5, 1, 2} << Chunks{1, 2, 5};
    QTest::newRow("taken back later") << Chunks{1, 2, -1} << Chunks{2};
    QTest::newRow("taken back before") << Chunks{-1, 1, 2} << Chunks{2};
    QTest::newRow("taken back elsewhere") << Chunks{-1, 2} << Chunks{-1, 2};
    QTest::newRow("all") << Chunks{3, 4, -4, -3} << Chunks{};
}

void TestPostings::settling()
{
    QFETCH(QList<int>, chunks);
    QFETCH(QList<int>, left);
    Postings postings;
    for (const int chunk : chunks)
        postings.push_back({quint32(std::abs(chunk)), 2, 9, chunk < 0});
    settle(postings);
    QList<int> found;
    for (const Posting &posting : postings)
        found << (posting.removed ? -int(posting.chunk) : int(posting.chunk));
    QCOMPARE(found, left);
}

void TestPostings::blocks()
{
    QList<TermBlock> blocks;
    TermBlockWriter writer([&](TermBlock &&block) { blocks.append(std::move(block)); });
    QList<QByteArray> terms;
    for (int i = 0; i < 500; ++i)
        terms << QByteArray::number(1000 + i);
    Postings large;
    for (quint32 i = 1; i < 5000; ++i)
        large.push_back({i, 1, 1, i % 3 == 0});
    for (const QByteArray &term : terms)
        writer.add(term, term == "1200" ? large : Postings{{7, 3, 9, false}});
    writer.add("9999", {});
    writer.finish();
    writer.finish();

    QList<QByteArray> read;
    for (const TermBlock &block : std::as_const(blocks)) {
        QVERIFY(block.entries.size() < 1100 || block.firstTerm == "1200");
        TermBlockReader reader(block.entries);
        QByteArray first;
        while (const auto entry = reader.next()) {
            read << entry->term.toByteArray();
            if (first.isEmpty())
                first = read.last();
            const bool isLarge = read.last() == "1200";
            QCOMPARE(entry->postings, isLarge ? 4999 : 1);
            QCOMPARE(entry->removed, isLarge ? 1666 : 0);
            QCOMPARE(entry->passages(), isLarge ? 4999 - 2 * 1666 : 1);
            QCOMPARE(decodePostings(entry->list)->size(), isLarge ? 4999U : 1U);
        }
        QVERIFY(!reader.isDamaged());
        QCOMPARE(block.firstTerm, first);
        QCOMPARE(block.lastTerm, read.last());
    }
    QCOMPARE(read, terms);
    QVERIFY(blocks.size() > 4);
}

void TestPostings::damagedBlocks()
{
    QByteArray bytes;
    TermBlockWriter writer([&](TermBlock &&block) { bytes = block.entries; });
    writer.add("apple", {{7, 3, 9, false}});
    writer.finish();
    for (qsizetype size = 1; size < bytes.size(); ++size) {
        const QByteArray part = bytes.left(size);
        TermBlockReader reader(part);
        QVERIFY(!reader.next());
        QVERIFY(reader.isDamaged());
    }
}

void TestPostings::longTerms()
{
    QCOMPARE(termOf(QByteArray(200, 'a')), QByteArray(200, 'a'));
    const QByteArray one = termOf(QByteArray(2000, 'a') + 'b');
    const QByteArray other = termOf(QByteArray(2000, 'a') + 'c');
    QVERIFY(one != other);
    QVERIFY(one.size() <= 200);
    // Never in the middle of a character.
    for (int shift = 0; shift < 4; ++shift) {
        const QByteArray cut =
            termOf(QByteArray(shift, 'a') + QStringLiteral("\U0001F600").repeated(100).toUtf8());
        QVERIFY(QString::fromUtf8(cut).isValidUtf16());
        QVERIFY(!QString::fromUtf8(cut).contains(QChar::ReplacementCharacter));
    }
}

void TestPostings::segments()
{
    const QString first = QStringLiteral("'appl':1,4 'pie':2 'titl':3B");
    const QString second = QStringLiteral("'appl':1");
    const SegmentContent added = segmentOf({{5, first, false}, {6, second, false}});
    QCOMPARE(added.passages, 2);
    QCOMPARE(added.entries, 2);
    QCOMPARE(added.removed, 0);
    QCOMPARE(added.totalLength, 2 + 1 + 2 + 1);
    QCOMPARE(added.blocks.size(), 1);
    QCOMPARE(added.blocks.first().firstTerm, QByteArray("appl"));
    QCOMPARE(added.blocks.first().lastTerm, QByteArray("titl"));
    TermBlockReader reader(added.blocks.first().entries);
    const auto apple = reader.next();
    QVERIFY(apple);
    QVERIFY(*decodePostings(apple->list) == (Postings{{5, 2, 5, false}, {6, 1, 1, false}}));

    const SegmentContent replaced = segmentOf({{5, first, true}, {7, second, false}});
    QCOMPARE(replaced.passages, 0);
    QCOMPARE(replaced.entries, 2);
    QCOMPARE(replaced.removed, 1);
    QCOMPARE(replaced.totalLength, 1 - 5);

    // Nothing but stop words still counts as a passage.
    const SegmentContent empty = segmentOf({{5, QString(), false}});
    QCOMPARE(empty.passages, 1);
    QCOMPARE(empty.blocks.size(), 0);
}

QTEST_GUILESS_MAIN(TestPostings)
#include "tst_postings.moc"
