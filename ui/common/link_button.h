#pragma once

#include <QAbstractButton>

namespace llmemory::ui {

/// A line that leads somewhere: in the colour of links, underlined while it is under the mouse or
/// has the focus, shortened where it does not fit. Enter and Space press it.
class LinkButton final : public QAbstractButton
{
    Q_OBJECT

public:
    explicit LinkButton(QWidget *parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    int room() const;
};

} // namespace llmemory::ui
