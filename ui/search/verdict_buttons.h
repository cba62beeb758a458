#pragma once

#include "core/search/history/search_record.h"

#include <QWidget>

class QToolButton;

namespace llmemory::ui {

/// Two thumbs: a result is good, or it is not. Pressing the pressed one takes it back.
class VerdictButtons final : public QWidget
{
    Q_OBJECT

public:
    explicit VerdictButtons(QWidget *parent = nullptr);

    /// Shows it; says nothing.
    void setVerdict(Verdict verdict);

signals:
    /// The user pressed a thumb.
    void verdictGiven(llmemory::Verdict verdict);

private:
    QToolButton *addButton(const QString &iconName, const QString &name, const QString &tip);

    QToolButton *m_good;
    QToolButton *m_bad;
};

} // namespace llmemory::ui
