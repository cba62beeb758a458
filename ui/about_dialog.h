#pragma once

#include <QDialog>

namespace llmemory::ui {

/// Name, version, licence.
class AboutDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit AboutDialog(QWidget *parent = nullptr);
};

} // namespace llmemory::ui
