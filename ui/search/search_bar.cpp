#include "ui/search/search_bar.h"

#include "core/base/limits.h"
#include "ui/common/icon_label.h"
#include "ui/common/theme.h"
#include "ui/search/mode_switch.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QTextCharFormat>
#include <QToolButton>

namespace llmemory::ui {

namespace {
constexpr qreal kRadius = 8;
} // namespace

SearchBar::SearchBar(QWidget *parent)
    : QWidget(parent), m_field(new QLineEdit(this)), m_mode(new ModeSwitch(this))
{
    m_field->setObjectName(QStringLiteral("searchField"));
    m_field->setAccessibleName(tr("Search"));
    m_field->setFrame(false);
    m_field->setAcceptDrops(false);
    m_field->setMaxLength(limits::kQueryLength);
    m_field->setFont(scaled(m_field->font(), 1.1));
    m_field->installEventFilter(this);
    QPalette palette;
    palette.setColor(QPalette::Base, Qt::transparent);
    m_field->setPalette(palette);
    setFocusProxy(m_field);
    setOwnerName({});

    auto *clearButton = new QToolButton(this);
    clearButton->setIcon(icon(QStringLiteral("close"), Tint::Muted));
    clearButton->setAutoRaise(true);
    clearButton->setToolTip(tr("Clear the search (Esc)"));
    clearButton->setAccessibleName(tr("Clear the search"));
    clearButton->setFocusPolicy(Qt::NoFocus);
    clearButton->hide();
    connect(clearButton, &QToolButton::clicked, this, &SearchBar::clear);
    connect(m_field, &QLineEdit::textChanged, clearButton, [clearButton](const QString &text) {
        clearButton->setVisible(!text.isEmpty());
    });
    connect(m_field, &QLineEdit::textChanged, this, [this](const QString &text) {
        if (m_marked)
            underline({});
        emit textChanged(text);
    });
    connect(m_field, &QLineEdit::returnPressed, this, &SearchBar::submitted);
    connect(m_mode, &ModeSwitch::modeChanged, this, &SearchBar::modeChanged);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 5, 6, 5);
    layout->setSpacing(8);
    layout->addWidget(new IconLabel(QStringLiteral("search"), 18, Tint::Muted, this));
    layout->addWidget(m_field, 1);
    layout->addWidget(clearButton);
    layout->addWidget(m_mode);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QString SearchBar::text() const
{
    return m_field->text();
}

SearchMode SearchBar::mode() const
{
    return m_mode->mode();
}

void SearchBar::setMode(SearchMode mode)
{
    m_mode->setMode(mode);
}

void SearchBar::setOwnerName(const QString &name)
{
    m_field->setPlaceholderText(name.isEmpty() ? tr("Search") : tr("Search in %1").arg(name));
}

void SearchBar::focusField()
{
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

void SearchBar::select(qsizetype start, qsizetype length)
{
    m_field->setFocus(Qt::OtherFocusReason);
    m_field->setSelection(int(start), int(length));
}

void SearchBar::replaceText(const QString &text)
{
    m_field->selectAll();
    m_field->insert(text);
}

void SearchBar::markMistakes(const QList<TextRange> &places)
{
    if (m_marked || !places.isEmpty())
        underline(places);
}

void SearchBar::clear()
{
    m_field->clear();
    m_field->setFocus();
}

bool SearchBar::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        update();
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    switch (static_cast<QKeyEvent *>(event)->key()) {
    case Qt::Key_Escape:
        clear();
        return true;
    case Qt::Key_Down:
    case Qt::Key_PageDown:
        emit listWanted();
        return true;
    default:
        return QWidget::eventFilter(watched, event);
    }
}

void SearchBar::paintEvent(QPaintEvent *)
{
    const Tones tones = Tones::of(palette());
    const bool focused = m_field->hasFocus();
    const qreal width = focused ? 1.75 : 1;
    const QRectF frame = QRectF(rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(palette().color(QPalette::Base));
    painter.setPen(QPen(focused ? tones.accent : tones.line, width));
    painter.drawRoundedRect(frame, kRadius, kRadius);
}

// A line edit takes formats only from input methods; without text of theirs nothing else changes.
void SearchBar::underline(const QList<TextRange> &places)
{
    QTextCharFormat wave;
    wave.setUnderlineStyle(QTextCharFormat::WaveUnderline);
    wave.setUnderlineColor(Tones::of(palette()).bad);
    QList<QInputMethodEvent::Attribute> attributes;
    for (const TextRange &place : places)
        attributes.append({QInputMethodEvent::TextFormat,
                           int(place.start) - m_field->cursorPosition(),
                           int(place.end - place.start),
                           wave});
    QInputMethodEvent event(QString(), attributes);
    QCoreApplication::sendEvent(m_field, &event);
    m_marked = !places.isEmpty();
}

} // namespace llmemory::ui
