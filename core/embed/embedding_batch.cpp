#include "core/embed/embedding_batch.h"

#include "core/embed/provider_errors.h"

#include <QCoreApplication>

#include <cmath>

namespace llmemory::embed {

namespace {

/// Calls in a row that fail, before the first success, until it is the model and not a text: enough
/// to find one bad text among 64, wherever it stands.
constexpr int kMostFailures = 8;

/// The vectors must fit the table and be comparable.
Result<> check(const std::vector<Vector> &vectors, qsizetype expected, int dimension)
{
    const auto wrong = [](const QString &message) {
        return Error{.kind = ErrorKind::Embedding,
                     .message = message,
                     .code = QLatin1String(kProviderAnswer)};
    };
    if (qsizetype(vectors.size()) != expected) {
        return wrong(
            QCoreApplication::translate(
                "llmemory::embed", "The embedding model answered with %1 vectors for %2 texts.")
                .arg(vectors.size())
                .arg(expected));
    }
    for (const Vector &vector : vectors) {
        if (int(vector.size()) != dimension) {
            return wrong(QCoreApplication::translate(
                             "llmemory::embed",
                             "The embedding model answered with %1 dimensions instead of %2.")
                             .arg(vector.size())
                             .arg(dimension));
        }
        double sum = 0;
        for (const float value : vector)
            sum += double(value) * double(value);
        if (!std::isfinite(sum) || sum <= 0) {
            return wrong(QCoreApplication::translate(
                "llmemory::embed",
                "The embedding model answered with a vector that is not finite or is zero."));
        }
    }
    return {};
}

/// One run over a batch.
class Run
{
public:
    Run(const Embedder &embedder, const QList<QString> &texts, const CancelTest &isCancelled)
        : m_embedder(embedder), m_texts(texts), m_isCancelled(isCancelled)
    {
        m_outcome.texts.resize(texts.size());
        if (!texts.isEmpty())
            m_open.append({0, texts.size()});
    }

    BatchOutcome run()
    {
        while (!m_open.isEmpty()) {
            const Range range = m_open.takeLast();
            auto vectors = embed(range);
            if (vectors)
                succeed(range, std::move(*vectors));
            else if (!goOnAfter(range, vectors.error()))
                break;
        }
        return std::move(m_outcome);
    }

private:
    struct Range
    {
        qsizetype begin;
        qsizetype size;
    };

    Result<std::vector<Vector>> embed(const Range &range)
    {
        if (m_isCancelled())
            return Error::cancelled();
        auto vectors =
            m_embedder.embedDocumentsUnless(m_isCancelled, m_texts.mid(range.begin, range.size));
        if (vectors) {
            if (auto ok = check(*vectors, range.size, m_embedder.dimension()); !ok)
                return ok.error();
        }
        return vectors;
    }

    void succeed(const Range &range, std::vector<Vector> vectors)
    {
        m_succeeded = true;
        for (qsizetype i = 0; i < range.size; ++i) {
            BatchOutcome::Text &text = m_outcome.texts[range.begin + i];
            text.fate = TextFate::Embedded;
            text.vector = std::move(vectors[size_t(i)]);
        }
    }

    /// Decides about the texts that a failed call was for. @return whether other calls make sense.
    bool goOnAfter(const Range &range, const Error &error)
    {
        const bool stop = error.kind == ErrorKind::Cancelled || isPause(error);
        if (stop || !m_outcome.error)
            m_outcome.error = error;
        if (stop)
            return false;
        if (error.kind != ErrorKind::Embedding) {
            settle(range, TextFate::Unavailable, error);
            return false;
        }
        ++m_failures;
        if (range.size == 1) {
            const bool refused = error.code == QLatin1String(kTextRefused);
            settle(range, refused ? TextFate::Refused : TextFate::BadAnswer, error);
            return true;
        }
        if (!m_succeeded && m_failures >= kMostFailures) {
            settle(range, TextFate::Unavailable, error);
            for (const Range &other : m_open)
                settle(other, TextFate::Unavailable, error);
            return false;
        }
        const qsizetype half = range.size / 2;
        m_open.append({range.begin + half, range.size - half});
        m_open.append({range.begin, half});
        return true;
    }

    void settle(const Range &range, TextFate fate, const Error &error)
    {
        for (qsizetype i = 0; i < range.size; ++i) {
            m_outcome.texts[range.begin + i].fate = fate;
            m_outcome.texts[range.begin + i].reason = error.message;
        }
    }

    const Embedder &m_embedder;
    const QList<QString> &m_texts;
    const CancelTest &m_isCancelled;
    QList<Range> m_open; ///< the next one last
    BatchOutcome m_outcome;
    int m_failures = 0;
    bool m_succeeded = false;
};

} // namespace

bool isPause(const Error &error)
{
    return error.retryAfterS > 0 || error.kind == ErrorKind::Configuration ||
           error.code == QLatin1String(kProviderAuth);
}

BatchOutcome embedBatch(const Embedder &embedder,
                        const QList<QString> &texts,
                        const CancelTest &isCancelled)
{
    return Run(embedder, texts, isCancelled).run();
}

} // namespace llmemory::embed
