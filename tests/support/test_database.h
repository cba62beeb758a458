#pragma once

#include "core/testing/temporary_schema.h"

namespace llmemory::testing {

using TestDatabase = TemporarySchema;

} // namespace llmemory::testing
