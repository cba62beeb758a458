#include "ui/startup_page.h"

#include "ui/common/busy_indicator.h"
#include "ui/common/icon_label.h"
#include "ui/common/muted_label.h"
#include "ui/common/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace llmemory::ui {

namespace {

constexpr int kWidth = 520;
constexpr int kIconSize = 88;

/// A column of fixed most width in the middle of a page.
QVBoxLayout *centredColumn(QWidget *page)
{
    auto *column = new QWidget(page);
    column->setMaximumWidth(kWidth);
    auto *across = new QHBoxLayout;
    across->addStretch(1);
    across->addWidget(column, 100);
    across->addStretch(1);
    auto *down = new QVBoxLayout(page);
    down->setContentsMargins(32, 32, 32, 32);
    down->addStretch(2);
    down->addLayout(across);
    down->addStretch(3);
    auto *layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    return layout;
}

QLabel *titleLabel(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    QFont font = scaled(label->font(), 1.4);
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    label->setAlignment(Qt::AlignHCenter);
    label->setWordWrap(true);
    return label;
}

} // namespace

StartupPage::StartupPage(QWidget *parent) : QWidget(parent), m_stack(new QStackedLayout(this))
{
    m_stack->addWidget(buildWaiting());
    m_stack->addWidget(buildFailure());
    showStep(tr("Starting…"));
}

void StartupPage::showStep(const QString &message)
{
    m_step->setText(message);
    m_stack->setCurrentIndex(0);
}

void StartupPage::showFailure(const Error &error)
{
    m_problem->setText(error.message);
    m_detail->setPlainText(error.detail);
    m_detail->setVisible(!error.detail.isEmpty());
    m_stack->setCurrentIndex(1);
    m_retry->setFocus();
}

QWidget *StartupPage::buildWaiting()
{
    auto *page = new QWidget(this);
    QVBoxLayout *column = centredColumn(page);
    auto *picture = new QLabel(page);
    picture->setPixmap(applicationIcon().pixmap(QSize(kIconSize, kIconSize), devicePixelRatioF()));
    picture->setAlignment(Qt::AlignHCenter);
    m_step = new MutedLabel(page);
    m_step->setObjectName(QStringLiteral("startupStep"));
    m_step->setAlignment(Qt::AlignHCenter);
    m_step->setWordWrap(true);
    column->addWidget(picture);
    column->addWidget(titleLabel(QApplication::applicationDisplayName(), page));
    column->addSpacing(8);
    column->addWidget(new BusyIndicator(24, page), 0, Qt::AlignHCenter);
    column->addWidget(m_step);
    return page;
}

QWidget *StartupPage::buildFailure()
{
    auto *page = new QWidget(this);
    QVBoxLayout *column = centredColumn(page);
    m_problem = new QLabel(page);
    m_problem->setObjectName(QStringLiteral("startupProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_problem->setAlignment(Qt::AlignHCenter);
    m_problem->setWordWrap(true);
    m_detail = new QPlainTextEdit(page);
    m_detail->setReadOnly(true);
    m_detail->setTabChangesFocus(true);
    m_detail->setAccessibleName(tr("Details of the problem"));
    m_detail->setMaximumHeight(fontMetrics().lineSpacing() * 8);
    m_retry = new QPushButton(icon(QStringLiteral("retry")), tr("&Try Again"), page);
    m_retry->setObjectName(QStringLiteral("startupRetry"));
    m_retry->setDefault(true);
    m_copy = new QPushButton(icon(QStringLiteral("copy")), tr("&Copy Details"), page);
    connect(m_retry, &QPushButton::clicked, this, &StartupPage::retryRequested);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(
            QStringLiteral("%1\n\n%2").arg(m_problem->text(), m_detail->toPlainText()));
    });
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_retry);
    buttons->addWidget(m_copy);
    buttons->addStretch();
    column->addWidget(
        new IconLabel(QStringLiteral("warning"), 48, Tint::Warning, page), 0, Qt::AlignHCenter);
    column->addWidget(titleLabel(tr("The database could not be started"), page));
    column->addWidget(m_problem);
    column->addWidget(m_detail);
    column->addSpacing(4);
    column->addLayout(buttons);
    return page;
}

} // namespace llmemory::ui
