#include "ui/common/thin_progress.h"

#include "ui/common/theme.h"

#include <QPainter>

namespace llmemory::ui {

namespace {
constexpr int kThickness = 4;
constexpr int kPhases = 100;
constexpr int kStepMs = 25;
} // namespace

ThinProgress::ThinProgress(QWidget *parent) : QProgressBar(parent)
{
    setTextVisible(false);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        m_phase = (m_phase + 1) % kPhases;
        update();
    });
}

QSize ThinProgress::sizeHint() const
{
    return {160, kThickness};
}

QSize ThinProgress::minimumSizeHint() const
{
    return {40, kThickness};
}

void ThinProgress::paintEvent(QPaintEvent *)
{
    const Tones tones = Tones::of(palette());
    const QRectF whole = rect();
    const qreal radius = whole.height() / 2;
    QRectF part = whole;
    const bool unknown = minimum() == maximum();
    if (unknown) {
        part.setWidth(whole.width() / 4);
        part.moveLeft(whole.width() * 1.25 * m_phase / kPhases - part.width());
    } else {
        part.setWidth(whole.width() * (value() - minimum()) / (maximum() - minimum()));
        if (layoutDirection() == Qt::RightToLeft)
            part.moveRight(whole.right());
    }
    // Started and stopped here, so that a hidden bar costs nothing.
    if (unknown != m_timer.isActive())
        unknown ? m_timer.start(kStepMs) : m_timer.stop();

    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tones.line);
    painter.drawRoundedRect(whole, radius, radius);
    painter.setBrush(tones.accent);
    painter.drawRoundedRect(part.intersected(whole), radius, radius);
}

} // namespace llmemory::ui
