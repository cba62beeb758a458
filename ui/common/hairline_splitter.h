#pragma once

#include <QSplitter>

namespace llmemory::ui {

/// A splitter whose handles are hairlines, easy to grab all the same.
class HairlineSplitter final : public QSplitter
{
    Q_OBJECT

public:
    explicit HairlineSplitter(Qt::Orientation orientation, QWidget *parent = nullptr);

protected:
    QSplitterHandle *createHandle() override;
};

} // namespace llmemory::ui
