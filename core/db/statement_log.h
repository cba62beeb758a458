#pragma once

#include "core/db/statement.h"

namespace llmemory::db {

/// Writes down which statements a process runs, for the test that looks at all of them. Does
/// nothing unless LLMEMORY_STATEMENT_LOG names a directory: then each statement is appended once to
/// `<process id>.jsonl` in it, as
/// `{"name": …, "sql": …}` with its templates; values never are. Any thread.
void logStatement(const Statement &statement);

} // namespace llmemory::db
