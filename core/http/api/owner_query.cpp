#include "core/http/api/owner_query.h"

#include "core/base/json_fields.h"
#include "core/http/query_fields.h"

namespace llmemory::http {

Result<OwnerPage> ownerPageFromQuery(const Request &request)
{
    const auto query = jsonFromQuery(request,
                                     {{"owner_id", FieldKind::Text},
                                      {"limit", FieldKind::Integer},
                                      {"offset", FieldKind::Integer}});
    if (!query)
        return query.error();
    JsonFields fields(*query);
    OwnerPage page;
    page.owner = fields.owner();
    page.limit = fields.integer("limit", page.limit);
    page.offset = fields.integer("offset", page.offset);
    if (const auto ok = fields.finish(); !ok)
        return ok.error();
    return page;
}

Result<OwnerId> ownerFromQuery(const Request &request)
{
    const auto query = jsonFromQuery(request, {{"owner_id", FieldKind::Text}});
    if (!query)
        return query.error();
    JsonFields fields(*query);
    const OwnerId owner = fields.owner();
    if (const auto ok = fields.finish(); !ok)
        return ok.error();
    return owner;
}

} // namespace llmemory::http
