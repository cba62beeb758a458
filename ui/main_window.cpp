#include "ui/main_window.h"

#include "ui/about_dialog.h"
#include "ui/async.h"
#include "ui/common/file_actions.h"
#include "ui/common/hairline_splitter.h"
#include "ui/common/icons.h"
#include "ui/common/message_bar.h"
#include "ui/common/muted_label.h"
#include "ui/ingest/drop_area.h"
#include "ui/ingest/ingest_panel.h"
#include "ui/shortcuts_dialog.h"
#include "ui/startup_page.h"
#include "ui/tenants/owner_panel.h"
#include "ui/workspace.h"

#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QFileDialog>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

#include <utility>

namespace llmemory::ui {

namespace {

constexpr QSize kFirstSize(1160, 740);
constexpr int kSidebarWidth = 210;
constexpr int kActivityHeight = 190;
constexpr int kQueueDelayMs = 1500;
/// Takes what is dropped before anybody has made a tenant.
const QString kFirstOwner = QStringLiteral("default");

const QString kGeometryKey = QStringLiteral("window/geometry");
const QString kAcrossKey = QStringLiteral("window/sidebar");
const QString kActivityKey = QStringLiteral("window/activityHeight");
const QString kPreviewKey = QStringLiteral("window/preview");
const QString kOwnerKey = QStringLiteral("window/tenant");
const QString kThemeKey = QStringLiteral("window/theme");
const QString kModeKey = QStringLiteral("search/mode");

} // namespace

MainWindow::MainWindow(Memory &memory, QWidget *parent)
    : QMainWindow(parent)
    , m_memory(memory)
    , m_pages(new QStackedWidget(this))
    , m_startup(new StartupPage(this))
    , m_body(new QWidget(this))
    , m_messages(new MessageBar(this))
    , m_across(new HairlineSplitter(Qt::Horizontal, this))
    , m_down(new HairlineSplitter(Qt::Vertical, this))
    , m_owners(new OwnerPanel(memory, this))
    , m_workspace(new Workspace(memory, this))
    , m_ingest(new IngestPanel(memory, this))
    , m_drop(nullptr)
    , m_queueLabel(new MutedLabel(this))
    , m_addFiles(new QAction(icon(QStringLiteral("add")), tr("Add &Files…"), this))
    , m_addFolder(new QAction(icon(QStringLiteral("folder")), tr("Add F&older…"), this))
    , m_ingestHeight(kActivityHeight)
{
    setWindowTitle(QApplication::applicationDisplayName());
    setWindowIcon(applicationIcon());
    buildBody();
    buildMenus();
    // Children that take drops for themselves, such as fields, would leave holes in the target.
    for (QWidget *child : findChildren<QWidget *>())
        child->setAcceptDrops(false);
    m_drop = new DropArea(this);
    connectMemory();
    connectParts();
    setOwner({}, {});
    restoreSettings();
}

void MainWindow::start()
{
    m_startup->showStep(tr("Starting the database…"));
    m_pages->setCurrentWidget(m_startup);
    onFinished(
        m_memory.initialize(), this, [this](const Result<> &result) { finishStart(result); });
}

void MainWindow::addPaths(const QStringList &paths)
{
    if (!m_started || paths.isEmpty())
        return;
    OwnerId owner = m_owners->current();
    if (owner.isEmpty()) {
        const Result<OwnerId> first = OwnerId::parse(kFirstOwner);
        Q_ASSERT(first);
        owner = *first;
        m_owners->choose(owner);
    }
    m_ingest->add(owner, paths);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    saveSettings();
    event->accept();
}

void MainWindow::buildBody()
{
    m_across->addWidget(m_owners);
    m_across->addWidget(m_workspace);
    m_across->setStretchFactor(1, 1);
    m_across->setCollapsible(1, false);
    m_across->setSizes({kSidebarWidth, kFirstSize.width() - kSidebarWidth});
    m_across->setHandleWidth(1);
    m_owners->setMinimumWidth(140);
    m_down->addWidget(m_across);
    m_down->addWidget(m_ingest);
    m_down->setStretchFactor(0, 1);
    m_down->setChildrenCollapsible(false);
    auto *layout = new QVBoxLayout(m_body);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_messages);
    layout->addWidget(m_down, 1);
    m_pages->addWidget(m_startup);
    m_pages->addWidget(m_body);
    setCentralWidget(m_pages);
    statusBar()->addPermanentWidget(m_queueLabel);
    statusBar()->setSizeGripEnabled(false);
    setTabOrder(m_owners, m_workspace);
    setTabOrder(m_workspace, m_ingest);

    m_queueTimer.setSingleShot(true);
    m_queueTimer.setInterval(kQueueDelayMs);
    connect(&m_queueTimer, &QTimer::timeout, this, &MainWindow::updateQueueLabel);
}

void MainWindow::buildMenus()
{
    buildFileMenu();
    buildEditMenu();
    buildViewMenu();
    buildHelpMenu();
    m_workspace->setAddActions(m_addFiles, m_addFolder);
    for (QAction *action : {m_addFiles, m_addFolder})
        action->setEnabled(false);
}

void MainWindow::buildFileMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&File"));
    m_addFiles->setShortcut(QKeySequence::Open);
    m_addFiles->setStatusTip(tr("Read files for the chosen tenant"));
    connect(m_addFiles, &QAction::triggered, this, &MainWindow::chooseFiles);
    m_addFolder->setShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+O")));
    m_addFolder->setStatusTip(tr("Read all files of a folder and the folders in it"));
    connect(m_addFolder, &QAction::triggered, this, &MainWindow::chooseFolder);
    menu->addActions({m_addFiles, m_addFolder});
    menu->addSeparator();
    menu->addActions({m_ingest->cancelAction(), m_ingest->retryAction(), m_ingest->clearAction()});
    menu->addSeparator();
    QAction *quit =
        menu->addAction(icon(QStringLiteral("quit")), tr("&Quit"), this, &QWidget::close);
    quit->setShortcut(QKeySequence::Quit);
    quit->setMenuRole(QAction::QuitRole);
    quit->setStatusTip(tr("Close the window; what is being read goes on at the next start"));

    QMenu *tenants = menuBar()->addMenu(tr("&Tenant"));
    tenants->addActions(
        {m_owners->addAction(), m_owners->renameAction(), m_owners->deleteAction()});
    tenants->addSeparator();
    tenants->addAction(m_owners->checkAction());
}

void MainWindow::buildEditMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&Edit"));
    QAction *pasteFiles = menu->addAction(
        icon(QStringLiteral("paste")), tr("&Paste Files"), this, &MainWindow::paste);
    pasteFiles->setShortcut(QKeySequence::Paste);
    pasteFiles->setStatusTip(tr("Read the files that were copied in the file manager"));
    menu->addSeparator();
    QAction *find = menu->addAction(
        icon(QStringLiteral("search")), tr("&Find"), m_workspace, &Workspace::focusSearch);
    find->setShortcuts({QKeySequence(QKeySequence::Find), QKeySequence(Qt::Key_Slash)});
    find->setStatusTip(tr("Go to the search field"));
    QAction *clearSearch =
        menu->addAction(tr("&Clear Search"), m_workspace, &Workspace::clearSearch);
    clearSearch->setStatusTip(tr("Go back to the list of documents"));
}

void MainWindow::buildViewMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&View"));
    QMenu *themes = menu->addMenu(tr("&Theme"));
    m_themes = new QActionGroup(this);
    const std::pair<Theme, QString> choices[]{
        {Theme::System, tr("&System")}, {Theme::Light, tr("&Light")}, {Theme::Dark, tr("&Dark")}};
    for (const auto &[theme, text] : choices) {
        QAction *action = themes->addAction(text);
        action->setCheckable(true);
        action->setData(toString(theme));
        action->setStatusTip(tr("Choose the colours of the window"));
        m_themes->addAction(action);
    }
    connect(m_themes, &QActionGroup::triggered, this, [this](const QAction *action) {
        setTheme(themeFromString(action->data().toString()));
    });
    QAction *activity = menu->addAction(tr("Show or Hide &Activity"), m_ingest, [this] {
        m_ingest->setCollapsed(!m_ingest->isCollapsed());
    });
    activity->setShortcut(QKeySequence(QStringLiteral("Ctrl+J")));
    activity->setStatusTip(tr("Show or hide the files that are being read"));
    QAction *whole = menu->addAction(
        tr("&Full Screen"), this, [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
    whole->setShortcut(QKeySequence::FullScreen);
    whole->setStatusTip(tr("Let the window fill the screen"));
}

void MainWindow::buildHelpMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&Help"));
    QAction *keys = menu->addAction(tr("&Keyboard Shortcuts"), this, &MainWindow::showShortcuts);
    keys->setShortcut(QKeySequence::HelpContents);
    keys->setStatusTip(tr("Show the keys of this window"));
    menu->addSeparator();
    QAction *about = menu->addAction(tr("&About llmemory"), this, [this] {
        auto *dialog = new AboutDialog(this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    about->setMenuRole(QAction::AboutRole);
    QAction *aboutQt = menu->addAction(tr("About &Qt"), qApp, &QApplication::aboutQt);
    aboutQt->setMenuRole(QAction::AboutQtRole);
}

void MainWindow::connectMemory()
{
    connect(&m_memory, &Memory::startupStep, m_startup, &StartupPage::showStep);
    connect(&m_memory, &Memory::databaseUnavailable, this, &MainWindow::databaseChanged);
    connect(&m_memory, &Memory::ownerChanged, this, [this](const OwnerId &owner) {
        if (!m_started)
            return;
        m_owners->refresh();
        if (owner.isEmpty() || owner == m_owners->current()) {
            m_workspace->refresh();
            m_queueTimer.start();
        }
    });
}

void MainWindow::connectParts()
{
    connect(m_startup, &StartupPage::retryRequested, this, &MainWindow::start);
    connect(m_drop, &DropArea::dropped, this, &MainWindow::takeDrop);
    connect(m_owners, &OwnerPanel::currentChanged, this, &MainWindow::setOwner);
    connect(m_owners, &OwnerPanel::deleted, m_ingest, &IngestPanel::forget);
    connect(m_ingest, &IngestPanel::activeChanged, this, [this](bool active) {
        if (!active) {
            m_workspace->refresh();
            m_owners->refresh();
            m_queueTimer.start();
        }
    });
    connect(m_ingest, &IngestPanel::shareChanged, this, &MainWindow::shareHeight);
    connect(m_owners, &OwnerPanel::failed, m_messages, &MessageBar::showError);
    connect(m_workspace, &Workspace::failed, m_messages, &MessageBar::showError);
    connect(m_ingest, &IngestPanel::failed, m_messages, &MessageBar::showError);
    connect(m_workspace, &Workspace::openRequested, this, &MainWindow::openFileOf);
    connect(m_workspace, &Workspace::showInFolderRequested, this, &MainWindow::showFolderOf);
    connect(m_ingest, &IngestPanel::openRequested, this, &MainWindow::openFileOf);
    connect(m_ingest, &IngestPanel::showInFolderRequested, this, &MainWindow::showFolderOf);
}

void MainWindow::restoreSettings()
{
    const QSettings settings;
    if (!restoreGeometry(settings.value(kGeometryKey).toByteArray()))
        resize(kFirstSize);
    m_across->restoreState(settings.value(kAcrossKey).toByteArray());
    m_ingestHeight = settings.value(kActivityKey, kActivityHeight).toInt();
    m_workspace->restoreState(settings.value(kPreviewKey).toByteArray());
    if (const auto mode = searchModeFromString(settings.value(kModeKey).toString()))
        m_workspace->setSearchMode(*mode);
    if (const auto owner = OwnerId::parse(settings.value(kOwnerKey).toString()))
        m_owners->choose(*owner);
    setTheme(themeFromString(settings.value(kThemeKey).toString()));
}

void MainWindow::saveSettings() const
{
    QSettings settings;
    settings.setValue(kGeometryKey, saveGeometry());
    settings.setValue(kAcrossKey, m_across->saveState());
    settings.setValue(kActivityKey, m_ingestFolded ? m_ingestHeight : m_down->sizes().constLast());
    settings.setValue(kPreviewKey, m_workspace->saveState());
    settings.setValue(kModeKey, toString(m_workspace->searchMode()));
    settings.setValue(kThemeKey, m_theme);
    if (m_started)
        settings.setValue(kOwnerKey, m_owners->current().toString());
}

void MainWindow::finishStart(const Result<> &result)
{
    if (!result) {
        m_startup->showFailure(result.error());
        return;
    }
    m_started = true;
    m_pages->setCurrentWidget(m_body);
    for (QAction *action : {m_addFiles, m_addFolder})
        action->setEnabled(true);
    m_drop->setActive(true);
    const auto announce = [this] {
        m_workspace->focusSearch();
        emit ready();
    };
    connect(m_owners, &OwnerPanel::listed, this, announce, Qt::SingleShotConnection);
    m_owners->refresh();
}

void MainWindow::setOwner(const OwnerId &owner, const QString &displayName)
{
    setWindowTitle(owner.isEmpty() ? QApplication::applicationDisplayName()
                                   : tr("%1 – %2", "tenant – program")
                                         .arg(displayName, QApplication::applicationDisplayName()));
    m_workspace->setOwner(owner, displayName);
    m_drop->setInvitation(owner.isEmpty()
                              ? tr("Drop files or folders to add them")
                              : tr("Drop files or folders to add them to “%1”").arg(displayName));
    if (m_started && !owner.isEmpty())
        m_ingest->loadHistory(owner);
    updateQueueLabel();
}

void MainWindow::takeDrop(const DropPayload &payload)
{
    if (!payload.rejected.isEmpty())
        m_messages->showMessage(MessageBar::Kind::Warning, rejectionText(payload.rejected));
    addPaths(payload.paths);
}

void MainWindow::paste()
{
    const QMimeData *data = QApplication::clipboard()->mimeData();
    const DropPayload payload = data ? dropPayload(*data) : DropPayload();
    if (payload.isEmpty())
        statusBar()->showMessage(tr("There are no files on the clipboard."), 4000);
    else
        takeDrop(payload);
}

void MainWindow::chooseFiles()
{
    auto *dialog = new QFileDialog(this, tr("Add Files"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &MainWindow::addPaths);
    dialog->open();
}

void MainWindow::chooseFolder()
{
    auto *dialog = new QFileDialog(this, tr("Add Folder"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::filesSelected, this, &MainWindow::addPaths);
    dialog->open();
}

void MainWindow::openFileOf(const QString &idAtOrigin)
{
    openFile(idAtOrigin, this, [this](const Result<> &opened) {
        if (!opened)
            m_messages->showError(opened.error());
    });
}

void MainWindow::showFolderOf(const QString &idAtOrigin)
{
    showInFolder(idAtOrigin, this, [this](const Result<> &opened) {
        if (!opened)
            m_messages->showError(opened.error());
    });
}

void MainWindow::showShortcuts()
{
    QList<ShortcutsDialog::Entry> entries;
    for (const QAction *menu : menuBar()->actions()) {
        for (const QAction *action : menu->menu()->actions()) {
            if (!action->shortcut().isEmpty())
                entries.append(
                    {action->statusTip(), action->shortcut().toString(QKeySequence::NativeText)});
        }
    }
    const auto key = [](int code) { return QKeySequence(code).toString(QKeySequence::NativeText); };
    entries.append({tr("From the search field into the results"), key(Qt::Key_Down)});
    entries.append({tr("Open the file of a result"), key(Qt::Key_Return)});
    entries.append({tr("Copy a found passage"), key(int(Qt::CTRL) | Qt::Key_C)});
    entries.append({tr("Back to the search field, clear the search"), key(Qt::Key_Escape)});
    entries.append({tr("Take the chosen part out of the search"), key(Qt::Key_Delete)});
    entries.append({tr("Delete the chosen documents"), key(Qt::Key_Delete)});
    auto *dialog = new ShortcutsDialog(entries, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::setTheme(Theme theme)
{
    m_theme = toString(theme);
    for (QAction *action : m_themes->actions())
        action->setChecked(action->data().toString() == m_theme);
    applyTheme(theme);
}

void MainWindow::shareHeight()
{
    if (!m_ingest->isVisibleTo(m_down))
        return;
    const QList<int> sizes = m_down->sizes();
    if (!m_ingestFolded && m_ingest->isCollapsed())
        m_ingestHeight = sizes.constLast();
    m_ingestFolded = m_ingest->isCollapsed();
    const int height = m_ingestFolded ? m_ingest->collapsedHeight() : m_ingestHeight;
    m_down->setSizes({sizes.constFirst() + sizes.constLast() - height, height});
    m_down->handle(1)->setEnabled(!m_ingestFolded);
}

void MainWindow::updateQueueLabel()
{
    const OwnerId owner = m_owners->current();
    if (!m_started || owner.isEmpty()) {
        m_queueLabel->clear();
        return;
    }
    const auto show = [this, owner](const Result<EmbeddingStatus> &status) {
        if (status && owner == m_owners->current())
            showQueue(status->pending);
    };
    onFinished(m_memory.embeddingStatus(owner), this, show);
}

void MainWindow::showQueue(qint64 pending)
{
    if (pending != std::exchange(m_pending, pending))
        m_workspace->refresh(); // the list says how far each document is
    m_queueLabel->setText(pending > 0
                              ? tr("%n passage(s) soon found by meaning too", nullptr, int(pending))
                              : QString());
    if (pending > 0)
        m_queueTimer.start();
}

void MainWindow::databaseChanged(const QString &reason)
{
    if (!reason.isEmpty()) {
        // A whole sentence: the server is away, or its disk is full.
        m_messages->showLasting(MessageBar::Kind::Warning, reason, tr("Trying again…"));
        return;
    }
    m_messages->clear();
    if (m_started) {
        m_owners->refresh();
        m_workspace->refresh();
    }
}

} // namespace llmemory::ui
