#pragma once

#include <QString>

namespace llmemory::search {

/// The first words of a passage, half as many as @p maxTokens and at least ten, with "..." where
/// something was left out; space is made even. Words of scripts without spaces are counted as the
/// index counts them. Pure; any thread.
/// @param maxTokens  0 = no summary, an empty text.
QString summaryOf(const QString &content, int maxTokens);

} // namespace llmemory::search
