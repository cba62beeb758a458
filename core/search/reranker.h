#pragma once

#include "core/base/result.h"

#include <QList>
#include <QString>

#include <vector>

namespace llmemory::search {

/// Looks at a query and passages together and says how well each passage answers it: dearer and
/// better than what the index can compare. Implementations are safe to call from many threads at
/// once and may block; a search gives up on one that takes too long, and its answer is dropped.
class Reranker
{
public:
    Reranker() = default;
    virtual ~Reranker() = default;
    Q_DISABLE_COPY_MOVE(Reranker)

    /// Names it in explanations: "lexical", "cross-encoder-x".
    virtual QString id() const = 0;
    /// One finite score a passage, in order; higher is better, the scale is the reranker's own.
    /// Any error makes the search fall back to the lexical reranker.
    virtual Result<std::vector<double>> score(const QString &query,
                                              const QList<QString> &passages) const = 0;
};

} // namespace llmemory::search
