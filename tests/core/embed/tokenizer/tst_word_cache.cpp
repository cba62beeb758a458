#include "core/embed/tokenizer/word_cache.h"

#include <QtTest>

using namespace llmemory;
using namespace llmemory::embed;

class TestWordCache : public QObject
{
    Q_OBJECT

private slots:
    void remembersWords();
};

void TestWordCache::remembersWords()
{
    const auto cache = std::make_unique<WordCache>();
    const auto word = [](int i) { return QString::number(i * 7919, 36).toStdU16String(); };
    constexpr int kWords = 200'000;
    int kept = 0;
    for (int i = 0; i < kWords; ++i) {
        const quint32 ids[] = {quint32(i), quint32(i + 1)};
        cache->insert(word(i), ids, size_t(i % 3));
    }
    for (int i = 0; i < kWords; ++i) {
        const WordCache::Slot *slot = cache->find(word(i));
        if (!slot)
            continue;
        ++kept;
        QCOMPARE(int(slot->count), i % 3);
        if (slot->count > 0)
            QCOMPARE(slot->ids[0], quint32(i));
    }
    QVERIFY(kept > 30'000);
    QVERIFY(!cache->find(u"never"));
    const std::vector<quint32> many(WordCache::kMostIds + 1);
    cache->insert(u"many", many.data(), many.size());
    QVERIFY(!cache->find(u"many"));
    cache->insert(std::u16string(WordCache::kMostUnits, u'x'), many.data(), WordCache::kMostIds);
    QVERIFY(cache->find(std::u16string(WordCache::kMostUnits, u'x')));
    QVERIFY(!cache->find(std::u16string(WordCache::kMostUnits - 1, u'x')));
}

QTEST_GUILESS_MAIN(TestWordCache)
#include "tst_word_cache.moc"
