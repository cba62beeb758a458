#include "core/ingest/ingest_types.h"

#include <array>

namespace llmemory {

QString toString(IngestState state)
{
    switch (state) {
    case IngestState::Waiting:
        return QStringLiteral("waiting");
    case IngestState::Running:
        return QStringLiteral("running");
    case IngestState::Added:
        return QStringLiteral("added");
    case IngestState::Updated:
        return QStringLiteral("updated");
    case IngestState::Unchanged:
        return QStringLiteral("unchanged");
    case IngestState::Cancelled:
        return QStringLiteral("cancelled");
    case IngestState::Failed:
        break;
    }
    return QStringLiteral("failed");
}

IngestState ingestStateFromString(const QString &word)
{
    constexpr std::array states{IngestState::Waiting,
                                IngestState::Running,
                                IngestState::Added,
                                IngestState::Updated,
                                IngestState::Unchanged,
                                IngestState::Cancelled};
    for (const IngestState state : states) {
        if (toString(state) == word)
            return state;
    }
    return IngestState::Failed;
}

} // namespace llmemory
