#include "ui/ingest/ingest_delegate.h"

#include "core/ingest/ingest_types.h"
#include "ui/common/icons.h"
#include "ui/common/row_ground.h"
#include "ui/common/theme.h"
#include "ui/ingest/ingest_model.h"

#include <QMouseEvent>
#include <QPainter>
#include <QStyle>

namespace llmemory::ui {

namespace {

constexpr int kMargin = 6;
constexpr int kPadding = 8;
constexpr int kIconSize = 16;
constexpr int kHeight = 10; // added to the height of a line

IngestState stateOf(const QModelIndex &index)
{
    return IngestState(index.data(IngestModel::StateRole).toInt());
}

bool canBeRetried(const QModelIndex &index)
{
    const IngestState state = stateOf(index);
    return state == IngestState::Failed || state == IngestState::Cancelled;
}

QIcon stateIcon(IngestState state)
{
    switch (state) {
    case IngestState::Waiting:
        return icon(QStringLiteral("clock"), Tint::Muted);
    case IngestState::Running:
        return icon(QStringLiteral("retry"), Tint::Accent);
    case IngestState::Added:
    case IngestState::Updated:
        return icon(QStringLiteral("done"), Tint::Good);
    case IngestState::Unchanged:
        return icon(QStringLiteral("done"), Tint::Muted);
    case IngestState::Cancelled:
        return icon(QStringLiteral("minus"), Tint::Muted);
    case IngestState::Failed:
        break;
    }
    return icon(QStringLiteral("warning"), Tint::Bad);
}

/// The parts of a row, left to right; the caller mirrors them.
struct RowLayout
{
    QRect ground, picture, name, folder, state, retry;

    RowLayout(const QStyleOptionViewItem &option, const QModelIndex &index)
    {
        const QFontMetrics metrics(option.font);
        ground = option.rect.adjusted(kMargin, 0, -kMargin, 0);
        const QRect inner = ground.adjusted(kPadding, 0, -kPadding, 0);
        picture = QRect(inner.left(), inner.center().y() - kIconSize / 2 + 1, kIconSize, kIconSize);

        int right = inner.right() + 1;
        if (canBeRetried(index)) {
            const int width = metrics.horizontalAdvance(IngestDelegate::tr("Retry"));
            retry = QRect(right - width, inner.top(), width, inner.height());
            right = retry.left() - 2 * kPadding;
        }
        const int left = picture.right() + 1 + kPadding;
        const int width = right - left;
        const int nameWidth =
            qMin(metrics.horizontalAdvance(index.data().toString()) + 1, width * 2 / 5);
        name = QRect(left, inner.top(), nameWidth, inner.height());
        const QString reason = index.data(IngestModel::ReasonRole).toString();
        const QString text = reason.isEmpty() ? index.data(Qt::StatusTipRole).toString() : reason;
        const int rest = width - nameWidth - 2 * kPadding;
        const int stateWidth = qMin(metrics.horizontalAdvance(text) + 1, rest);
        state = QRect(right - stateWidth, inner.top(), stateWidth, inner.height());
        const int folderLeft = name.right() + 1 + kPadding;
        folder = QRect(folderLeft,
                       inner.top(),
                       qMax(0, state.left() - 2 * kPadding - folderLeft),
                       inner.height());
    }
};

} // namespace

void IngestDelegate::paint(QPainter *painter,
                           const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const RowLayout row(item, index);
    paintRowGround(painter, item, row.ground);

    const RowColors colors = RowColors::of(item);
    const Tones tones = Tones::of(item.palette);
    const QFontMetrics metrics(item.font);
    const auto leading = QStyle::visualAlignment(item.direction, Qt::AlignLeft) | Qt::AlignVCenter;
    auto write =
        [&](const QRect &rect, const QString &text, Qt::TextElideMode mode, const QColor &color) {
            painter->setPen(color);
            painter->drawText(mirrored(item, item.rect, rect),
                              int(leading),
                              metrics.elidedText(text, mode, rect.width()));
        };
    painter->save();
    painter->setFont(item.font);
    stateIcon(stateOf(index)).paint(painter, mirrored(item, item.rect, row.picture));
    write(row.name, item.text, Qt::ElideMiddle, colors.text);
    write(row.folder, index.data(IngestModel::FolderRole).toString(), Qt::ElideMiddle, tones.faint);
    const QString reason = index.data(IngestModel::ReasonRole).toString();
    if (reason.isEmpty())
        write(row.state, index.data(Qt::StatusTipRole).toString(), Qt::ElideRight, colors.muted);
    else
        write(row.state, reason, Qt::ElideRight, tones.bad);
    if (!row.retry.isEmpty())
        write(row.retry, tr("Retry"), Qt::ElideNone, tones.accent);
    painter->restore();
}

QSize IngestDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {200, option.fontMetrics.height() + kHeight};
}

bool IngestDelegate::editorEvent(QEvent *event,
                                 QAbstractItemModel *model,
                                 const QStyleOptionViewItem &option,
                                 const QModelIndex &index)
{
    if (event->type() == QEvent::MouseButtonRelease) {
        const RowLayout row(option, index);
        const QRect retry = mirrored(option, option.rect, row.retry);
        if (!row.retry.isEmpty() && retry.contains(static_cast<QMouseEvent *>(event)->pos())) {
            emit retryRequested(index);
            return true;
        }
    }
    return QStyledItemDelegate::editorEvent(event, model, option, index);
}

} // namespace llmemory::ui
