#include "ui/common/icons.h"

#include "ui/common/theme.h"

#include <QApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QStringBuilder>
#include <QSvgRenderer>

// Resources of a static library are linked in only where somebody asks for them; the macro wants
// to stand outside of every namespace.
static void initResources()
{
    Q_INIT_RESOURCE(app);
}

namespace llmemory::ui {

namespace {

QColor colorOf(Tint tint, QIcon::Mode mode)
{
    const QPalette palette = QApplication::palette();
    if (mode == QIcon::Disabled)
        return palette.color(QPalette::Disabled, QPalette::ButtonText);
    const Tones tones = Tones::of(palette);
    switch (tint) {
    case Tint::Muted:
        return tones.muted;
    case Tint::Accent:
        return tones.accent;
    case Tint::Good:
        return tones.good;
    case Tint::Warning:
        return tones.warning;
    case Tint::Bad:
        return tones.bad;
    case Tint::Text:
        break;
    }
    return palette.color(mode == QIcon::Selected ? QPalette::HighlightedText
                                                 : QPalette::ButtonText);
}

/// Draws a one-colour SVG in a colour of the palette at the size and scale asked for.
class TintedIconEngine final : public QIconEngine
{
public:
    TintedIconEngine(QString file, Tint tint) : m_file(std::move(file)), m_tint(tint) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal scale = painter->device()->devicePixelRatioF();
        QPixmap image = pixmap((QSizeF(rect.size()) * scale).toSize(), mode, state);
        image.setDevicePixelRatio(scale);
        painter->drawPixmap(rect.topLeft(), image);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override
    {
        const QColor color = colorOf(m_tint, mode);
        const QString key = QStringLiteral("llmemory %1 %2 %3x%4")
                                .arg(m_file, color.name(QColor::HexArgb))
                                .arg(size.width())
                                .arg(size.height());
        QPixmap image;
        if (QPixmapCache::find(key, &image))
            return image;
        image = QPixmap(size);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        QSvgRenderer renderer(m_file);
        renderer.setAspectRatioMode(Qt::KeepAspectRatio);
        renderer.render(&painter);
        painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
        painter.fillRect(image.rect(), color);
        painter.end();
        QPixmapCache::insert(key, image);
        return image;
    }

    QIconEngine *clone() const override { return new TintedIconEngine(m_file, m_tint); }

private:
    QString m_file;
    Tint m_tint;
};

} // namespace

QIcon icon(const QString &name, Tint tint)
{
    initResources();
    return QIcon(new TintedIconEngine(QStringLiteral(":/icons/%1.svg").arg(name), tint));
}

QIcon applicationIcon()
{
    initResources();
    return QIcon(QStringLiteral(":/icons/llmemory.svg"));
}

} // namespace llmemory::ui
