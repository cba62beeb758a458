#pragma once

#include <QStyledItemDelegate>

namespace llmemory::ui {

/// Draws a file on its way in: state, name, folder, and what became of it.
class IngestDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter,
               const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool editorEvent(QEvent *event,
                     QAbstractItemModel *model,
                     const QStyleOptionViewItem &option,
                     const QModelIndex &index) override;

signals:
    /// "Retry" of a row was pressed.
    void retryRequested(const QModelIndex &index) const;
};

} // namespace llmemory::ui
