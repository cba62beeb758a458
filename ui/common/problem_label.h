#pragma once

#include <QLabel>

namespace llmemory::ui {

/// A line under a field that says what is wrong with it. Keeps its height while it is empty, so
/// that nothing jumps when it speaks.
class ProblemLabel final : public QLabel
{
    Q_OBJECT

public:
    explicit ProblemLabel(QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;

private:
    void color();
};

} // namespace llmemory::ui
