#include "ui/common/calm_style.h"

#include "ui/common/icons.h"
#include "ui/common/theme.h"

#include <QPainter>
#include <QStyleOption>

namespace llmemory::ui {

namespace {

constexpr qreal kRadius = 6;
constexpr int kScrollBarWidth = 12;
constexpr int kSliderWidth = 6;
constexpr int kSliderLeast = 28;
constexpr int kFieldHeight = 30;
constexpr int kHeaderMargin = 8;
constexpr int kArrowSize = 12; // of a sorted column

void paintRounded(QPainter *painter, const QRectF &rect, const QPen &pen, const QBrush &brush)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(pen);
    painter->setBrush(brush);
    const qreal half = pen.style() == Qt::NoPen ? 0 : pen.widthF() / 2;
    painter->drawRoundedRect(rect.adjusted(half, half, -half, -half), kRadius, kRadius);
    painter->restore();
}

void paintField(QPainter *painter, const QStyleOption *option)
{
    const Tones tones = Tones::of(option->palette);
    const bool focused = option->state.testFlag(QStyle::State_HasFocus);
    paintRounded(painter,
                 option->rect,
                 QPen(focused ? tones.accent : tones.line, focused ? 1.5 : 1),
                 option->palette.brush(QPalette::Base));
}

void paintPushButton(QPainter *painter, const QStyleOption *option)
{
    const Tones tones = Tones::of(option->palette);
    const QColor ground = option->palette.color(QPalette::Button);
    const QColor text = option->palette.color(QPalette::ButtonText);
    const bool enabled = option->state.testFlag(QStyle::State_Enabled);
    const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
    const bool isDefault =
        enabled && button && button->features.testFlag(QStyleOptionButton::DefaultButton);
    qreal weight = 0;
    if (option->state.testFlag(QStyle::State_Sunken))
        weight = 0.14;
    else if (enabled && option->state.testFlag(QStyle::State_MouseOver))
        weight = 0.06;
    const bool marked = isDefault || option->state.testFlag(QStyle::State_HasFocus);
    paintRounded(painter,
                 option->rect,
                 QPen(marked ? tones.accent : tones.line, marked ? 1.5 : 1),
                 mixed(text, ground, weight));
}

/// A tool button has a ground only while it is used.
void paintToolButton(QPainter *painter, const QStyleOption *option)
{
    const Tones tones = Tones::of(option->palette);
    const bool pressed = option->state & (QStyle::State_Sunken | QStyle::State_On);
    const bool hovered = option->state.testFlag(QStyle::State_Enabled) &&
                         option->state.testFlag(QStyle::State_MouseOver);
    const bool focused = option->state.testFlag(QStyle::State_HasFocus);
    QColor ground = tones.hover;
    if (pressed)
        ground = option->palette.color(QPalette::Highlight);
    if (pressed || hovered || focused)
        paintRounded(painter,
                     option->rect,
                     focused ? QPen(tones.accent, 1.5) : QPen(Qt::NoPen),
                     pressed || hovered ? QBrush(ground) : QBrush(Qt::NoBrush));
}

void paintScrollBar(QPainter *painter, const QStyleOptionSlider *bar, const QRect &slider)
{
    if (bar->maximum <= bar->minimum)
        return;
    const Tones tones = Tones::of(bar->palette);
    const bool used =
        bar->state.testFlag(QStyle::State_MouseOver) || (bar->state.testFlag(QStyle::State_Sunken));
    const int margin = (kScrollBarWidth - kSliderWidth) / 2;
    const QRect handle = bar->orientation == Qt::Vertical ? slider.adjusted(margin, 2, -margin, -2)
                                                          : slider.adjusted(2, margin, -2, -margin);
    QColor color = tones.faint;
    color.setAlphaF(used ? 0.9F : 0.5F);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawRoundedRect(handle, kSliderWidth / 2.0, kSliderWidth / 2.0);
    painter->restore();
}

void paintSortArrow(QPainter *painter, const QStyleOptionHeader *header)
{
    if (header->sortIndicator == QStyleOptionHeader::None)
        return;
    // Qt's "down" is the ascending order.
    const QString name = header->sortIndicator == QStyleOptionHeader::SortDown
                             ? QStringLiteral("chevron-up")
                             : QStringLiteral("chevron-down");
    const QRect place = QStyle::alignedRect(header->direction,
                                            Qt::AlignRight | Qt::AlignVCenter,
                                            {kArrowSize, kArrowSize},
                                            header->rect);
    icon(name, Tint::Muted).paint(painter, place);
}

QRect sliderRect(const QStyleOptionSlider *bar)
{
    const bool upright = bar->orientation == Qt::Vertical;
    const int length = upright ? bar->rect.height() : bar->rect.width();
    const qint64 range = qint64(bar->maximum) - bar->minimum;
    int slider = length;
    if (range > 0) {
        slider = int(qint64(length) * bar->pageStep / (range + bar->pageStep));
        slider = qBound(qMin(kSliderLeast, length), slider, length);
    }
    const int start = QStyle::sliderPositionFromValue(
        bar->minimum, bar->maximum, bar->sliderPosition, length - slider, bar->upsideDown);
    return upright ? QRect(bar->rect.left(), bar->rect.top() + start, bar->rect.width(), slider)
                   : QRect(bar->rect.left() + start, bar->rect.top(), slider, bar->rect.height());
}

} // namespace

CalmStyle::CalmStyle() : QProxyStyle(QStringLiteral("fusion")) {}

void CalmStyle::drawPrimitive(PrimitiveElement element,
                              const QStyleOption *option,
                              QPainter *painter,
                              const QWidget *widget) const
{
    switch (element) {
    case PE_PanelLineEdit: {
        const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
        if (frame && frame->lineWidth > 0)
            paintField(painter, option);
        return;
    }
    case PE_PanelButtonCommand:
        paintPushButton(painter, option);
        return;
    case PE_PanelButtonTool:
        paintToolButton(painter, option);
        return;
    case PE_IndicatorHeaderArrow: // drawn with the label, where its place is known
    case PE_FrameStatusBarItem:
    case PE_PanelStatusBar:
        return;
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void CalmStyle::drawControl(ControlElement element,
                            const QStyleOption *option,
                            QPainter *painter,
                            const QWidget *widget) const
{
    switch (element) {
    case CE_HeaderSection:
    case CE_HeaderEmptyArea: {
        painter->fillRect(option->rect, option->palette.brush(QPalette::Base));
        const QRect line(option->rect.left(), option->rect.bottom(), option->rect.width(), 1);
        painter->fillRect(line, Tones::of(option->palette).line);
        return;
    }
    case CE_HeaderLabel:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            QStyleOptionHeader quiet = *header;
            quiet.palette.setColor(QPalette::ButtonText, Tones::of(option->palette).muted);
            QProxyStyle::drawControl(element, &quiet, painter, widget);
            paintSortArrow(painter, header);
            return;
        }
        break;
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void CalmStyle::drawComplexControl(ComplexControl control,
                                   const QStyleOptionComplex *option,
                                   QPainter *painter,
                                   const QWidget *widget) const
{
    const auto *bar =
        control == CC_ScrollBar ? qstyleoption_cast<const QStyleOptionSlider *>(option) : nullptr;
    if (bar)
        paintScrollBar(painter, bar, sliderRect(bar));
    else
        QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect CalmStyle::subControlRect(ComplexControl control,
                                const QStyleOptionComplex *option,
                                SubControl subControl,
                                const QWidget *widget) const
{
    const auto *bar =
        control == CC_ScrollBar ? qstyleoption_cast<const QStyleOptionSlider *>(option) : nullptr;
    if (!bar)
        return QProxyStyle::subControlRect(control, option, subControl, widget);
    const QRect slider = sliderRect(bar);
    const bool upright = bar->orientation == Qt::Vertical;
    QRect rect = bar->rect;
    switch (subControl) {
    case SC_ScrollBarSlider:
        return slider;
    case SC_ScrollBarGroove:
        return bar->rect;
    case SC_ScrollBarSubPage:
        upright ? rect.setBottom(slider.top() - 1) : rect.setRight(slider.left() - 1);
        return rect;
    case SC_ScrollBarAddPage:
        upright ? rect.setTop(slider.bottom() + 1) : rect.setLeft(slider.right() + 1);
        return rect;
    default:
        return {}; // no arrows
    }
}

QRect CalmStyle::subElementRect(SubElement element,
                                const QStyleOption *option,
                                const QWidget *widget) const
{
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    if (element == SE_LineEditContents) {
        const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
        return frame && frame->lineWidth > 0 ? rect.adjusted(5, 0, -5, 0) : rect;
    }
    return rect;
}

int CalmStyle::pixelMetric(PixelMetric metric,
                           const QStyleOption *option,
                           const QWidget *widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent:
        return kScrollBarWidth;
    case PM_HeaderMargin:
        return kHeaderMargin;
    case PM_ScrollView_ScrollBarSpacing:
    case PM_ScrollView_ScrollBarOverlap:
        return 0;
    case PM_ButtonMargin:
        return 12;
    case PM_ToolBarIconSize:
    case PM_ButtonIconSize:
    case PM_SmallIconSize:
        return 16;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int CalmStyle::styleHint(StyleHint hint,
                         const QStyleOption *option,
                         const QWidget *widget,
                         QStyleHintReturn *returnData) const
{
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons)
        return 0;
    return QProxyStyle::styleHint(hint, option, widget, returnData);
}

QSize CalmStyle::sizeFromContents(ContentsType type,
                                  const QStyleOption *option,
                                  const QSize &size,
                                  const QWidget *widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_LineEdit:
        result.setHeight(qMax(result.height(), kFieldHeight));
        break;
    case CT_PushButton:
        result.rheight() = qMax(result.height(), kFieldHeight);
        result.rwidth() += 12;
        break;
    case CT_ToolButton:
        result += QSize(4, 4);
        break;
    case CT_HeaderSection:
        result.rheight() += 4;
        break;
    default:
        break;
    }
    return result;
}

} // namespace llmemory::ui
