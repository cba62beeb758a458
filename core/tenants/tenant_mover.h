#pragma once

#include "core/db/session.h"
#include "core/tenants/tenant_schemas.h"

namespace llmemory::tenants {

/// Moves a tenant's rows from one schema of the database to another, in a transaction of the
/// owner's scope, on a pool thread. Errors as TenantSchemas::moveIn().
/// @param session  on any schema
Result<MovedTenant> moveTenant(db::Session &session,
                               const OwnerId &owner,
                               const db::SqlNames &from,
                               const db::SqlNames &to);

} // namespace llmemory::tenants
