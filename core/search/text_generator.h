#pragma once

#include "core/base/result.h"

#include <QString>

namespace llmemory::search {

/// Writes text that follows an instruction, as language models do. Implementations are safe to call
/// from many threads at once and may block; a search gives up on one that takes too long, and its
/// answer is dropped.
class TextGenerator
{
public:
    TextGenerator() = default;
    virtual ~TextGenerator() = default;
    Q_DISABLE_COPY_MOVE(TextGenerator)

    /// Names it for people: "llama-3.2-1b".
    virtual QString id() const = 0;
    /// The answer to @p instruction, plain text. Any error makes the search do without it.
    virtual Result<QString> generate(const QString &instruction) const = 0;
};

} // namespace llmemory::search
