#pragma once

#include "core/memory.h"

#include <QTimer>
#include <QWidget>

class QAction;
class QListView;

namespace llmemory::ui {

class OwnerModel;

/// The tenants at the window's left: choose, add, rename, check, delete.
class OwnerPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit OwnerPanel(Memory &memory, QWidget *parent = nullptr);

    /// Reads the list again; soon, so that a burst of changes costs one query.
    void refresh();
    /// Chooses this tenant now, or as soon as the list knows it.
    void choose(const OwnerId &id);
    /// Empty while there is no tenant.
    OwnerId current() const;
    /// What people call the chosen tenant; empty while there is none.
    QString currentName() const;

    QAction *addAction() const { return m_add; }
    QAction *renameAction() const { return m_rename; }
    QAction *checkAction() const { return m_check; }
    QAction *deleteAction() const { return m_delete; }

signals:
    /// Another tenant, another name of it, or none (empty id).
    void currentChanged(const llmemory::OwnerId &id, const QString &displayName);
    /// The list arrived; @p count tenants.
    void listed(int count);
    /// A tenant has been deleted here.
    void deleted(const llmemory::OwnerId &id);
    void failed(const llmemory::Error &error);

private:
    void load();
    void apply(const QList<Owner> &owners);
    void announce();
    void openAddDialog();
    void openRenameDialog();
    void openCheckDialog();
    void openDeleteDialog();

    Memory &m_memory;
    OwnerModel *m_model;
    QListView *m_view;
    QAction *m_add;
    QAction *m_rename;
    QAction *m_check;
    QAction *m_delete;
    QTimer m_refreshTimer;
    quint64 m_generation = 0; ///< of the newest request; older answers are dropped
    OwnerId m_wanted;         ///< to be chosen when it appears
    OwnerId m_announced;
    QString m_announcedName;
};

} // namespace llmemory::ui
