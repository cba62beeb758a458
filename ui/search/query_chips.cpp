#include "ui/search/query_chips.h"

#include "ui/common/flow_layout.h"
#include "ui/search/part_chip.h"

#include <QKeyEvent>

#include <algorithm>

namespace llmemory::ui {

namespace {
constexpr int kMostRows = 3;
} // namespace

QueryChips::QueryChips(QWidget *parent)
    : QScrollArea(parent), m_inside(new QWidget(this)), m_flow(new FlowLayout(m_inside))
{
    setObjectName(QStringLiteral("queryChips"));
    setAccessibleName(tr("Parts of the search"));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWidgetResizable(true);
    setWidget(m_inside);
    m_inside->setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    // The first one stands for all in the order of the Tab key.
    setFocusProxy(addChip());
    hide();
}

void QueryChips::setReading(const QueryReading &reading)
{
    m_reading = reading;
    m_parts.clear();
    for (qsizetype i = 0; i < reading.query.parts.size(); ++i) {
        if (isCondition(reading.query.parts.at(i)))
            m_parts.append(i);
    }
    while (m_chips.size() < m_parts.size())
        addChip();
    for (qsizetype i = 0; i < m_chips.size(); ++i) {
        if (i < m_parts.size()) {
            const QueryPart &part = reading.query.parts.at(m_parts.at(i));
            m_chips.at(i)->setPart(textOf(part),
                                   reading.query.text.mid(part.start, part.length),
                                   part.sign == QueryPart::Sign::Excluded);
        }
        m_chips.at(i)->setVisible(i < m_parts.size());
    }
    setCurrent(qBound<qsizetype>(0, m_current, qMax<qsizetype>(0, m_parts.size() - 1)));
    setVisible(!m_parts.isEmpty());
    updateGeometry();
}

int QueryChips::heightForWidth(int width) const
{
    const int rowHeight = m_chips.constFirst()->sizeHint().height();
    const int most = kMostRows * rowHeight + (kMostRows - 1) * m_flow->spacing();
    const int whole = m_flow->heightForWidth(width);
    // Half a row more tells that there are further ones below.
    return whole <= most ? whole : most + m_flow->spacing() + rowHeight / 2;
}

QSize QueryChips::sizeHint() const
{
    const int width = qMax(this->width(), minimumSizeHint().width());
    return {width, heightForWidth(width)};
}

QSize QueryChips::minimumSizeHint() const
{
    return m_chips.constFirst()->minimumSizeHint();
}

bool QueryChips::eventFilter(QObject *watched, QEvent *event)
{
    const auto index = m_chips.indexOf(qobject_cast<PartChip *>(watched));
    if (event->type() == QEvent::FocusIn && index >= 0) {
        setCurrent(index);
        ensureWidgetVisible(m_chips.at(index), 0, 0);
    }
    if (event->type() != QEvent::KeyPress || index < 0)
        return QScrollArea::eventFilter(watched, event);
    const int forward = layoutDirection() == Qt::RightToLeft ? Qt::Key_Left : Qt::Key_Right;
    const int back = layoutDirection() == Qt::RightToLeft ? Qt::Key_Right : Qt::Key_Left;
    const int key = static_cast<QKeyEvent *>(event)->key();
    if (key == forward)
        focusChip(qMin(index + 1, m_parts.size() - 1));
    else if (key == back)
        focusChip(qMax<qsizetype>(index - 1, 0));
    else if (key == Qt::Key_Home)
        focusChip(0);
    else if (key == Qt::Key_End)
        focusChip(m_parts.size() - 1);
    else if (key == Qt::Key_Up || key == Qt::Key_Escape)
        emit fieldWanted();
    else if (key == Qt::Key_Down)
        emit listWanted();
    else
        return QScrollArea::eventFilter(watched, event);
    return true;
}

PartChip *QueryChips::addChip()
{
    auto *chip = new PartChip(m_inside);
    const qsizetype index = m_chips.size();
    if (index > 0) {
        // Only what takes focus can be put into an order.
        const Qt::FocusPolicy policy = m_chips.constLast()->focusPolicy();
        m_chips.constLast()->setFocusPolicy(Qt::TabFocus);
        setTabOrder(m_chips.constLast(), chip);
        m_chips.constLast()->setFocusPolicy(policy);
    }
    m_chips.append(chip);
    m_flow->addWidget(chip);
    chip->setFocusPolicy(index == m_current ? Qt::TabFocus : Qt::NoFocus);
    chip->installEventFilter(this);
    connect(chip, &PartChip::removeRequested, this, [this, index] { remove(index); });
    connect(chip, &PartChip::clicked, this, [this, index] {
        const QueryPart &part = m_reading.query.parts.at(m_parts.at(index));
        emit partChosen(part.start, part.length);
    });
    return chip;
}

void QueryChips::focusChip(qsizetype index)
{
    m_chips.at(index)->setFocus(Qt::TabFocusReason);
}

void QueryChips::setCurrent(qsizetype index)
{
    m_chips.at(m_current)->setFocusPolicy(Qt::NoFocus);
    m_current = index;
    m_chips.at(m_current)->setFocusPolicy(Qt::TabFocus);
}

void QueryChips::remove(qsizetype index)
{
    // Before chips are hidden, or focus would leave the row.
    const auto focused = std::find_if(
        m_chips.cbegin(), m_chips.cend(), [](const PartChip *chip) { return chip->hasFocus(); });
    if (focused != m_chips.cend()) {
        const qsizetype at = focused - m_chips.cbegin();
        if (m_parts.size() == 1)
            emit fieldWanted();
        else
            focusChip(at > index ? at - 1 : qMin(at, m_parts.size() - 2));
    }
    emit queryEdited(m_reading.query.withoutPart(m_parts.at(index)));
}

} // namespace llmemory::ui
