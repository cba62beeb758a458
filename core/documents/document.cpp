#include "core/documents/document.h"

namespace llmemory {

QString toString(AddStatus status)
{
    switch (status) {
    case AddStatus::Updated:
        return QStringLiteral("updated");
    case AddStatus::Unchanged:
        return QStringLiteral("unchanged");
    case AddStatus::Added:
        break;
    }
    return QStringLiteral("added");
}

} // namespace llmemory
