#pragma once

#include "ui/common/tone_label.h"

namespace llmemory::ui {

/// A line under a field that says what is wrong with it. Keeps its height while it is empty, so
/// that nothing jumps when it speaks.
class ProblemLabel final : public ToneLabel
{
    Q_OBJECT

public:
    explicit ProblemLabel(QWidget *parent = nullptr);
};

} // namespace llmemory::ui
