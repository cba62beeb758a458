#pragma once

#include "core/memory.h"
#include "ui/common/theme.h"

#include <QMainWindow>
#include <QTimer>

class QAction;
class QActionGroup;
class QLabel;
class QSplitter;
class QStackedWidget;

namespace llmemory::ui {

class DropArea;
class IngestPanel;
class MessageBar;
class OwnerPanel;
class StartupPage;
class Workspace;
struct DropPayload;

/// The program's window. Shows itself at once; start() brings the database up behind it.
///
/// The Memory must outlive the window, and is closed by the caller when the window has gone.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(Memory &memory, QWidget *parent = nullptr);

    /// Initializes the Memory and then shows the tenants; again after a failure.
    void start();

    /// Reads files and folders for the chosen tenant; for the tenant "default", which is created,
    /// when there is none. Ignored before start() has succeeded.
    void addPaths(const QStringList &paths);

signals:
    /// start() has succeeded and the tenants are listed.
    void ready();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void buildBody();
    void buildMenus();
    void buildFileMenu();
    void buildEditMenu();
    void buildViewMenu();
    void buildHelpMenu();
    void connectMemory();
    void connectParts();
    void restoreSettings();
    void saveSettings() const;

    void finishStart(const Result<> &result);
    void setOwner(const OwnerId &owner, const QString &displayName);
    void takeDrop(const DropPayload &payload);
    void paste();
    void chooseFiles();
    void chooseFolder();
    void openFileOf(const QString &idAtOrigin);
    void showFolderOf(const QString &idAtOrigin);
    void showShortcuts();
    void setTheme(Theme theme);
    void shareHeight();
    void updateQueueLabel();
    void showQueue(qint64 pending);
    void databaseChanged(const QString &reason);

    Memory &m_memory;
    QStackedWidget *m_pages;
    StartupPage *m_startup;
    QWidget *m_body;
    MessageBar *m_messages;
    QSplitter *m_across;
    QSplitter *m_down;
    OwnerPanel *m_owners;
    Workspace *m_workspace;
    IngestPanel *m_ingest;
    DropArea *m_drop;
    QLabel *m_queueLabel;
    QAction *m_addFiles;
    QAction *m_addFolder;
    QActionGroup *m_themes = nullptr;
    QTimer m_queueTimer;
    qint64 m_pending = 0; ///< passages of the chosen tenant that wait for their meaning
    QString m_theme;
    int m_ingestHeight; ///< of the unfolded panel, as the user left it
    bool m_ingestFolded = true;
    bool m_started = false;
};

} // namespace llmemory::ui
