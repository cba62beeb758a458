#include "core/testing/deterministic_embedder.h"

#include <QRegularExpression>
#include <QRegularExpressionMatchIterator>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>

namespace llmemory::testing {

namespace {

/// How often a call that waits looks whether it is cancelled.
constexpr std::chrono::milliseconds kCancelPoll(20);

/// FNV-1a over the word's code units: the same in every process, which qHash() is not.
quint64 seedOf(QStringView word)
{
    quint64 hash = 0xcbf29ce484222325ULL;
    for (const QChar c : word)
        hash = (hash ^ c.unicode()) * 0x100000001b3ULL;
    return hash;
}

/// Adds the word's direction: independent values of mean 0 in every dimension. Not from one of
/// std's distributions, whose values the standard leaves open.
void addWord(embed::Vector &sum, QStringView word)
{
    std::mt19937_64 random(seedOf(word));
    for (float &value : sum)
        value += float(qint64(random() >> 11) - (qint64(1) << 52)) / float(qint64(1) << 52);
}

} // namespace

DeterministicEmbedder::DeterministicEmbedder(int dimension) : m_dimension(dimension)
{
    Q_ASSERT(dimension >= 1 && dimension <= 4'000);
}

QString DeterministicEmbedder::modelId() const
{
    return QStringLiteral("deterministic-%1").arg(m_dimension);
}

Result<std::vector<embed::Vector>> DeterministicEmbedder::embedDocuments(
    const QList<QString> &texts) const
{
    return embedDocumentsUnless({}, texts);
}

Result<embed::Vector> DeterministicEmbedder::embedQuery(const QString &text) const
{
    return embedQueryUnless({}, text);
}

Result<std::vector<embed::Vector>> DeterministicEmbedder::embedDocumentsUnless(
    const embed::CancelTest &isCancelled, const QList<QString> &texts) const
{
    if (auto entered = enter(int(texts.size()), isCancelled); !entered)
        return entered.error();
    std::vector<embed::Vector> vectors;
    vectors.reserve(size_t(texts.size()));
    for (const QString &text : texts)
        vectors.push_back(vectorOf(text));
    return vectors;
}

Result<embed::Vector> DeterministicEmbedder::embedQueryUnless(const embed::CancelTest &isCancelled,
                                                              const QString &text) const
{
    if (auto entered = enter(1, isCancelled); !entered)
        return entered.error();
    return vectorOf(text);
}

void DeterministicEmbedder::failNext(int calls)
{
    const std::lock_guard guard(m_mutex);
    m_failures = calls;
}

void DeterministicEmbedder::block()
{
    const std::lock_guard guard(m_mutex);
    m_blocked = true;
}

void DeterministicEmbedder::release()
{
    {
        const std::lock_guard guard(m_mutex);
        m_blocked = false;
    }
    m_released.notify_all();
}

int DeterministicEmbedder::calls() const
{
    const std::lock_guard guard(m_mutex);
    return m_calls;
}

int DeterministicEmbedder::texts() const
{
    const std::lock_guard guard(m_mutex);
    return m_texts;
}

int DeterministicEmbedder::waitingCalls() const
{
    const std::lock_guard guard(m_mutex);
    return m_waiting;
}

Result<> DeterministicEmbedder::enter(int texts, const embed::CancelTest &isCancelled) const
{
    std::unique_lock lock(m_mutex);
    ++m_calls;
    m_texts += texts;
    ++m_waiting;
    const auto isGivenUp = [&isCancelled] { return isCancelled && isCancelled(); };
    while (m_blocked && !isGivenUp())
        m_released.wait_for(lock, kCancelPoll);
    --m_waiting;
    if (isGivenUp())
        return Error::cancelled();
    if (m_failures == 0)
        return {};
    --m_failures;
    return Error{.kind = ErrorKind::Embedding,
                 .message = QStringLiteral("The test's model was told to fail.")};
}

embed::Vector DeterministicEmbedder::vectorOf(const QString &text) const
{
    static const QRegularExpression word(QStringLiteral("[\\p{L}\\p{N}]+"));
    embed::Vector sum(size_t(m_dimension), 0.0F);
    const QString lower = text.toLower();
    for (auto match = word.globalMatch(lower); match.hasNext();)
        addWord(sum, match.next().capturedView());
    double squares = 0;
    for (const float value : sum)
        squares += double(value) * double(value);
    if (squares == 0) {
        // A text without words.
        sum.front() = 1.0F;
        return sum;
    }
    const auto length = float(std::sqrt(squares));
    std::transform(
        sum.begin(), sum.end(), sum.begin(), [length](float value) { return value / length; });
    return sum;
}

} // namespace llmemory::testing
