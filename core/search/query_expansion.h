#pragma once

#include "core/search/text_query.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace llmemory::search {

/// One wording of a query, with a form for each leg.
struct QueryVariant
{
    QString text;    ///< as people read it, in the reference's notation
    TextQuery words; ///< what the text leg looks for
    /// What is embedded. Empty where the wording only says how words are to be matched ("a OR b", a
    /// phrase): that means nothing to a model, so such a wording runs the text leg alone.
    QString meaning;
};

/// The query and the reference's other wordings of it, in its order: the words without stop words;
/// those joined with OR; all words as a phrase. Wordings that say the same, case ignored, come
/// once. What the query excludes stays excluded in each. Pure; any thread.
/// @param most  how many, the query itself counts.
/// @return at least the query itself, which is first.
QList<QueryVariant> queryVariants(const QString &query, int most);

/// The query and wordings that somebody else thought of, in their order, each with the words that
/// the query excludes. Pure; any thread.
/// @param most  how many, the query itself counts.
QList<QueryVariant> queryVariants(const QString &query, const QStringList &wordings, int most);

} // namespace llmemory::search
