#include "core/embed/provider_errors.h"
#include "core/embed/provider_gate.h"
#include "core/testing/verify_result.h"

#include <QTest>

using namespace llmemory;
using embed::ProviderGate;
using std::chrono::seconds;

class TestProviderGate : public QObject
{
    Q_OBJECT

private slots:
    void init();

    void doublesItsPauses();
    void letsOneProbeThrough();
    void successOpensIt();
    void countsDownThePause();
    void cancelledProbeFreesThePlace();

private:
    ProviderGate::Clock::time_point at(int second) const { return m_start + seconds(second); }
    Error fail(ProviderGate &gate, int second)
    {
        return gate.failed(embed::offlineError(QStringLiteral("host"), QStringLiteral("away")),
                           at(second));
    }

    ProviderGate::Clock::time_point m_start;
};

void TestProviderGate::init()
{
    m_start = ProviderGate::Clock::now();
}

void TestProviderGate::doublesItsPauses()
{
    ProviderGate gate(QStringLiteral("host"));
    for (int i = 1; i < ProviderGate::kFailuresToClose; ++i) {
        VERIFY_RESULT(gate.enter(at(0)));
        QCOMPARE(fail(gate, 0).retryAfterS, 0);
    }
    int now = 0;
    for (const int pause : {30, 60, 120, 240, 480, 600, 600, 600}) {
        VERIFY_RESULT(gate.enter(at(now)));
        QCOMPARE(fail(gate, now).retryAfterS, pause);
        QVERIFY(!gate.enter(at(now + pause - 1)));
        now += pause;
    }
}

void TestProviderGate::letsOneProbeThrough()
{
    ProviderGate gate(QStringLiteral("host"));
    (void)gate.failed(embed::limitedError(QStringLiteral("host"), 10), at(0));
    VERIFY_RESULT(gate.enter(at(10)));
    const auto second = gate.enter(at(10));
    QVERIFY(!second);
    QCOMPARE(second.error().retryAfterS, 1);
}

void TestProviderGate::successOpensIt()
{
    ProviderGate gate(QStringLiteral("host"));
    for (int i = 0; i < ProviderGate::kFailuresToClose; ++i)
        (void)fail(gate, 0);
    VERIFY_RESULT(gate.enter(at(30)));
    gate.succeeded();
    VERIFY_RESULT(gate.enter(at(30)));
    VERIFY_RESULT(gate.enter(at(30)));
    QCOMPARE(fail(gate, 30).retryAfterS, 0);
}

void TestProviderGate::countsDownThePause()
{
    ProviderGate gate(QStringLiteral("host"));
    (void)gate.failed(embed::limitedError(QStringLiteral("host"), 20), at(0));
    const auto later = gate.enter(at(15));
    QVERIFY(!later);
    QCOMPARE(later.error().retryAfterS, 5);
    QCOMPARE(later.error().message, QStringLiteral("host asks to wait 5 s."));
}

void TestProviderGate::cancelledProbeFreesThePlace()
{
    ProviderGate gate(QStringLiteral("host"));
    (void)gate.failed(embed::limitedError(QStringLiteral("host"), 10), at(0));
    VERIFY_RESULT(gate.enter(at(10)));
    gate.withdrawn();
    VERIFY_RESULT(gate.enter(at(10)));
}

QTEST_GUILESS_MAIN(TestProviderGate)
#include "tst_provider_gate.moc"
