#include "ui/common/segment_button.h"

#include "ui/common/theme.h"

#include <QPainter>

namespace llmemory::ui {

namespace {
constexpr int kPaddingX = 10;
constexpr int kPaddingY = 4;
constexpr qreal kRadius = 5;
} // namespace

SegmentButton::SegmentButton(const QString &text, QWidget *parent) : QAbstractButton(parent)
{
    setText(text);
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
}

QSize SegmentButton::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()) + 2 * kPaddingX,
            fontMetrics().height() + 2 * kPaddingY};
}

void SegmentButton::paintEvent(QPaintEvent *)
{
    const Tones tones = Tones::of(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF ground = QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75);
    painter.setPen(hasFocus() ? QPen(tones.accent, 1.5) : QPen(Qt::NoPen));
    if (isChecked())
        painter.setBrush(palette().color(QPalette::Highlight));
    else if (underMouse())
        painter.setBrush(tones.hover);
    painter.drawRoundedRect(ground, kRadius, kRadius);
    painter.setPen(isChecked() ? palette().color(QPalette::HighlightedText) : tones.muted);
    painter.drawText(rect(), Qt::AlignCenter, text());
}

} // namespace llmemory::ui
