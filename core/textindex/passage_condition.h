#pragma once

#include "core/textindex/bm25.h"

#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace llmemory::textindex {

/// A tsquery as far as the text index can tell which passages meet it: its postings say which terms
/// a passage has, not where. A value.
class PassageCondition
{
public:
    /// @param tsquery  in PostgreSQL's output. Nothing where it cannot be read. Pure.
    static std::optional<PassageCondition> parse(const QString &tsquery);

    /// The terms whose lists passages() asks for, each once; empty when the index cannot tell
    /// anything.
    QList<AskedTerm> terms() const;

    /// Numbers of passages, ascending, among which all are that meet the condition; others that
    /// have the words elsewhere are among them too. What the index does not know (exclusions,
    /// prefixes, hyphenated words whose parts are stored) keeps nothing out.
    /// Nothing where that leaves all, where more than @p most remain, or where a list is damaged.
    /// Pure.
    /// @param lists  of terms(); one that is missing has no passages.
    std::optional<std::vector<quint32>> passages(const QList<TermLists> &lists, size_t most) const;

private:
    struct Node;
    class Parser;

    explicit PassageCondition(std::shared_ptr<const Node> root) : m_root(std::move(root)) {}

    std::shared_ptr<const Node> m_root;
};

} // namespace llmemory::textindex
