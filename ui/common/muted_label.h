#pragma once

#include "ui/common/tone_label.h"

namespace llmemory::ui {

/// A label in the colour of secondary text, whatever the theme. Plain text.
class MutedLabel final : public ToneLabel
{
    Q_OBJECT

public:
    explicit MutedLabel(QWidget *parent = nullptr) : MutedLabel(QString(), parent) {}
    explicit MutedLabel(const QString &text, QWidget *parent = nullptr)
        : ToneLabel(&Tones::muted, text, parent)
    {
    }
};

} // namespace llmemory::ui
