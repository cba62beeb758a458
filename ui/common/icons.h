#pragma once

#include <QIcon>
#include <QString>

namespace llmemory::ui {

/// What an icon is coloured with; resolved from the palette each time it is drawn.
enum class Tint { Text, Muted, Accent, Good, Warning, Bad };

/// The line icon ":/icons/<name>.svg" in the colours of the current palette, sharp at every scale.
QIcon icon(const QString &name, Tint tint = Tint::Text);

/// The program's own icon.
QIcon applicationIcon();

} // namespace llmemory::ui
