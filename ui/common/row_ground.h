#pragma once

#include <QColor>
#include <QStyleOptionViewItem>

class QPainter;

namespace llmemory::ui {

/// Draws the ground of a list row: rounded, for selection, mouse and keyboard focus.
void paintRowGround(QPainter *painter, const QStyleOptionViewItem &option, const QRect &rect);

/// Text colours for a row in its state.
struct RowColors
{
    QColor text;
    QColor muted;
    static RowColors of(const QStyleOptionViewItem &option);
};

/// A rectangle that is given for left-to-right, mirrored within @p outer where text runs the other
/// way.
QRect mirrored(const QStyleOptionViewItem &option, const QRect &outer, const QRect &rect);

} // namespace llmemory::ui
