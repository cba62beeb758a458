#pragma once

#include "ui/search/query_part_text.h"

#include <QAbstractButton>

class QToolButton;

namespace llmemory::ui {

/// One condition of a query as a small plate: what it is, muted; its value; a cross that removes
/// it. A click beside the cross chooses the part.
class PartChip final : public QAbstractButton
{
    Q_OBJECT

public:
    explicit PartChip(QWidget *parent = nullptr);

    /// @param typed     how it stands in the query; shown as tool tip.
    /// @param excluded  drawn in another tone.
    void setPart(const QueryPartText &text, const QString &typed, bool excluded);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    /// The cross was clicked, or Delete or Backspace pressed.
    void removeRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void placeCross();
    QFont labelFont() const;

    QueryPartText m_text;
    bool m_excluded = false;
    QToolButton *m_cross;
};

} // namespace llmemory::ui
