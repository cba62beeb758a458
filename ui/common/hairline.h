#pragma once

#include <QWidget>

namespace llmemory::ui {

/// A thin line across, between a head and what it belongs to.
class Hairline final : public QWidget
{
    Q_OBJECT

public:
    explicit Hairline(QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace llmemory::ui
