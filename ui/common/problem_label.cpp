#include "ui/common/problem_label.h"

#include "ui/common/theme.h"

#include <QApplication>
#include <QEvent>

namespace llmemory::ui {

ProblemLabel::ProblemLabel(QWidget *parent) : QLabel(parent)
{
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
    setAlignment(Qt::AlignLeading | Qt::AlignTop);
    setMinimumHeight(2 * fontMetrics().lineSpacing());
    color();
}

void ProblemLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        color();
}

void ProblemLabel::color()
{
    const QColor color = Tones::of(QApplication::palette()).bad;
    if (palette().color(QPalette::WindowText) == color)
        return; // the change was this one
    QPalette palette;
    // On a ground of the role Base, labels take the role Text.
    palette.setColor(QPalette::WindowText, color);
    palette.setColor(QPalette::Text, color);
    setPalette(palette);
}

} // namespace llmemory::ui
