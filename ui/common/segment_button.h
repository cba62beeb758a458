#pragma once

#include <QAbstractButton>

namespace llmemory::ui {

/// One choice of a few that stand side by side; flat, a soft ground under the chosen one.
class SegmentButton final : public QAbstractButton
{
    Q_OBJECT

public:
    explicit SegmentButton(const QString &text, QWidget *parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace llmemory::ui
