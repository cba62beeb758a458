#include "ui/common/hairline.h"

#include "ui/common/theme.h"

#include <QPainter>

namespace llmemory::ui {

Hairline::Hairline(QWidget *parent) : QWidget(parent)
{
    setFixedHeight(1);
}

void Hairline::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), Tones::of(palette()).line);
}

} // namespace llmemory::ui
