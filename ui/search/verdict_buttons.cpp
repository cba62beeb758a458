#include "ui/search/verdict_buttons.h"

#include "ui/common/icons.h"

#include <QHBoxLayout>
#include <QToolButton>

namespace llmemory::ui {

VerdictButtons::VerdictButtons(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    m_good = addButton(QStringLiteral("thumb-up"),
                       tr("Good result"),
                       tr("Note that this passage answers the search"));
    m_good->setObjectName(QStringLiteral("goodResult"));
    m_bad = addButton(QStringLiteral("thumb-down"),
                      tr("Poor result"),
                      tr("Note that this passage does not answer the search"));
    m_bad->setObjectName(QStringLiteral("poorResult"));
    connect(m_good, &QToolButton::clicked, this, [this](bool checked) {
        m_bad->setChecked(false);
        emit verdictGiven(checked ? Verdict::Good : Verdict::None);
    });
    connect(m_bad, &QToolButton::clicked, this, [this](bool checked) {
        m_good->setChecked(false);
        emit verdictGiven(checked ? Verdict::Bad : Verdict::None);
    });
}

void VerdictButtons::setVerdict(Verdict verdict)
{
    m_good->setChecked(verdict == Verdict::Good);
    m_bad->setChecked(verdict == Verdict::Bad);
}

QToolButton *VerdictButtons::addButton(const QString &iconName,
                                       const QString &name,
                                       const QString &tip)
{
    auto *button = new QToolButton(this);
    button->setIcon(icon(iconName));
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(name);
    button->setAccessibleDescription(tip);
    button->setToolTip(tip);
    button->setStatusTip(tip);
    layout()->addWidget(button);
    return button;
}

} // namespace llmemory::ui
