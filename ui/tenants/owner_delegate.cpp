#include "ui/tenants/owner_delegate.h"

#include "ui/common/format.h"
#include "ui/common/row_ground.h"
#include "ui/common/theme.h"
#include "ui/tenants/owner_model.h"

#include <QPainter>
#include <QStyle>

namespace llmemory::ui {

namespace {
constexpr int kMargin = 6;   // from the list's edge to the ground
constexpr int kPadding = 10; // from the ground to the text
constexpr int kHeight = 16;  // added to the height of a line
} // namespace

void OwnerDelegate::paint(QPainter *painter,
                          const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const QRect ground = item.rect.adjusted(kMargin, 1, -kMargin, -1);
    paintRowGround(painter, item, ground);

    painter->save();
    const RowColors colors = RowColors::of(item);
    const QString count = numberText(index.data(OwnerModel::CountRole).toLongLong());
    const QFont small = scaled(item.font, 0.9);
    const int countWidth = QFontMetrics(small).horizontalAdvance(count);
    const QRect inner = ground.adjusted(kPadding, 0, -kPadding, 0);
    const QRect countRect(inner.right() - countWidth, inner.top(), countWidth + 1, inner.height());
    const QRect nameRect = inner.adjusted(0, 0, -countWidth - kPadding, 0);

    painter->setFont(small);
    painter->setPen(colors.muted);
    painter->drawText(mirrored(item, inner, countRect), Qt::AlignCenter, count);
    painter->setFont(item.font);
    painter->setPen(colors.text);
    painter->drawText(
        mirrored(item, inner, nameRect),
        int(QStyle::visualAlignment(item.direction, Qt::AlignLeft) | Qt::AlignVCenter),
        item.fontMetrics.elidedText(item.text, Qt::ElideRight, nameRect.width()));
    painter->restore();
}

QSize OwnerDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {100, option.fontMetrics.height() + kHeight};
}

} // namespace llmemory::ui
