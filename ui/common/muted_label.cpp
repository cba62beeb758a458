#include "ui/common/muted_label.h"

#include "ui/common/theme.h"

#include <QApplication>
#include <QEvent>

namespace llmemory::ui {

MutedLabel::MutedLabel(QWidget *parent) : MutedLabel(QString(), parent) {}

MutedLabel::MutedLabel(const QString &text, QWidget *parent) : QLabel(text, parent)
{
    setTextFormat(Qt::PlainText);
    mute();
}

void MutedLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        mute();
}

void MutedLabel::mute()
{
    const QColor color = Tones::of(QApplication::palette()).muted;
    if (palette().color(QPalette::WindowText) == color)
        return; // the change was this one
    QPalette palette;
    // On a ground of the role Base, labels take the role Text.
    palette.setColor(QPalette::WindowText, color);
    palette.setColor(QPalette::Text, color);
    setPalette(palette);
}

} // namespace llmemory::ui
