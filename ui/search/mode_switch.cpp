#include "ui/search/mode_switch.h"

#include "ui/common/segment_button.h"

#include <QButtonGroup>
#include <QHBoxLayout>

namespace llmemory::ui {

ModeSwitch::ModeSwitch(QWidget *parent) : QWidget(parent), m_buttons(new QButtonGroup(this))
{
    struct Choice
    {
        SearchMode mode;
        QString text;
        QString tip;
    };
    const Choice choices[]{
        {SearchMode::Hybrid, tr("Hybrid"), tr("Search by words and by meaning")},
        {SearchMode::Text, tr("Words"), tr("Search for the words as they are")},
        {SearchMode::Vector, tr("Meaning"), tr("Search for passages that say something similar")},
    };
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    for (const Choice &choice : choices) {
        auto *button = new SegmentButton(choice.text, this);
        button->setToolTip(choice.tip);
        button->setStatusTip(choice.tip);
        button->setAccessibleDescription(choice.tip);
        m_buttons->addButton(button, int(choice.mode));
        layout->addWidget(button);
    }
    setAccessibleName(tr("How to search"));
    setMode(SearchMode::Hybrid);
    connect(m_buttons, &QButtonGroup::idToggled, this, [this](int id, bool checked) {
        if (checked)
            emit modeChanged(SearchMode(id));
    });
}

SearchMode ModeSwitch::mode() const
{
    return SearchMode(m_buttons->checkedId());
}

void ModeSwitch::setMode(SearchMode mode)
{
    m_buttons->button(int(mode))->setChecked(true);
}

} // namespace llmemory::ui
