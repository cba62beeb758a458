#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>

namespace llmemory::ui {

/// How the program is coloured. System follows the desktop's style and palette.
enum class Theme { System, Light, Dark };

/// "system", "light", "dark": the words in the settings file.
QString toString(Theme theme);
/// System for an unknown word.
Theme themeFromString(const QString &word);

/// Sets style and palette of the whole application. GUI thread.
void applyTheme(Theme theme);

/// Whether light text stands on dark ground.
bool isDark(const QPalette &palette);

/// Colours beside the palette's own, derived from it so that they fit every theme.
struct Tones
{
    QColor muted;   ///< secondary text
    QColor faint;   ///< text of least weight: scores, placeholders of rows not loaded
    QColor line;    ///< hairlines between areas
    QColor hover;   ///< ground under the mouse
    QColor accent;  ///< focus, progress, the mark beside a passage
    QColor mark;    ///< ground behind a found word
    QColor good;    ///< done
    QColor warning; ///< needs a look
    QColor bad;     ///< failed

    static Tones of(const QPalette &palette);
};

/// @p share of @p a over @p b, share 0-1.
QColor mixed(const QColor &a, const QColor &b, qreal share);

/// A font @p factor times as large as @p font, whichever unit that is given in.
QFont scaled(QFont font, qreal factor);

} // namespace llmemory::ui
