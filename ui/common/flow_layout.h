#pragma once

#include <QLayout>
#include <QList>

namespace llmemory::ui {

/// Puts widgets beside each other at the size they wish, in as many rows as the width needs; rows
/// begin at the right where text does. Hidden widgets take no room.
class FlowLayout final : public QLayout
{
public:
    explicit FlowLayout(QWidget *parent = nullptr);
    ~FlowLayout() override;
    Q_DISABLE_COPY_MOVE(FlowLayout)

    void addItem(QLayoutItem *item) override;
    int count() const override;
    QLayoutItem *itemAt(int index) const override;
    QLayoutItem *takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    void setGeometry(const QRect &rect) override;

private:
    /// Height of the rows in this width; @p place: moves the widgets, too.
    enum class Do { Measure, Place };
    int flow(const QRect &rect, Do what) const;

    QList<QLayoutItem *> m_items; ///< owned
};

} // namespace llmemory::ui
