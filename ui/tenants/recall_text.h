#pragma once

#include "core/eval/recall_check.h"

#include <QString>

namespace llmemory::ui {

/// What a check of the search by meaning came to, in words.
struct RecallText
{
    enum class Tone { Good, Neutral, Bad };

    Tone tone = Tone::Neutral;
    QString title;  ///< one line
    QString detail; ///< what was measured
    QString advice; ///< what to do; empty when there is nothing to do
};

/// GUI thread.
RecallText textOf(const RecallCheck &check);

} // namespace llmemory::ui
