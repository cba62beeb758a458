#include "core/testing/await.h"

#include <QPromise>
#include <QTest>
#include <QtConcurrentRun>

using llmemory::Error;
using llmemory::ErrorKind;
using llmemory::Result;
using llmemory::testing::await;

namespace {

/// An operation that ends when the promise does.
QPromise<Result<int>> startedPromise()
{
    QPromise<Result<int>> promise;
    promise.start();
    return promise;
}

} // namespace

/// Waiting for an operation: its answer, its error, and an end in any case.
class TestAwait : public QObject
{
    Q_OBJECT

private slots:
    void givesTheAnswer();
    void givesTheError();
    void isQuickWithAFinishedOperation();
    void doesNotWaitForEver();
    void answersForACancelledOperation();
    void processesEventsMeanwhile();
    void verifiesOperations();
};

void TestAwait::givesTheAnswer()
{
    const auto answer = await(QtConcurrent::run([]() -> Result<int> {
        QTest::qSleep(50);
        return 42;
    }));
    VERIFY_RESULT(answer);
    QCOMPARE(*answer, 42);
}

void TestAwait::givesTheError()
{
    const auto answer = await(QtConcurrent::run(
        []() -> Result<int> { return Error::notFound(QStringLiteral("There is none.")); }));
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, ErrorKind::NotFound);
}

void TestAwait::isQuickWithAFinishedOperation()
{
    auto promise = startedPromise();
    promise.addResult(Result<int>(7));
    promise.finish();
    const auto answer = await(promise.future(), 0);
    VERIFY_RESULT(answer);
    QCOMPARE(*answer, 7);
}

void TestAwait::doesNotWaitForEver()
{
    auto promise = startedPromise();
    const auto answer = await(promise.future(), 50);
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, QStringLiteral("timeout"));
    QVERIFY2(answer.error().message.contains(QStringLiteral("50 ms")),
             qPrintable(answer.error().message));
    QVERIFY(promise.isCanceled());
    promise.finish();
}

void TestAwait::answersForACancelledOperation()
{
    auto promise = startedPromise();
    promise.future().cancel();
    promise.finish();
    const auto answer = await(promise.future());
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, ErrorKind::Cancelled);
}

void TestAwait::processesEventsMeanwhile()
{
    auto promise = startedPromise();
    QTimer::singleShot(20, this, [&promise] {
        promise.addResult(Result<int>(1));
        promise.finish();
    });
    VERIFY_RESULT(await(promise.future()));
}

void TestAwait::verifiesOperations()
{
    bool goesOn = false;
    const auto check = [&goesOn](Result<> result) {
        auto promise = std::make_shared<QPromise<Result<>>>();
        promise->start();
        promise->addResult(std::move(result));
        promise->finish();
        VERIFY_FUTURE(promise->future());
        goesOn = true;
    };
    check({});
    QVERIFY(goesOn);
    goesOn = false;
    QEXPECT_FAIL("", "the operation failed", Abort);
    check(Error::cancelled());
    QVERIFY(!goesOn);
}

QTEST_GUILESS_MAIN(TestAwait)
#include "tst_await.moc"
