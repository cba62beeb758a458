#include "ui/common/busy_indicator.h"

#include "ui/common/theme.h"

#include <QPainter>
#include <QStyle>

namespace llmemory::ui {

namespace {
constexpr int kStepMs = 33;
constexpr int kStepDegrees = 12; // once around in one second
} // namespace

BusyIndicator::BusyIndicator(int size, QWidget *parent) : QWidget(parent), m_size(size)
{
    setFixedSize(size, size);
    setAccessibleName(tr("Busy"));
    connect(&m_timer, &QTimer::timeout, this, [this] {
        m_angle = (m_angle + kStepDegrees) % 360;
        update();
    });
}

void BusyIndicator::paintEvent(QPaintEvent *)
{
    const Tones tones = Tones::of(palette());
    const qreal width = qMax(1.5, m_size / 9.0);
    const QRectF ring = QRectF(rect()).adjusted(width, width, -width, -width);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tones.line, width));
    painter.drawEllipse(ring);
    painter.setPen(QPen(tones.accent, width, Qt::SolidLine, Qt::RoundCap));
    painter.drawArc(ring, (90 - m_angle) * 16, -100 * 16);
}

void BusyIndicator::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    // A style that was told to leave animations out says 0 here.
    if (style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) > 0)
        m_timer.start(kStepMs);
}

void BusyIndicator::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_timer.stop();
}

} // namespace llmemory::ui
