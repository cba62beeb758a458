#include "core/search/owner_size_cache.h"

#include <QTest>

using namespace llmemory;
using search::OwnerSizeCache;

namespace {

OwnerId ownerId(const char *id)
{
    return *OwnerId::parse(QLatin1String(id));
}

} // namespace

class TestOwnerSizeCache : public QObject
{
    Q_OBJECT

private slots:
    void keepsTheLatest();
    void forgetsInTime();
};

void TestOwnerSizeCache::keepsTheLatest()
{
    OwnerSizeCache cache(std::chrono::hours(1));
    const OwnerId ann = ownerId("ann");
    QVERIFY(!cache.find(ann));
    cache.insert(ann, {.passages = 20'000, .efSearch = 140});
    cache.insert(ownerId("bob"), {.passages = 1, .efSearch = 0});
    cache.insert(ann, {.passages = 30'000, .efSearch = 100});
    const auto found = cache.find(ann);
    QVERIFY(found);
    QCOMPARE(found->passages, 30'000);
    QCOMPARE(found->efSearch, 100);
    QCOMPARE(cache.find(ownerId("bob"))->passages, 1);
}

void TestOwnerSizeCache::forgetsInTime()
{
    OwnerSizeCache cache(std::chrono::milliseconds(20));
    const OwnerId ann = ownerId("ann");
    cache.insert(ann, {.passages = 1, .efSearch = 0});
    QTRY_VERIFY(!cache.find(ann));
}

QTEST_GUILESS_MAIN(TestOwnerSizeCache)
#include "tst_owner_size_cache.moc"
