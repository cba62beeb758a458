#include "ui/common/message_bar.h"

#include "ui/common/icon_label.h"
#include "ui/common/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

namespace llmemory::ui {

namespace {

constexpr int kDetailLines = 6;

Tint tintOf(MessageBar::Kind kind)
{
    switch (kind) {
    case MessageBar::Kind::Failure:
        return Tint::Bad;
    case MessageBar::Kind::Warning:
        return Tint::Warning;
    case MessageBar::Kind::Information:
        break;
    }
    return Tint::Accent;
}

QColor colorOf(MessageBar::Kind kind, const Tones &tones)
{
    switch (kind) {
    case MessageBar::Kind::Failure:
        return tones.bad;
    case MessageBar::Kind::Warning:
        return tones.warning;
    case MessageBar::Kind::Information:
        break;
    }
    return tones.accent;
}

} // namespace

MessageBar::MessageBar(QWidget *parent)
    : QFrame(parent)
    , m_icon(new IconLabel(QStringLiteral("info"), 20, Tint::Accent, this))
    , m_text(new QLabel(this))
    , m_more(new QToolButton(this))
    , m_dismiss(new QToolButton(this))
    , m_detail(new QPlainTextEdit(this))
{
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);

    m_more->setText(tr("Details"));
    m_more->setAutoRaise(true);
    m_more->setCheckable(true);
    m_more->setAccessibleName(tr("Show details of the message"));
    connect(m_more, &QToolButton::toggled, m_detail, &QWidget::setVisible);

    m_dismiss->setIcon(icon(QStringLiteral("close"), Tint::Muted));
    m_dismiss->setAutoRaise(true);
    m_dismiss->setToolTip(tr("Dismiss"));
    m_dismiss->setAccessibleName(tr("Dismiss the message"));
    connect(m_dismiss, &QToolButton::clicked, this, &MessageBar::clear);

    m_detail->setReadOnly(true);
    m_detail->setAccessibleName(tr("Details of the message"));
    m_detail->setFrameShape(QFrame::NoFrame);
    m_detail->viewport()->setAutoFillBackground(false);
    m_detail->setFixedHeight(m_detail->fontMetrics().lineSpacing() * kDetailLines);
    m_detail->hide();

    auto *row = new QHBoxLayout;
    row->setSpacing(10);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addWidget(m_text, 1);
    row->addWidget(m_more, 0, Qt::AlignTop);
    row->addWidget(m_dismiss, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 8, 10, 8);
    layout->setSpacing(4);
    layout->addLayout(row);
    layout->addWidget(m_detail);
    hide();
}

void MessageBar::showError(const Error &error)
{
    if (error.kind != ErrorKind::Cancelled)
        showMessage(Kind::Failure, error.message, error.detail);
}

void MessageBar::showMessage(Kind kind, const QString &text, const QString &detail)
{
    if (!(m_lasting && isVisibleTo(parentWidget())))
        display(kind, text, detail, false);
}

void MessageBar::showLasting(Kind kind, const QString &text, const QString &detail)
{
    display(kind, text, detail, true);
}

void MessageBar::clear()
{
    m_lasting = false;
    m_text->clear();
    hide();
}

QString MessageBar::text() const
{
    return m_text->text();
}

void MessageBar::paintEvent(QPaintEvent *)
{
    const QColor color = colorOf(m_kind, Tones::of(palette()));
    QPainter painter(this);
    painter.fillRect(rect(), mixed(color, palette().color(QPalette::Base), 0.12));
    painter.fillRect(QRect(0, height() - 1, width(), 1),
                     mixed(color, palette().color(QPalette::Base), 0.35));
}

void MessageBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && !m_lasting)
        clear();
    else
        QFrame::keyPressEvent(event);
}

void MessageBar::display(Kind kind, const QString &text, const QString &detail, bool lasting)
{
    m_kind = kind;
    m_lasting = lasting;
    m_icon->setIcon(kind == Kind::Information ? QStringLiteral("info") : QStringLiteral("warning"),
                    tintOf(kind));
    m_text->setText(text);
    m_text->setAccessibleName(text);
    m_detail->setPlainText(detail);
    m_more->setChecked(false);
    m_more->setVisible(!detail.isEmpty());
    m_dismiss->setVisible(!lasting);
    show();
    update();
}

} // namespace llmemory::ui
