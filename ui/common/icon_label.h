#pragma once

#include "ui/common/icons.h"

#include <QLabel>

namespace llmemory::ui {

/// An icon that stands for itself, drawn anew when theme or scale change.
class IconLabel final : public QLabel
{
    Q_OBJECT

public:
    /// @param size  side in device-independent pixels
    IconLabel(const QString &name, int size, Tint tint = Tint::Text, QWidget *parent = nullptr);

    /// Another icon; empty shows none.
    void setIcon(const QString &name);
    void setIcon(const QString &name, Tint tint);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QIcon m_picture;
    int m_size;
    Tint m_tint;
};

} // namespace llmemory::ui
