#include "ui/common/empty_state.h"

#include "ui/common/busy_indicator.h"
#include "ui/common/icon_label.h"
#include "ui/common/icons.h"
#include "ui/common/muted_label.h"
#include "ui/common/theme.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace llmemory::ui {

namespace {
constexpr int kIconSize = 48;
constexpr int kTextWidth = 420;
} // namespace

EmptyState::EmptyState(const QString &iconName, QWidget *parent)
    : QWidget(parent)
    , m_icon(new IconLabel(iconName, kIconSize, Tint::Muted, this))
    , m_busy(new BusyIndicator(28, this))
    , m_title(new QLabel(this))
    , m_text(new MutedLabel(this))
    , m_buttons(new QHBoxLayout)
{
    m_busy->hide();
    QFont font = scaled(m_title->font(), 1.2);
    font.setWeight(QFont::DemiBold);
    m_title->setFont(font);
    for (QLabel *label : {m_title, m_text}) {
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(true);
        label->setMaximumWidth(kTextWidth);
        label->setMinimumWidth(qMin(kTextWidth, 200));
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setFocusPolicy(Qt::NoFocus);
    }
    m_text->hide();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(32, 32, 32, 32);
    layout->setSpacing(10);
    layout->addStretch(2);
    layout->addWidget(m_icon, 0, Qt::AlignHCenter);
    layout->addWidget(m_busy, 0, Qt::AlignHCenter);
    auto addCentred = [layout](QWidget *label) {
        auto *row = new QHBoxLayout;
        row->addStretch(1);
        row->addWidget(label, 100);
        row->addStretch(1);
        layout->addLayout(row);
    };
    layout->addSpacing(4);
    addCentred(m_title);
    addCentred(m_text);
    layout->addSpacing(8);
    m_buttons->setSpacing(8);
    auto *row = new QHBoxLayout;
    row->addStretch();
    row->addLayout(m_buttons);
    row->addStretch();
    layout->addLayout(row);
    layout->addStretch(3);
}

void EmptyState::setIcon(const QString &iconName)
{
    m_icon->setIcon(iconName);
}

void EmptyState::setTitle(const QString &title)
{
    m_title->setText(title);
}

void EmptyState::setText(const QString &text)
{
    m_text->setText(text);
    m_text->setVisible(!text.isEmpty());
}

void EmptyState::addButton(QAbstractButton *button)
{
    m_buttons->addWidget(button);
}

void EmptyState::setBusy(bool busy)
{
    m_busy->setVisible(busy);
    m_icon->setVisible(!busy);
}

} // namespace llmemory::ui
