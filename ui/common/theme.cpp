#include "ui/common/theme.h"

#include "ui/common/calm_style.h"

#include <QApplication>
#include <QStyle>
#include <QToolTip>

#include <array>
#include <utility>

namespace llmemory::ui {

namespace {

struct PaletteColors
{
    QRgb window, base, alternate, text, button, highlight, accent, placeholder, disabled, tip;
};

constexpr PaletteColors kLight{.window = 0xfff5f6f8,
                               .base = 0xffffffff,
                               .alternate = 0xfff8f9fb,
                               .text = 0xff1c2028,
                               .button = 0xfff7f8fa,
                               .highlight = 0xffd9e6fc,
                               .accent = 0xff2962cc,
                               .placeholder = 0xff80868f,
                               .disabled = 0xffa2a7b0,
                               .tip = 0xffffffff};

constexpr PaletteColors kDark{.window = 0xff1f2126,
                              .base = 0xff18191d,
                              .alternate = 0xff1c1e22,
                              .text = 0xffe3e5ea,
                              .button = 0xff2b2e35,
                              .highlight = 0xff2c4069,
                              .accent = 0xff7ea9f5,
                              .placeholder = 0xff878d98,
                              .disabled = 0xff666b75,
                              .tip = 0xff2b2e35};

QPalette paletteOf(const PaletteColors &colors)
{
    const QColor text(colors.text);
    QPalette palette(QColor(colors.button), QColor(colors.window));
    const std::array<std::pair<QPalette::ColorRole, QRgb>, 14> roles{{
        {QPalette::WindowText, colors.text},
        {QPalette::Base, colors.base},
        {QPalette::AlternateBase, colors.alternate},
        {QPalette::Text, colors.text},
        {QPalette::Button, colors.button},
        {QPalette::ButtonText, colors.text},
        {QPalette::BrightText, 0xffffffff},
        {QPalette::ToolTipBase, colors.tip},
        {QPalette::ToolTipText, colors.text},
        {QPalette::Highlight, colors.highlight},
        {QPalette::HighlightedText, colors.text},
        {QPalette::Link, colors.accent},
        {QPalette::LinkVisited, colors.accent},
        {QPalette::PlaceholderText, colors.placeholder},
    }};
    for (const auto &[role, color] : roles)
        palette.setColor(role, QColor(color));
    for (const auto role : {QPalette::WindowText,
                            QPalette::Text,
                            QPalette::ButtonText,
                            QPalette::HighlightedText,
                            QPalette::PlaceholderText})
        palette.setColor(QPalette::Disabled, role, QColor(colors.disabled));
    return palette;
}

/// The style that the desktop chose; asked for before anything here has changed it.
const QString &platformStyle()
{
    static const QString style = QApplication::style()->name();
    return style;
}

bool isFusion(const QString &style)
{
    return style.compare(QLatin1String("fusion"), Qt::CaseInsensitive) == 0;
}

} // namespace

QString toString(Theme theme)
{
    switch (theme) {
    case Theme::Light:
        return QStringLiteral("light");
    case Theme::Dark:
        return QStringLiteral("dark");
    case Theme::System:
        break;
    }
    return QStringLiteral("system");
}

Theme themeFromString(const QString &word)
{
    for (const Theme theme : {Theme::Light, Theme::Dark}) {
        if (toString(theme) == word)
            return theme;
    }
    return Theme::System;
}

void applyTheme(Theme theme)
{
    const bool system = theme == Theme::System;
    // A desktop without a style of its own leaves Fusion in plain grey; ours is calmer.
    const bool ownStyle = !system || isFusion(platformStyle());
    if (!ownStyle)
        QApplication::setStyle(platformStyle());
    else if (!qobject_cast<CalmStyle *>(QApplication::style()))
        QApplication::setStyle(new CalmStyle);
    QApplication::setPalette(QPalette());
    const bool dark = system ? isDark(QApplication::palette()) : theme == Theme::Dark;
    if (ownStyle)
        QApplication::setPalette(paletteOf(dark ? kDark : kLight));
    QToolTip::setPalette(QApplication::palette());
}

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::WindowText).lightness() >
           palette.color(QPalette::Window).lightness();
}

Tones Tones::of(const QPalette &palette)
{
    const QColor text = palette.color(QPalette::WindowText);
    const QColor window = palette.color(QPalette::Window);
    const bool dark = isDark(palette);
    return {.muted = mixed(text, window, 0.66),
            .faint = mixed(text, window, 0.42),
            .line = mixed(text, window, dark ? 0.16 : 0.13),
            .hover = mixed(text, window, 0.06),
            .accent = palette.color(QPalette::Link),
            .mark = QColor(dark ? 0xff6b5617 : 0xfffde69a),
            .good = QColor(dark ? 0xff6cc48c : 0xff26804a),
            .warning = QColor(dark ? 0xffe0b050 : 0xff9a6700),
            .bad = QColor(dark ? 0xfff0857d : 0xffc0362c)};
}

QColor mixed(const QColor &a, const QColor &b, qreal share)
{
    const qreal rest = 1 - share;
    return QColor::fromRgbF(float(a.redF() * share + b.redF() * rest),
                            float(a.greenF() * share + b.greenF() * rest),
                            float(a.blueF() * share + b.blueF() * rest));
}

QFont scaled(QFont font, qreal factor)
{
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * factor);
    else
        font.setPixelSize(qRound(font.pixelSize() * factor));
    return font;
}

} // namespace llmemory::ui
