#pragma once

#include "app/cli/command_context.h"

#include <optional>

namespace llmemory::app {

/// What has become of the vectors of a tenant's passages.
struct Embeddings
{
    qint64 pending = 0;
    qint64 failed = 0;
    QString model = {}; ///< id of the active one; empty when it could not be asked for
    std::optional<Error> error = std::nullopt;
};

/// Embeds what waits of a tenant, and waits until nothing does any more. Passages may be in the
/// hands of other workers: as long as they become fewer, that is worth waiting for. Shows what is
/// left in the status line. A signal ends it.
Embeddings embedPending(const OwnerId &owner, Memory &memory, CommandContext &context);

} // namespace llmemory::app
