#include "ui/documents/document_delegate.h"

#include "ui/common/row_ground.h"
#include "ui/common/theme.h"
#include "ui/documents/document_model.h"

#include <QPainter>
#include <QStyle>

namespace llmemory::ui {

namespace {
constexpr int kPadding = 8; // left and right of a cell
constexpr int kHeight = 12; // added to the height of a line
constexpr int kIconSize = 16;
} // namespace

void DocumentDelegate::paint(QPainter *painter,
                             const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const RowColors colors = RowColors::of(item);
    if (item.state.testFlag(QStyle::State_Selected))
        painter->fillRect(item.rect, item.palette.color(QPalette::Active, QPalette::Highlight));
    else if (item.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(item.rect, Tones::of(item.palette).hover);

    painter->save();
    QRect cell = item.rect.adjusted(kPadding, 0, -kPadding, 0);
    if (!item.icon.isNull()) {
        const QRect left(cell.left(), cell.center().y() - kIconSize / 2 + 1, kIconSize, kIconSize);
        item.icon.paint(painter, mirrored(item, cell, left));
        const int taken = kIconSize + kPadding;
        item.direction == Qt::RightToLeft ? cell.setRight(cell.right() - taken)
                                          : cell.setLeft(cell.left() + taken);
    }
    painter->setPen(index.column() == DocumentModel::NameColumn ? colors.text : colors.muted);
    painter->setFont(item.font);
    painter->drawText(cell,
                      int(QStyle::visualAlignment(item.direction, item.displayAlignment)),
                      item.fontMetrics.elidedText(item.text, item.textElideMode, cell.width()));
    painter->restore();
}

QSize DocumentDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {60, option.fontMetrics.height() + kHeight};
}

} // namespace llmemory::ui
