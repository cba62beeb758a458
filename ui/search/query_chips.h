#pragma once

#include "ui/search/query_reading.h"

#include <QScrollArea>

namespace llmemory::ui {

class FlowLayout;
class PartChip;

/// The conditions of the query that is being typed, each removable. Wraps; scrolls from the fourth
/// row on; hidden while the query has words only. One stop of the Tab key: arrow keys go from chip
/// to chip.
class QueryChips final : public QScrollArea
{
    Q_OBJECT

public:
    explicit QueryChips(QWidget *parent = nullptr);

    /// What stands in the field now.
    void setReading(const QueryReading &reading);

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    /// A part was taken out: what the query is without it.
    void queryEdited(const QString &query);
    /// A part is to be edited; its place in the query, UTF-16.
    void partChosen(qsizetype start, qsizetype length);
    /// Up, Esc, or nothing is left to remove: back to the field.
    void fieldWanted();
    /// Down: go on in the results.
    void listWanted();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    PartChip *addChip();
    void focusChip(qsizetype index);
    /// Makes this chip the one that Tab stops at.
    void setCurrent(qsizetype index);
    void remove(qsizetype index);

    QueryReading m_reading;
    QList<qsizetype> m_parts;  ///< of the query, in the order of the chips that are shown
    QList<PartChip *> m_chips; ///< made once each, so that Tab finds them in order; some hidden
    qsizetype m_current = 0;
    QWidget *m_inside;
    FlowLayout *m_flow;
};

} // namespace llmemory::ui
