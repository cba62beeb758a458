#pragma once

#include "ui/common/theme.h"

#include <QLabel>

namespace llmemory::ui {

/// A plain-text label in one of the theme's tones; follows a change of theme.
class ToneLabel : public QLabel
{
    Q_OBJECT

public:
    /// @param tone  which of the tones: `&Tones::muted`.
    ToneLabel(QColor Tones::*tone, const QString &text, QWidget *parent);

protected:
    void changeEvent(QEvent *event) override;

private:
    void color();

    QColor Tones::*m_tone;
};

} // namespace llmemory::ui
