#include "ui/documents/documents_page.h"

#include "ui/async.h"
#include "ui/common/empty_state.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/muted_label.h"
#include "ui/common/theme.h"
#include "ui/documents/document_delegate.h"
#include "ui/documents/document_model.h"

#include <QAction>
#include <QApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QStackedLayout>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace llmemory::ui {

namespace {

constexpr int kRefreshDelayMs = 400;
constexpr int kFilterDelayMs = 150;
/// Documents per call when many are deleted: each call is one transaction.
constexpr qsizetype kDeletedAtOnce = 1000;

/// Columns beside the name, in the order in which they get room.
struct OptionalColumn
{
    int column;
    int letters; ///< width in average letters
};
constexpr OptionalColumn kOptionalColumns[]{{DocumentModel::StateColumn, 24},
                                            {DocumentModel::PagesColumn, 8},
                                            {DocumentModel::AddedColumn, 20},
                                            {DocumentModel::TypeColumn, 18},
                                            {DocumentModel::PassagesColumn, 12},
                                            {DocumentModel::LanguageColumn, 12}};
/// The name keeps at least this room.
constexpr int kNameLetters = 26;

QPushButton *buttonFor(QAction *action, QWidget *parent)
{
    auto *button = new QPushButton(action->icon(), action->text(), parent);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    return button;
}

} // namespace

DocumentsPage::DocumentsPage(Memory &memory, QWidget *parent)
    : QWidget(parent)
    , m_memory(memory)
    , m_model(new DocumentModel(
          [&memory](const DocumentListQuery &query) { return memory.listDocuments(query); }, this))
    , m_view(new QTreeView(this))
    , m_filter(new QLineEdit(this))
    , m_count(new MutedLabel(this))
    , m_stack(new QStackedLayout)
    , m_invitation(new EmptyState(QStringLiteral("drop"), this))
    , m_nothingMatches(new EmptyState(QStringLiteral("search"), this))
    , m_open(new QAction(icon(QStringLiteral("open")), tr("&Open File"), this))
    , m_showInFolder(new QAction(icon(QStringLiteral("folder")), tr("&Show in Folder"), this))
    , m_delete(new QAction(icon(QStringLiteral("trash")), tr("&Delete…"), this))
    , m_sortColumn(DocumentModel::AddedColumn)
{
    buildActions();
    buildView();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(m_stack);
    m_stack->addWidget(m_invitation);
    m_stack->addWidget(buildList());
    setFocusProxy(m_view);

    m_refreshTimer.setSingleShot(true);
    m_refreshTimer.setInterval(kRefreshDelayMs);
    connect(&m_refreshTimer, &QTimer::timeout, m_model, &DocumentModel::refresh);
    m_filterTimer.setSingleShot(true);
    m_filterTimer.setInterval(kFilterDelayMs);
    connect(&m_filterTimer, &QTimer::timeout, this, [this] {
        m_model->setNameFilter(m_filter->text().trimmed());
    });
    connect(m_model, &DocumentModel::failed, this, &DocumentsPage::failed);
    connect(m_model, &DocumentModel::loaded, this, &DocumentsPage::updateState);
    connect(m_model, &DocumentModel::rowsInserted, this, &DocumentsPage::updateState);
    connect(m_model, &DocumentModel::modelAboutToBeReset, this, &DocumentsPage::keepSelection);
    connect(m_model, &DocumentModel::modelReset, this, [this] {
        restoreSelection();
        m_resetting = false;
        chooseCurrent();
        updateState();
    });
    updateState();
}

void DocumentsPage::setOwner(const OwnerId &owner, const QString &displayName)
{
    m_ownerName = displayName;
    if (owner != m_owner) {
        m_owner = owner;
        m_keptSelection.clear();
        m_keptCurrent = {};
        m_filter->clear();
        m_filterTimer.stop();
        m_model->setNameFilter({});
        m_model->setOwner(owner);
    }
    updateState();
}

void DocumentsPage::refresh()
{
    if (!m_refreshTimer.isActive())
        m_refreshTimer.start();
}

void DocumentsPage::setAddActions(QAction *addFiles, QAction *addFolder)
{
    m_invitation->addButton(buttonFor(addFiles, this));
    m_invitation->addButton(buttonFor(addFolder, this));
}

void DocumentsPage::buildView()
{
    m_view->setObjectName(QStringLiteral("documents"));
    m_view->setAccessibleName(tr("Documents"));
    m_view->setModel(m_model);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->addActions({m_open, m_showInFolder, m_delete});
    connect(m_view, &QTreeView::activated, m_open, &QAction::trigger);
    connect(m_view->selectionModel(),
            &QItemSelectionModel::currentRowChanged,
            this,
            &DocumentsPage::chooseCurrent);
    connect(m_view->selectionModel(),
            &QItemSelectionModel::selectionChanged,
            this,
            &DocumentsPage::updateActions);

    m_view->setItemDelegate(new DocumentDelegate(m_view));
    m_view->setMouseTracking(true);
    m_view->viewport()->installEventFilter(this);
    buildHeader();
}

void DocumentsPage::buildHeader()
{
    QHeaderView *header = m_view->header();
    header->setStretchLastSection(false);
    header->setSectionsMovable(false);
    header->setHighlightSections(false);
    header->setMinimumSectionSize(40);
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setSectionResizeMode(DocumentModel::NameColumn, QHeaderView::Stretch);
    header->setFont(scaled(header->font(), 0.92));
    for (const OptionalColumn &optional : kOptionalColumns)
        header->resizeSection(optional.column, optional.letters * fontMetrics().averageCharWidth());
    header->setSortIndicator(DocumentModel::AddedColumn, Qt::DescendingOrder);
    header->setSortIndicatorShown(true);
    header->setSectionsClickable(true);
    connect(header, &QHeaderView::sectionClicked, this, [this, header](int column) {
        const bool sortable =
            m_model->headerData(column, Qt::Horizontal, DocumentModel::SortableRole).toBool();
        if (!sortable)
            header->setSortIndicator(m_sortColumn, m_sortOrder);
        m_sortColumn = header->sortIndicatorSection();
        m_sortOrder = header->sortIndicatorOrder();
        if (sortable)
            m_model->sort(m_sortColumn, m_sortOrder);
    });
}

void DocumentsPage::fitColumns()
{
    const int letter = fontMetrics().averageCharWidth();
    int room = m_view->viewport()->width() - kNameLetters * letter;
    for (const OptionalColumn &optional : kOptionalColumns) {
        room -= optional.letters * letter;
        // Once one does not fit, the less important ones after it do not come either.
        m_view->setColumnHidden(optional.column, room < 0);
    }
}

bool DocumentsPage::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        fitColumns();
    return QWidget::eventFilter(watched, event);
}

void DocumentsPage::buildActions()
{
    m_open->setShortcut(QKeySequence(QStringLiteral("Ctrl+Return")));
    m_open->setStatusTip(tr("Open the document's file with its program"));
    m_showInFolder->setStatusTip(tr("Open the folder that holds the document's file"));
    m_delete->setShortcut(QKeySequence::Delete);
    m_delete->setStatusTip(tr("Delete the chosen documents here; the files on the disk stay"));
    for (QAction *action : {m_open, m_showInFolder, m_delete})
        action->setShortcutContext(Qt::WidgetShortcut);
    connect(m_open, &QAction::triggered, this, [this] {
        if (const QString origin = currentOrigin(); !origin.isEmpty())
            emit openRequested(origin);
    });
    connect(m_showInFolder, &QAction::triggered, this, [this] {
        if (const QString origin = currentOrigin(); !origin.isEmpty())
            emit showInFolderRequested(origin);
    });
    connect(m_delete, &QAction::triggered, this, &DocumentsPage::confirmDeletion);
    updateActions();
}

QWidget *DocumentsPage::buildList()
{
    m_filter->setObjectName(QStringLiteral("documentFilter"));
    m_filter->setPlaceholderText(tr("Filter by name"));
    m_filter->setAccessibleName(tr("Filter the documents by name"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setAcceptDrops(false);
    m_filter->setMaximumWidth(fontMetrics().averageCharWidth() * 34);
    connect(m_filter, &QLineEdit::textChanged, &m_filterTimer, qOverload<>(&QTimer::start));

    auto *page = new QWidget(this);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(14, 6, 14, 8);
    head->addWidget(m_count);
    head->addStretch();
    head->addWidget(m_filter, 1);
    auto *body = new QStackedLayout;
    body->addWidget(m_view);
    body->addWidget(m_nothingMatches);
    m_nothingMatches->setTitle(tr("No document of this name"));
    m_nothingMatches->setText(tr("To look inside the documents, use the search field above."));
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addLayout(body, 1);
    connect(m_model, &DocumentModel::loaded, body, [this, body] {
        const bool nothing = m_model->rowCount() == 0 && m_model->isFiltered();
        body->setCurrentWidget(nothing ? static_cast<QWidget *>(m_nothingMatches) : m_view);
    });
    return page;
}

void DocumentsPage::updateState()
{
    m_invitation->setTitle(m_owner.isEmpty()
                               ? tr("Drop files or folders here")
                               : tr("Drop files or folders to add them to “%1”").arg(m_ownerName));
    m_invitation->setText(
        tr("They are read on this computer and can then be searched by their words "
           "and by their meaning: PDF, Word, web pages, Markdown and text."));
    m_count->setText(tr("%n document(s)", nullptr, m_model->rowCount()));
    const bool none = m_model->rowCount() == 0 && !m_model->isFiltered();
    const bool known = m_owner.isEmpty() || m_model->isLoaded();
    if (known)
        m_stack->setCurrentIndex(none ? 0 : 1);
    updateActions();
}

void DocumentsPage::updateActions()
{
    const qsizetype count = selectedRows().size();
    m_open->setEnabled(count == 1);
    m_showInFolder->setEnabled(count == 1);
    m_delete->setEnabled(count > 0);
}

void DocumentsPage::chooseCurrent()
{
    if (m_resetting)
        return;
    const Document *document = m_model->document(m_view->currentIndex().row());
    const DocumentId id = document ? document->id : DocumentId();
    if (id != m_announced) {
        m_announced = id;
        emit documentChosen(id);
    }
}

QList<int> DocumentsPage::selectedRows() const
{
    QList<int> rows;
    if (!m_view->selectionModel())
        return rows;
    for (const QItemSelectionRange &range : m_view->selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.append(row);
    }
    return rows;
}

QString DocumentsPage::currentOrigin() const
{
    const Document *document = m_model->document(m_view->currentIndex().row());
    return document ? document->idAtOrigin : QString();
}

void DocumentsPage::confirmDeletion()
{
    const QList<int> rows = selectedRows();
    if (rows.isEmpty())
        return;
    const Document *only = rows.size() == 1 ? m_model->document(rows.first()) : nullptr;
    const QString name = only ? only->name : QString();
    // Which documents these are is settled before the question: rows move while files come in.
    m_model->collectIds(rows, [this, name](const DocumentModel::Ids &ids) {
        if (!ids)
            emit failed(ids.error());
        else if (!ids->isEmpty())
            openConfirmation(*ids, name);
    });
}

void DocumentsPage::openConfirmation(const QList<DocumentId> &ids, const QString &name)
{
    auto *box =
        new QMessageBox(QMessageBox::Question,
                        tr("Delete Documents"),
                        name.isEmpty() ? tr("Delete %n document(s)?", nullptr, int(ids.size()))
                                       : tr("Delete “%1”?").arg(name),
                        QMessageBox::Cancel,
                        this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(tr("They can then no longer be found here. "
                               "The files on the disk stay as they are."));
    auto *remove = box->addButton(tr("Delete"), QMessageBox::DestructiveRole);
    remove->setObjectName(QStringLiteral("delete"));
    box->setDefaultButton(QMessageBox::Cancel);
    const OwnerId owner = m_owner;
    connect(remove, &QAbstractButton::clicked, this, [this, owner, ids] {
        if (owner == m_owner)
            deleteDocuments(ids);
    });
    box->open();
}

void DocumentsPage::deleteDocuments(const QList<DocumentId> &ids)
{
    if (ids.isEmpty())
        return;
    const OwnerId owner = m_owner;
    const QList<DocumentId> now = ids.first(qMin(kDeletedAtOnce, ids.size()));
    const QList<DocumentId> later = ids.sliced(now.size());
    onFinished(m_memory.deleteDocuments(owner, {.ids = now, .metadataFilter = {}}),
               this,
               [this, owner, later](const Result<QList<DocumentId>> &deleted) {
                   refresh();
                   if (!deleted)
                       emit failed(deleted.error());
                   else if (owner == m_owner)
                       deleteDocuments(later);
               });
}

void DocumentsPage::keepSelection()
{
    m_resetting = true;
    for (const int row : selectedRows()) {
        if (const Document *document = m_model->document(row))
            m_keptSelection.insert(document->id);
    }
    const Document *current = m_model->document(m_view->currentIndex().row());
    if (current)
        m_keptCurrent = current->id;
}

void DocumentsPage::restoreSelection()
{
    if (m_model->rowCount() == 0)
        return;
    QItemSelection selection;
    for (int row = 0; row < qMin(m_model->rowCount(), DocumentModel::kPageSize); ++row) {
        const Document *document = m_model->document(row);
        if (!document)
            continue;
        const QModelIndex index = m_model->index(row, 0);
        if (m_keptSelection.contains(document->id))
            selection.select(index, index);
        if (document->id == m_keptCurrent)
            m_view->selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
    }
    m_view->selectionModel()->select(selection,
                                     QItemSelectionModel::Select | QItemSelectionModel::Rows);
    m_keptSelection.clear();
    m_keptCurrent = {};
}

} // namespace llmemory::ui
