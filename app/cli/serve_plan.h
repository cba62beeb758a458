#pragma once

#include "app/cli/command.h"
#include "core/settings/settings.h"

namespace llmemory::app {

/// How the endpoint is to be opened, found safe.
struct ServePlan
{
    QString listen;   ///< a literal address, or "localhost"
    quint16 port = 0; ///< 0 = a free one
    bool requireToken = true;
    QString tokenFile;        ///< absolute; empty without a token
    QStringList allowedHosts; ///< further values of the header Host
    QStringList allowedOrigins;
};

/// Brings command and settings together. Pure apart from the current directory.
/// Error: Validation for --no-auth on an address that others can reach; for such an address that
/// was not given with --listen, or without --token-file; for something that is no address.
Result<ServePlan> planServe(const ServeCommand &command, const settings::Settings &settings);

} // namespace llmemory::app
