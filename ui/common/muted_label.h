#pragma once

#include <QLabel>

namespace llmemory::ui {

/// A label in the colour of secondary text, whatever the theme. Plain text.
class MutedLabel final : public QLabel
{
    Q_OBJECT

public:
    explicit MutedLabel(QWidget *parent = nullptr);
    explicit MutedLabel(const QString &text, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;

private:
    void mute();
};

} // namespace llmemory::ui
