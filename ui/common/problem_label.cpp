#include "ui/common/problem_label.h"

namespace llmemory::ui {

ProblemLabel::ProblemLabel(QWidget *parent) : ToneLabel(&Tones::bad, QString(), parent)
{
    setWordWrap(true);
    setAlignment(Qt::AlignLeading | Qt::AlignTop);
    setMinimumHeight(2 * fontMetrics().lineSpacing());
}

} // namespace llmemory::ui
