#include "ui/common/row_ground.h"

#include "ui/common/theme.h"

#include <QPainter>
#include <QStyle>

namespace llmemory::ui {

namespace {
constexpr qreal kRadius = 6;
} // namespace

void paintRowGround(QPainter *painter, const QStyleOptionViewItem &option, const QRect &rect)
{
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
    const Tones tones = Tones::of(option.palette);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    if (selected) {
        painter->setBrush(option.palette.color(QPalette::Active, QPalette::Highlight));
        painter->drawRoundedRect(rect, kRadius, kRadius);
    } else if (hovered) {
        painter->setBrush(tones.hover);
        painter->drawRoundedRect(rect, kRadius, kRadius);
    }
    const bool focused = option.state.testFlag(QStyle::State_HasFocus) &&
                         option.state.testFlag(QStyle::State_KeyboardFocusChange);
    if (focused) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(tones.accent, 1.5));
        painter->drawRoundedRect(QRectF(rect).adjusted(0.75, 0.75, -0.75, -0.75), kRadius, kRadius);
    }
    painter->restore();
}

RowColors RowColors::of(const QStyleOptionViewItem &option)
{
    if (!option.state.testFlag(QStyle::State_Selected))
        return {option.palette.color(QPalette::Text), Tones::of(option.palette).muted};
    const QColor text = option.palette.color(QPalette::Active, QPalette::HighlightedText);
    const QColor ground = option.palette.color(QPalette::Active, QPalette::Highlight);
    return {text, mixed(text, ground, 0.72)};
}

QRect mirrored(const QStyleOptionViewItem &option, const QRect &outer, const QRect &rect)
{
    return QStyle::visualRect(option.direction, outer, rect);
}

} // namespace llmemory::ui
