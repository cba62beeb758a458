#include "ui/async.h"

#include <QPromise>
#include <QTest>

#include <memory>
#include <optional>

using namespace llmemory;

class TestAsync : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void deliversTheValue();
    void deliversTheError();
    void cancelledFutureArrivesAsCancelled();
    void deadReceiverIsNotCalled();
    void answerIsThereAlready();

private:
    std::unique_ptr<QPromise<Result<int>>> m_promise;
};

void TestAsync::init()
{
    m_promise = std::make_unique<QPromise<Result<int>>>();
    m_promise->start();
}

void TestAsync::deliversTheValue()
{
    QObject receiver;
    std::optional<Result<int>> answer;
    ui::onFinished(m_promise->future(), &receiver, [&](const Result<int> &r) { answer = r; });
    QCoreApplication::processEvents();
    QVERIFY(!answer);
    m_promise->addResult(Result<int>(42));
    m_promise->finish();
    QTRY_VERIFY(answer);
    QCOMPARE(answer->value(), 42);
    QTRY_VERIFY(receiver.children().isEmpty()); // the watcher has gone
}

void TestAsync::deliversTheError()
{
    QObject receiver;
    std::optional<Result<int>> answer;
    ui::onFinished(m_promise->future(), &receiver, [&](const Result<int> &r) { answer = r; });
    m_promise->addResult(Result<int>(Error::notFound(QStringLiteral("gone"))));
    m_promise->finish();
    QTRY_VERIFY(answer);
    QVERIFY(!answer->has_value());
    QCOMPARE(answer->error().message, QStringLiteral("gone"));
}

void TestAsync::cancelledFutureArrivesAsCancelled()
{
    QObject receiver;
    std::optional<Result<int>> answer;
    QFuture<Result<int>> future = m_promise->future();
    ui::onFinished(future, &receiver, [&](const Result<int> &r) { answer = r; });
    future.cancel();
    m_promise->addResult(Result<int>(1)); // too late
    m_promise->finish();
    QTRY_VERIFY(answer);
    QVERIFY(!answer->has_value());
    QVERIFY(answer->error().kind == ErrorKind::Cancelled);
}

void TestAsync::deadReceiverIsNotCalled()
{
    auto receiver = std::make_unique<QObject>();
    bool called = false;
    ui::onFinished(
        m_promise->future(), receiver.get(), [&](const Result<int> &) { called = true; });
    receiver.reset();
    m_promise->addResult(Result<int>(1));
    m_promise->finish();
    QCoreApplication::processEvents();
    QVERIFY(!called);
}

void TestAsync::answerIsThereAlready()
{
    m_promise->addResult(Result<int>(7));
    m_promise->finish();
    QObject receiver;
    std::optional<Result<int>> answer;
    ui::onFinished(m_promise->future(), &receiver, [&](const Result<int> &r) { answer = r; });
    QVERIFY(!answer); // never within the call
    QTRY_VERIFY(answer);
    QCOMPARE(answer->value(), 7);
}

QTEST_GUILESS_MAIN(TestAsync)
#include "tst_async.moc"
