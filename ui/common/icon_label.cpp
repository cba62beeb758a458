#include "ui/common/icon_label.h"

#include <QPainter>

namespace llmemory::ui {

IconLabel::IconLabel(const QString &name, int size, Tint tint, QWidget *parent)
    : QLabel(parent), m_size(size), m_tint(tint)
{
    setFixedSize(size, size);
    setIcon(name);
}

void IconLabel::setIcon(const QString &name)
{
    m_picture = name.isEmpty() ? QIcon() : icon(name, m_tint);
    update();
}

void IconLabel::setIcon(const QString &name, Tint tint)
{
    m_tint = tint;
    setIcon(name);
}

void IconLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    m_picture.paint(&painter, QRect(0, 0, m_size, m_size));
}

} // namespace llmemory::ui
