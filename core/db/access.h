#pragma once

namespace llmemory::db {

/// What a task or a transaction does.
enum class Access {
    Read,  ///< run once more after a lost connection; its transactions cannot write
    Write, ///< run once more only when nothing had been done yet
};

} // namespace llmemory::db
