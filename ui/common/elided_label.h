#pragma once

#include <QFrame>
#include <QString>

namespace llmemory::ui {

/// One line of text that gives way to its neighbours: shortened with an ellipsis where it does not
/// fit, whole in its tool tip then.
class ElidedLabel final : public QFrame
{
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget *parent = nullptr);

    /// Line breaks become spaces.
    void setText(const QString &text);
    const QString &text() const { return m_text; }
    /// Where letters are left out; the right end by default, the middle suits paths.
    void setElideMode(Qt::TextElideMode mode);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void updateToolTip();

    QString m_text;
    Qt::TextElideMode m_mode = Qt::ElideRight;
};

} // namespace llmemory::ui
