#pragma once

#include <QDialog>
#include <QList>
#include <QPair>

namespace llmemory::ui {

/// The keys of the window.
class ShortcutsDialog final : public QDialog
{
    Q_OBJECT

public:
    /// What it does, and its key; in this order.
    using Entry = QPair<QString, QString>;

    explicit ShortcutsDialog(const QList<Entry> &entries, QWidget *parent = nullptr);
};

} // namespace llmemory::ui
