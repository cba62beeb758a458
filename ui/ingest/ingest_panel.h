#pragma once

#include "core/memory.h"

#include <QWidget>

class QAction;
class QLabel;
class QListView;
class QToolButton;

namespace llmemory::ui {

class ElidedLabel;
class IconLabel;
class IngestModel;
class ThinProgress;

/// What is being read and what became of it, at the window's bottom: overall progress, a row per
/// file, cancel, retry. Hidden while there is nothing to tell; unfolds when files are added here.
class IngestPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit IngestPanel(Memory &memory, QWidget *parent = nullptr);

    /// Reads files and folders for a tenant, which is created when it does not exist yet.
    void add(const OwnerId &owner, const QStringList &paths);
    /// Shows what is left of this tenant from before.
    void loadHistory(const OwnerId &owner);
    /// The tenant was deleted.
    void forget(const OwnerId &owner);

    /// Height of the head alone.
    int collapsedHeight() const;
    bool isCollapsed() const { return m_collapsed; }
    void setCollapsed(bool collapsed);

    QAction *cancelAction() const { return m_cancel; }
    QAction *retryAction() const { return m_retry; }
    QAction *clearAction() const { return m_clear; }

signals:
    void failed(const llmemory::Error &error);
    void openRequested(const QString &path);
    void showInFolderRequested(const QString &path);
    /// Folded, unfolded, shown or hidden: it wants another share of the height.
    void shareChanged();
    /// Something is being read, or nothing any more.
    void activeChanged(bool active);

private:
    void buildHead();
    void buildView();
    void startIngest(const OwnerId &owner, const QStringList &paths);
    void cancelAll();
    void retryAll();
    void retry(const OwnerId &owner, const QList<IngestFileId> &files);
    void clear();
    void updateHead();
    QString summary() const;
    void openContextMenu(const QPoint &position);

    Memory &m_memory;
    IngestModel *m_model;
    QListView *m_view;
    IconLabel *m_icon;
    QWidget *m_busy;
    ElidedLabel *m_summary;
    ThinProgress *m_bar;
    QWidget *m_head;
    QToolButton *m_collapse;
    QAction *m_cancel;
    QAction *m_retry;
    QAction *m_clear;
    bool m_active = false;
    bool m_collapsed = false;
};

} // namespace llmemory::ui
