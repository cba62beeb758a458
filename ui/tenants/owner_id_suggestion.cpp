#include "ui/tenants/owner_id_suggestion.h"

namespace llmemory::ui {

namespace {
constexpr qsizetype kLongest = 64;
} // namespace

QString suggestOwnerId(const QString &displayName)
{
    // Decomposed, "ü" is "u" and a mark; the mark is no character of an id.
    const QString plain = displayName.normalized(QString::NormalizationForm_KD).toLower();
    QString id;
    bool gap = false;
    for (const QChar c : plain) {
        if (c.isMark())
            continue;
        const bool letter = c.unicode() < 128 && c.isLetterOrNumber();
        const bool sign = c == u'.' || c == u'_' || c == u'@';
        if (letter || (sign && !id.isEmpty())) {
            if (gap && !id.isEmpty())
                id += u'-';
            id += c;
            gap = false;
        } else {
            gap = true;
        }
        if (id.size() >= kLongest)
            break;
    }
    return id.left(kLongest);
}

} // namespace llmemory::ui
