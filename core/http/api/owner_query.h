#pragma once

#include "core/base/ids.h"
#include "core/http/request.h"

namespace llmemory::http {

// Queries that several routes about an owner's things take. Pure. Error: Validation with the field.

/// A page of a list of an owner.
struct OwnerPage
{
    OwnerId owner;
    int limit = 20;
    int offset = 0;
};

/// `owner_id`, and `limit` and `offset`, whose range the list itself checks.
Result<OwnerPage> ownerPageFromQuery(const Request &request);
/// `owner_id` and nothing else.
Result<OwnerId> ownerFromQuery(const Request &request);

} // namespace llmemory::http
