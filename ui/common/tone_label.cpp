#include "ui/common/tone_label.h"

#include <QApplication>
#include <QEvent>

namespace llmemory::ui {

ToneLabel::ToneLabel(QColor Tones::*tone, const QString &text, QWidget *parent)
    : QLabel(text, parent), m_tone(tone)
{
    setTextFormat(Qt::PlainText);
    color();
}

void ToneLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        color();
}

void ToneLabel::color()
{
    const QColor color = Tones::of(QApplication::palette()).*m_tone;
    if (palette().color(QPalette::WindowText) == color)
        return; // the change was this one
    QPalette palette;
    // On a ground of the role Base, labels take the role Text.
    palette.setColor(QPalette::WindowText, color);
    palette.setColor(QPalette::Text, color);
    setPalette(palette);
}

} // namespace llmemory::ui
