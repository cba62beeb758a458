#include "ui/ingest/drop_area.h"

#include "ui/common/icons.h"
#include "ui/common/theme.h"

#include <QDropEvent>
#include <QMimeData>
#include <QPainter>

namespace llmemory::ui {

namespace {
constexpr int kMargin = 14;
constexpr int kIconSize = 48;
} // namespace

DropArea::DropArea(QWidget *window) : QWidget(window)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAccessibleName(tr("Drop target"));
    window->setAcceptDrops(true);
    window->installEventFilter(this);
    hide();
}

void DropArea::setInvitation(const QString &text)
{
    m_text = text;
    update();
}

bool DropArea::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::DragEnter:
    case QEvent::DragMove: {
        auto *drag = static_cast<QDropEvent *>(event);
        if (!m_active || !drag->mimeData()->hasUrls())
            return false;
        // Copy: what is dropped stays where it is.
        drag->setDropAction(Qt::CopyAction);
        drag->accept();
        setGeometry(parentWidget()->rect());
        raise();
        show();
        return true;
    }
    case QEvent::DragLeave:
        hide();
        return false;
    case QEvent::Drop: {
        hide();
        auto *drop = static_cast<QDropEvent *>(event);
        const DropPayload payload = dropPayload(*drop->mimeData());
        if (!m_active || payload.isEmpty())
            return false;
        drop->setDropAction(Qt::CopyAction);
        drop->accept();
        emit dropped(payload);
        return true;
    }
    case QEvent::Resize:
        setGeometry(parentWidget()->rect());
        return false;
    default:
        return QWidget::eventFilter(watched, event);
    }
}

void DropArea::paintEvent(QPaintEvent *)
{
    const Tones tones = Tones::of(palette());
    QColor veil = palette().color(QPalette::Base);
    veil.setAlphaF(0.93F);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), veil);
    const QRectF frame = QRectF(rect()).adjusted(kMargin, kMargin, -kMargin, -kMargin);
    QColor ground = tones.accent;
    ground.setAlphaF(0.07F);
    painter.setBrush(ground);
    painter.setPen(QPen(tones.accent, 2, Qt::DashLine, Qt::RoundCap));
    painter.drawRoundedRect(frame, 12, 12);

    QFont font = scaled(this->font(), 1.35);
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(palette().color(QPalette::WindowText));
    const QRect textRect = frame.toRect().adjusted(40, kIconSize, -40, kIconSize / 2);
    painter.drawText(textRect, Qt::AlignCenter | Qt::TextWordWrap, m_text);
    const QPoint centre = frame.center().toPoint();
    icon(QStringLiteral("drop"), Tint::Accent)
        .paint(&painter,
               QRect(centre.x() - kIconSize / 2, centre.y() - kIconSize, kIconSize, kIconSize));
}

} // namespace llmemory::ui
