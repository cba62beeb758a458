#pragma once

#include <QTimer>
#include <QWidget>

namespace llmemory::ui {

/// A small turning ring: something goes on whose length nobody knows. Turns only while it is seen.
class BusyIndicator final : public QWidget
{
    Q_OBJECT

public:
    /// @param size  side in device-independent pixels
    explicit BusyIndicator(int size = 16, QWidget *parent = nullptr);

    QSize sizeHint() const override { return {m_size, m_size}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    int m_size;
    int m_angle = 0;
    QTimer m_timer;
};

} // namespace llmemory::ui
