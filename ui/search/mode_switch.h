#pragma once

#include "core/search/search_query.h"

#include <QWidget>

class QButtonGroup;

namespace llmemory::ui {

/// Chooses how to search: by words and meaning, by words, by meaning.
class ModeSwitch final : public QWidget
{
    Q_OBJECT

public:
    explicit ModeSwitch(QWidget *parent = nullptr);

    SearchMode mode() const;
    void setMode(SearchMode mode);

signals:
    void modeChanged(llmemory::SearchMode mode);

private:
    QButtonGroup *m_buttons;
};

} // namespace llmemory::ui
