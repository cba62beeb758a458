#pragma once

#include "core/base/ids.h"
#include "core/db/session.h"
#include "core/search/text_query.h"

namespace llmemory::search {

/// TextQuery's conditions as tsqueries, made by PostgreSQL; empty = no condition.
struct TextConditions
{
    QString matching;    ///< of `must`
    QString notMatching; ///< of `none` and `mustNot`
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

} // namespace llmemory::search
