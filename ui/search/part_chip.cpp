#include "ui/search/part_chip.h"

#include "ui/common/icons.h"
#include "ui/common/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyle>
#include <QToolButton>

namespace llmemory::ui {

namespace {

constexpr int kPaddingX = 9;
constexpr int kPaddingY = 4;
constexpr int kGap = 5; // between label and value
constexpr qreal kRadius = 6;
constexpr int kLongestValue = 32; // average characters; paths are long

/// Room that a text needs to be drawn whole; its advance is rounded, sometimes down.
int widthOf(const QFontMetrics &metrics, const QString &text)
{
    return metrics.horizontalAdvance(text) + 2;
}

} // namespace

PartChip::PartChip(QWidget *parent) : QAbstractButton(parent), m_cross(new QToolButton(this))
{
    setFocusPolicy(Qt::TabFocus); // a click goes to the field
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::ArrowCursor);
    m_cross->setObjectName(QStringLiteral("removePart"));
    m_cross->setIcon(ui::icon(QStringLiteral("close"), Tint::Muted));
    m_cross->setAutoRaise(true);
    m_cross->setFocusPolicy(Qt::NoFocus);
    connect(m_cross, &QToolButton::clicked, this, &PartChip::removeRequested);
}

void PartChip::setPart(const QueryPartText &text, const QString &typed, bool excluded)
{
    m_text = text;
    m_excluded = excluded;
    const QString whole = tr("%1: %2", "kind of condition: its value").arg(text.label, text.value);
    setText(whole);
    setShortcut({}); // "&" in a query is none
    setAccessibleName(whole);
    setAccessibleDescription(tr("Delete removes this part of the search, Enter goes to it."));
    setToolTip(typed);
    m_cross->setAccessibleName(tr("Remove “%1” from the search").arg(whole));
    m_cross->setToolTip(tr("Remove this part of the search (Delete)"));
    updateGeometry();
    update();
}

QSize PartChip::sizeHint() const
{
    const QFontMetrics value = fontMetrics();
    const int valueWidth =
        qMin(value.horizontalAdvance(m_text.value) + 1, value.averageCharWidth() * kLongestValue);
    const int height = value.height() + 2 * kPaddingY;
    const int label = widthOf(QFontMetrics(labelFont()), m_text.label);
    return {kPaddingX + label + kGap + valueWidth + height, height};
}

QSize PartChip::minimumSizeHint() const
{
    const QSize wish = sizeHint();
    return {qMin(wish.width(), wish.height() * 3), wish.height()};
}

void PartChip::paintEvent(QPaintEvent *)
{
    const Tones tones = Tones::of(palette());
    const QColor ground = palette().color(QPalette::Base);
    const QColor tone = m_excluded ? tones.bad : tones.accent;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal width = hasFocus() ? 1.75 : 1;
    painter.setPen(QPen(hasFocus() ? tones.accent : mixed(tone, ground, 0.35), width));
    painter.setBrush(mixed(tone, ground, underMouse() ? 0.16 : 0.10));
    painter.drawRoundedRect(
        QRectF(rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2), kRadius, kRadius);

    const auto draw =
        [&](int from, int room, const QFont &font, const QColor &color, QString line) {
            const QRect place = QStyle::visualRect(
                layoutDirection(), rect(), QRect(from, 0, qMax(0, room), height()));
            line = QFontMetrics(font).elidedText(line, Qt::ElideMiddle, place.width());
            painter.setFont(font);
            painter.setPen(color);
            painter.drawText(
                place,
                int(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) | Qt::AlignVCenter),
                line);
        };
    const int end = this->width() - height(); // where the cross begins
    const int label = widthOf(QFontMetrics(labelFont()), m_text.label);
    const int labelRoom = qMin(label, qMax(0, (end - kPaddingX) / 2));
    // A short value leaves its room to the label.
    const int valueWidth = widthOf(fontMetrics(), m_text.value);
    const int valueFrom =
        kPaddingX + qMax(labelRoom, qMin(label, end - kPaddingX - kGap - valueWidth)) + kGap;
    draw(kPaddingX, valueFrom - kGap - kPaddingX, labelFont(), tones.muted, m_text.label);
    draw(valueFrom, end - valueFrom, font(), palette().color(QPalette::WindowText), m_text.value);
}

void PartChip::resizeEvent(QResizeEvent *event)
{
    QAbstractButton::resizeEvent(event);
    placeCross();
}

void PartChip::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        emit removeRequested();
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        click();
        break;
    default:
        QAbstractButton::keyPressEvent(event);
    }
}

void PartChip::changeEvent(QEvent *event)
{
    QAbstractButton::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateGeometry();
    else if (event->type() == QEvent::LayoutDirectionChange)
        placeCross();
}

void PartChip::placeCross()
{
    const int side = height() - 4;
    m_cross->setIconSize(QSize(side * 3 / 5, side * 3 / 5));
    m_cross->setGeometry(
        QStyle::visualRect(layoutDirection(), rect(), QRect(width() - side - 2, 2, side, side)));
}

QFont PartChip::labelFont() const
{
    return scaled(font(), 0.92);
}

} // namespace llmemory::ui
