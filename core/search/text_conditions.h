#pragma once

#include "core/base/ids.h"
#include "core/db/session.h"
#include "core/search/search_query.h"
#include "core/search/text_query.h"

namespace llmemory::search {

/// TextQuery's conditions as tsqueries, made by PostgreSQL; empty = no condition.
struct TextConditions
{
    QString matching;       ///< of `must`
    QString notMatching;    ///< of `none` and `mustNot`
    bool isIndexed = false; ///< whether the owner's text index has all passages
};

/// Stems the conditions in every language that the owner's documents are in; a passage meets a
/// condition that it meets in one of them. What a language has only stop words of is no condition:
/// no passage could meet it. A prefix is compared with the stems in the index; it is also met by
/// its own stem, so that "harbours*" finds "harbour". User text is never parsed as a tsquery.
/// No statement where there are no conditions. In a transaction of the owner's scope, on a pool
/// thread.
Result<TextConditions> textConditions(db::Session &session,
                                      const OwnerId &owner,
                                      const TextQuery &text);

/// PassageFilter::passages and notPassages are known where they are no more: so many are soon
/// looked at one by one.
inline constexpr int kMostConditionPassages = 5'000;

/// The query with a wording's conditions in its filter. Which passages can match them the text
/// index tells, as far as it can and they are few: PostgreSQL's own index on search_vector does not
/// serve under row-level security where `@@` is not leakproof (on servers of others it mostly is
/// not), and a vector index meets them by chance only. Same surroundings as textConditions().
Result<SearchQuery> withConditions(db::Session &session,
                                   const SearchQuery &query,
                                   const TextQuery &words);

} // namespace llmemory::search
