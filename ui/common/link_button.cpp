#include "ui/common/link_button.h"

#include "ui/common/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyle>

namespace llmemory::ui {

namespace {
constexpr int kPaddingX = 4; // room for the focus frame
constexpr int kPaddingY = 2;
constexpr qreal kRadius = 4;
} // namespace

LinkButton::LinkButton(QWidget *parent) : QAbstractButton(parent)
{
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

QSize LinkButton::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()) + 2 + 2 * kPaddingX,
            fontMetrics().height() + 2 * kPaddingY};
}

QSize LinkButton::minimumSizeHint() const
{
    const int shortest = fontMetrics().averageCharWidth() * 8;
    return {qMin(shortest, sizeHint().width()), sizeHint().height()};
}

void LinkButton::paintEvent(QPaintEvent *)
{
    const Tones tones = Tones::of(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (hasFocus()) {
        painter.setPen(QPen(tones.accent, 1.5));
        painter.drawRoundedRect(
            QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), kRadius, kRadius);
    }
    QFont font = painter.font();
    font.setUnderline(underMouse() || hasFocus());
    painter.setFont(font);
    painter.setPen(tones.accent);
    painter.drawText(
        rect().adjusted(kPaddingX, 0, -kPaddingX, 0),
        int(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) | Qt::AlignVCenter),
        fontMetrics().elidedText(text(), Qt::ElideRight, room()));
}

void LinkButton::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void LinkButton::resizeEvent(QResizeEvent *event)
{
    QAbstractButton::resizeEvent(event);
    setToolTip(fontMetrics().horizontalAdvance(text()) > room() ? text() : QString());
}

int LinkButton::room() const
{
    return width() - 2 * kPaddingX;
}

} // namespace llmemory::ui
