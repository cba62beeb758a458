#pragma once

#include <QProgressBar>
#include <QTimer>

namespace llmemory::ui {

/// A progress bar drawn as a thin rounded line. Range 0-0 means: length unknown.
class ThinProgress final : public QProgressBar
{
    Q_OBJECT

public:
    explicit ThinProgress(QWidget *parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int m_phase = 0;
    QTimer m_timer;
};

} // namespace llmemory::ui
