#include "ui/common/hairline_splitter.h"

#include "ui/common/theme.h"

#include <QPainter>

namespace llmemory::ui {

namespace {

constexpr int kGrip = 5; // width that takes the mouse

class HairlineHandle final : public QSplitterHandle
{
public:
    using QSplitterHandle::QSplitterHandle;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const bool upright = orientation() == Qt::Horizontal;
        const QRect line =
            upright ? QRect(width() / 2, 0, 1, height()) : QRect(0, height() / 2, width(), 1);
        painter.fillRect(line, Tones::of(palette()).line);
    }
};

} // namespace

HairlineSplitter::HairlineSplitter(Qt::Orientation orientation, QWidget *parent)
    : QSplitter(orientation, parent)
{
    setHandleWidth(kGrip);
}

QSplitterHandle *HairlineSplitter::createHandle()
{
    return new HairlineHandle(orientation(), this);
}

} // namespace llmemory::ui
