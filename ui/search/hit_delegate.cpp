#include "ui/search/hit_delegate.h"

#include "ui/common/icons.h"
#include "ui/common/row_ground.h"
#include "ui/common/theme.h"
#include "ui/search/hit_model.h"
#include "ui/search/snippet.h"

#include <QPainter>
#include <QStringBuilder>
#include <QStyle>
#include <QTextLayout>

namespace llmemory::ui {

namespace {

constexpr int kMargin = 6;   // from the list's edge to the ground
constexpr int kPadding = 10; // from the ground to the text
constexpr int kGap = 8;
constexpr int kIconSize = 16;
constexpr int kLines = 2;    // of the snippet
constexpr QSize kBar(28, 3); // relevance

QFont titleFont(const QFont &font)
{
    QFont bold = font;
    bold.setWeight(QFont::DemiBold);
    return bold;
}

int titleHeight(const QFont &font)
{
    return qMax(kIconSize, QFontMetrics(titleFont(font)).height());
}

/// The relevance as a short bar at the row's end: enough to see where the good ones stop.
void paintRelevance(QPainter *painter, const QRect &rect, double share, const Tones &tones)
{
    QRectF filled = rect;
    filled.setWidth(rect.width() * share);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(tones.line);
    painter->drawRoundedRect(rect, 1.5, 1.5);
    painter->setBrush(tones.faint);
    painter->drawRoundedRect(filled, 1.5, 1.5);
}

QList<QTextLayout::FormatRange> formatsOf(const QList<TextRange> &marks, const QPalette &palette)
{
    QTextCharFormat format;
    format.setBackground(Tones::of(palette).mark);
    format.setForeground(palette.color(QPalette::Text));
    QList<QTextLayout::FormatRange> formats;
    for (const TextRange &mark : marks)
        formats.append({int(mark.start), int(mark.end - mark.start), format});
    return formats;
}

/// Breaks the text into at most kLines lines; where the last one begins that is laid out.
qsizetype layOut(QTextLayout &layout, const QString &text, int width)
{
    QTextOption option;
    option.setTextDirection(text.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setText(text);
    layout.setTextOption(option);
    layout.beginLayout();
    qreal y = 0;
    qsizetype lastStart = 0;
    for (int i = 0; i < kLines; ++i) {
        QTextLine line = layout.createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(width);
        line.setPosition({0, y});
        y += line.height();
        lastStart = line.textStart();
    }
    layout.endLayout();
    return lastStart;
}

/// Draws the snippet in kLines lines, the found words marked; what does not fit is left out.
void paintSnippet(QPainter *painter,
                  const QRect &rect,
                  const Snippet &snippet,
                  const QStyleOptionViewItem &option,
                  const QColor &color)
{
    if (rect.width() <= 0)
        return;
    QTextLayout layout(QString(), option.font, painter->device());
    layout.setFormats(formatsOf(snippet.marks, option.palette));
    const qsizetype lastStart = layOut(layout, snippet.text, rect.width());
    const QString rest = snippet.text.mid(lastStart);
    const QString fitted = option.fontMetrics.elidedText(rest, Qt::ElideRight, rect.width());
    if (fitted != rest)
        layOut(layout, QString(snippet.text.first(lastStart) % fitted), rect.width());
    painter->setPen(color);
    layout.draw(painter, rect.topLeft());
}

} // namespace

void HitDelegate::paint(QPainter *painter,
                        const QStyleOptionViewItem &option,
                        const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const QRect ground = item.rect.adjusted(kMargin, 1, -kMargin, -1);
    paintRowGround(painter, item, ground);

    painter->save();
    const RowColors colors = RowColors::of(item);
    const QRect inner = ground.adjusted(kPadding, kPadding - 1, -kPadding, -kPadding);
    const int height = titleHeight(item.font);
    const QRect head(inner.left(), inner.top(), inner.width(), height);
    auto placed = [&](const QRect &rect) { return mirrored(item, inner, rect); };
    const auto leading =
        int(QStyle::visualAlignment(item.direction, Qt::AlignLeft) | Qt::AlignVCenter);

    const QRect picture(head.left(), head.center().y() - kIconSize / 2 + 1, kIconSize, kIconSize);
    icon(index.data(HitModel::IconRole).toString(), Tint::Muted).paint(painter, placed(picture));
    const QRect bar(head.right() + 1 - kBar.width(),
                    head.center().y() - kBar.height() / 2,
                    kBar.width(),
                    kBar.height());
    paintRelevance(painter,
                   placed(bar),
                   index.data(HitModel::RelevanceRole).toDouble(),
                   Tones::of(item.palette));

    // The name gets what it needs up to two thirds, the place the rest.
    const int left = picture.right() + 1 + kGap;
    const int room = bar.left() - 2 * kGap - left;
    const QFont bold = titleFont(item.font);
    const QFontMetrics boldMetrics(bold);
    const QString place = index.data(HitModel::PlaceRole).toString();
    const int nameRoom = place.isEmpty() ? room : room * 2 / 3;
    const int nameWidth = qMin(boldMetrics.horizontalAdvance(item.text) + 1, nameRoom);
    const QRect name(left, head.top(), nameWidth, height);
    painter->setFont(bold);
    painter->setPen(colors.text);
    painter->drawText(
        placed(name), leading, boldMetrics.elidedText(item.text, Qt::ElideMiddle, nameWidth));
    const QRect where(left + nameWidth + kGap, head.top(), room - nameWidth - kGap, height);
    painter->setFont(item.font);
    painter->setPen(colors.muted);
    painter->drawText(
        placed(where), leading, item.fontMetrics.elidedText(place, Qt::ElideRight, where.width()));

    const QRect body = inner.adjusted(left - inner.left(), height + 3, 0, 0);
    paintSnippet(painter,
                 placed(body),
                 index.data(HitModel::SnippetRole).value<Snippet>(),
                 item,
                 colors.muted);
    painter->restore();
}

QSize HitDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const int lines = kLines * option.fontMetrics.lineSpacing();
    return {200, titleHeight(option.font) + 3 + lines + 2 * kPadding + 2};
}

} // namespace llmemory::ui
