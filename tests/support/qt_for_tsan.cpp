/// What ThreadSanitizer must know of Qt, whose libraries come from the distribution and are not
/// instrumented: that these functions order memory between threads. The linker puts the functions
/// below in front of Qt's (--wrap, see llmemory_add_test.cmake). Each tells only of an order that
/// Qt's function really makes, so races in our own code stay visible. Of QMutex Qt's headers tell
/// by themselves.

#define QFUTURE_TEST // makes QFutureInterfaceBase::d public
#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QFutureInterface>
#include <QMutex>
#include <QReadWriteLock>
#include <QSemaphore>
#include <QSqlDatabase>
#include <QThreadPool>
#include <QWaitCondition>

#include <functional>
#include <sanitizer/tsan_interface.h>

extern "C" {
void __tsan_read_range(void *address, unsigned long size);
void __tsan_write_range(void *address, unsigned long size);
}

#define WRAP(result, name, symbol, ...)                                                            \
    result real_##name(__VA_ARGS__) asm("__real_" symbol);                                         \
    result name(__VA_ARGS__) asm("__wrap_" symbol);                                                \
    result name(__VA_ARGS__)

// The state that promises and futures share: the last of them to let go, by a count with acquire
// and release, deletes the results; and it is finished under its mutex.

WRAP(bool, dropReference, "_ZNK20QFutureInterfaceBase6derefTEv", const QFutureInterfaceBase *future)
{
    __tsan_release(future->d);
    const bool left = real_dropReference(future);
    if (!left) {
        __tsan_acquire(future->d);
        // The state itself has a second count, inside of Qt where nothing can be told. So it stays.
        new QFutureInterfaceBase(*future);
    }
    return left;
}

WRAP(void,
     reportFinished,
     "_ZN20QFutureInterfaceBase14reportFinishedEv",
     QFutureInterfaceBase *future)
{
    __tsan_release(future->d);
    real_reportFinished(future);
}

WRAP(void,
     waitForFinished,
     "_ZN20QFutureInterfaceBase15waitForFinishedEv",
     QFutureInterfaceBase *future)
{
    real_waitForFinished(future);
    __tsan_acquire(future->d);
}

// A task sees what was there when it was started; who waits for the pool sees what its tasks did.

void startRunnable(QThreadPool *pool,
                   QRunnable *task,
                   int priority) asm("_ZN11QThreadPool5startEP9QRunnablei");

WRAP(void,
     startFunction,
     "_ZN11QThreadPool5startESt8functionIFvvEEi",
     QThreadPool *pool,
     std::function<void()> function,
     int priority)
{
    class Task final : public QRunnable
    {
    public:
        Task(QThreadPool *pool, std::function<void()> function)
            : m_pool(pool), m_function(std::move(function))
        {
        }
        void run() override
        {
            __tsan_acquire(this);
            m_function();
            m_function = nullptr;
            __tsan_release(m_pool);
        }

    private:
        QThreadPool *m_pool;
        std::function<void()> m_function;
    };
    auto *task = new Task(pool, std::move(function));
    __tsan_release(task);
    startRunnable(pool, task, priority);
}

WRAP(bool, waitForDone, "_ZN11QThreadPool11waitForDoneEi", QThreadPool *pool, int timeoutMs)
{
    const bool done = real_waitForDone(pool, timeoutMs);
    if (done)
        __tsan_acquire(pool);
    return done;
}

WRAP(void, destroyPool, "_ZN11QThreadPoolD1Ev", QThreadPool *pool)
{
    real_destroyPool(pool);
    __tsan_acquire(pool);
}

// A semaphore hands over from who releases it to who acquires it.

WRAP(void, release, "_ZN10QSemaphore7releaseEi", QSemaphore *semaphore, int count)
{
    __tsan_release(semaphore);
    real_release(semaphore, count);
}

WRAP(void, acquire, "_ZN10QSemaphore7acquireEi", QSemaphore *semaphore, int count)
{
    real_acquire(semaphore, count);
    __tsan_acquire(semaphore);
}

WRAP(bool,
     tryAcquire,
     "_ZN10QSemaphore10tryAcquireEii",
     QSemaphore *semaphore,
     int count,
     int timeoutMs)
{
    const bool acquired = real_tryAcquire(semaphore, count, timeoutMs);
    if (acquired)
        __tsan_acquire(semaphore);
    return acquired;
}

// A wait gives the mutex away and takes it again.

namespace {

template <typename Wait>
bool withoutMutex(QMutex *mutex, Wait wait)
{
    __tsan_mutex_pre_unlock(mutex, 0);
    __tsan_mutex_post_unlock(mutex, 0);
    const bool woken = wait();
    __tsan_mutex_pre_lock(mutex, 0);
    __tsan_mutex_post_lock(mutex, 0, 0);
    return woken;
}

} // namespace

WRAP(bool,
     waitUntil,
     "_ZN14QWaitCondition4waitEP6QMutex14QDeadlineTimer",
     QWaitCondition *condition,
     QMutex *mutex,
     QDeadlineTimer deadline)
{
    return withoutMutex(mutex, [&] { return real_waitUntil(condition, mutex, deadline); });
}

WRAP(bool,
     waitFor,
     "_ZN14QWaitCondition4waitEP6QMutexm",
     QWaitCondition *condition,
     QMutex *mutex,
     unsigned long timeoutMs)
{
    return withoutMutex(mutex, [&] { return real_waitFor(condition, mutex, timeoutMs); });
}

// Assignment, which a string does inside of Qt.

WRAP(QString &, assign, "_ZN7QStringaSERKS_", QString *string, const QString &other)
{
    __tsan_write_range(string, sizeof(QString));
    __tsan_read_range(const_cast<QString *>(&other), sizeof(QString));
    return real_assign(string, other);
}

// What Qt makes when it is first needed, under locks of its own, and then keeps. Made here, while
// there is one thread, it is there for all others from their beginning.

namespace {

void makeAtOnce()
{
    // The table of waiting threads, by one that waits in vain.
    QReadWriteLock lock;
    lock.lockForWrite();
    if (lock.tryLockForRead(1))
        qFatal("a locked lock was locked");
    lock.unlock();
    // The driver.
    const QString name = QStringLiteral("qt_for_tsan");
    QSqlDatabase::addDatabase(QStringLiteral("QPSQL"), name);
    QSqlDatabase::removeDatabase(name);
}

} // namespace

Q_COREAPP_STARTUP_FUNCTION(makeAtOnce)
