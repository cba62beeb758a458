#include "core/search/lexical_reranker.h"

#include "core/search/query_words.h"
#include "core/search/text_query.h"

#include <QSet>

#include <cmath>

namespace llmemory::search {

namespace {

constexpr double kLengthDamping = 20;

QSet<QString> wantedWords(const QString &query)
{
    QSet<QString> all;
    QSet<QString> telling;
    const QStringList typed = parseTextQuery(query).words;
    for (const QString &part : typed) {
        const QStringList words = foldedWords(part);
        for (const QString &word : words) {
            all.insert(word);
            if (!isStopWord(word))
                telling.insert(word);
        }
    }
    return telling.isEmpty() ? all : telling;
}

double scoreOf(const QSet<QString> &wanted, const QString &passage)
{
    const QStringList words = foldedWords(passage);
    QSet<QString> found;
    for (const QString &word : words) {
        if (wanted.contains(word))
            found.insert(word);
    }
    const double share = double(found.size()) / double(wanted.size());
    return share / (1.0 + std::log1p(double(words.size())) / kLengthDamping);
}

} // namespace

QString LexicalReranker::id() const
{
    return QStringLiteral("lexical");
}

Result<std::vector<double>> LexicalReranker::score(const QString &query,
                                                   const QList<QString> &passages) const
{
    const QSet<QString> wanted = wantedWords(query);
    std::vector<double> scores;
    scores.reserve(size_t(passages.size()));
    for (const QString &passage : passages)
        scores.push_back(wanted.isEmpty() ? 0.0 : scoreOf(wanted, passage));
    return scores;
}

} // namespace llmemory::search
