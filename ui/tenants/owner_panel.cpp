#include "ui/tenants/owner_panel.h"

#include "ui/async.h"
#include "ui/common/icons.h"
#include "ui/common/muted_label.h"
#include "ui/common/theme.h"
#include "ui/tenants/add_owner_dialog.h"
#include "ui/tenants/delete_owner_dialog.h"
#include "ui/tenants/owner_delegate.h"
#include "ui/tenants/owner_model.h"
#include "ui/tenants/recall_dialog.h"
#include "ui/tenants/rename_owner_dialog.h"

#include <QAction>
#include <QHBoxLayout>
#include <QListView>
#include <QToolButton>
#include <QVBoxLayout>

namespace llmemory::ui {

namespace {

constexpr int kRefreshDelayMs = 250;

QToolButton *buttonFor(QAction *action, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setToolButtonStyle(Qt::ToolButtonIconOnly);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->statusTip());
    return button;
}

} // namespace

OwnerPanel::OwnerPanel(Memory &memory, QWidget *parent)
    : QWidget(parent)
    , m_memory(memory)
    , m_model(new OwnerModel(this))
    , m_view(new QListView(this))
    , m_add(new QAction(icon(QStringLiteral("add")), tr("&Add…"), this))
    , m_rename(new QAction(icon(QStringLiteral("edit")), tr("&Rename…"), this))
    , m_check(new QAction(tr("Check Search &Quality…"), this))
    , m_delete(new QAction(icon(QStringLiteral("trash")), tr("&Delete…"), this))
{
    m_add->setShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+N")));
    m_add->setStatusTip(tr("Add a tenant"));
    m_rename->setShortcut(QKeySequence(QStringLiteral("Ctrl+F2")));
    m_rename->setStatusTip(tr("Rename the chosen tenant"));
    m_check->setStatusTip(
        tr("Measure how well the chosen tenant's documents are found by meaning"));
    m_delete->setStatusTip(tr("Delete the chosen tenant with all its documents"));
    for (QAction *action : {m_add, m_rename, m_delete})
        action->setToolTip(action->statusTip());
    connect(m_add, &QAction::triggered, this, &OwnerPanel::openAddDialog);
    connect(m_rename, &QAction::triggered, this, &OwnerPanel::openRenameDialog);
    connect(m_check, &QAction::triggered, this, &OwnerPanel::openCheckDialog);
    connect(m_delete, &QAction::triggered, this, &OwnerPanel::openDeleteDialog);

    m_view->setObjectName(QStringLiteral("owners"));
    m_view->setAccessibleName(tr("Tenants"));
    m_view->setModel(m_model);
    m_view->setItemDelegate(new OwnerDelegate(m_view));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setMouseTracking(true);
    m_view->setUniformItemSizes(true);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->viewport()->setAutoFillBackground(false);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->addActions({m_add, m_rename, m_check, m_delete});
    connect(m_view->selectionModel(),
            &QItemSelectionModel::currentChanged,
            this,
            &OwnerPanel::announce);

    auto *title = new MutedLabel(tr("Tenants"), this);
    title->setFont(scaled(title->font(), 0.9));
    auto *head = new QHBoxLayout;
    head->setContentsMargins(16, 12, 6, 4);
    head->setSpacing(0);
    head->addWidget(title, 1);
    for (QAction *action : {m_add, m_rename, m_delete})
        head->addWidget(buttonFor(action, this));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 6);
    layout->setSpacing(2);
    layout->addLayout(head);
    layout->addWidget(m_view, 1);
    setFocusProxy(m_view);

    m_refreshTimer.setSingleShot(true);
    m_refreshTimer.setInterval(kRefreshDelayMs);
    connect(&m_refreshTimer, &QTimer::timeout, this, &OwnerPanel::load);
    announce();
}

void OwnerPanel::refresh()
{
    if (!m_refreshTimer.isActive())
        m_refreshTimer.start();
}

void OwnerPanel::choose(const OwnerId &id)
{
    const int row = m_model->rowOf(id);
    m_wanted = row < 0 ? id : OwnerId();
    if (row >= 0)
        m_view->setCurrentIndex(m_model->index(row));
}

OwnerId OwnerPanel::current() const
{
    const QModelIndex index = m_view->currentIndex();
    return index.isValid() ? m_model->owner(index.row()).id : OwnerId();
}

QString OwnerPanel::currentName() const
{
    const QModelIndex index = m_view->currentIndex();
    return index.isValid() ? m_model->owner(index.row()).displayName : QString();
}

void OwnerPanel::load()
{
    const quint64 generation = ++m_generation;
    onFinished(m_memory.listOwners(), this, [this, generation](const Result<QList<Owner>> &owners) {
        if (generation != m_generation)
            return;
        if (owners)
            apply(*owners);
        else
            emit failed(owners.error());
    });
}

void OwnerPanel::apply(const QList<Owner> &owners)
{
    m_model->setOwners(owners);
    if (!m_wanted.isEmpty())
        choose(m_wanted);
    if (!m_view->currentIndex().isValid() && !owners.isEmpty())
        m_view->setCurrentIndex(m_model->index(0));
    announce();
    emit listed(int(owners.size()));
}

void OwnerPanel::announce()
{
    const bool any = !current().isEmpty();
    m_rename->setEnabled(any);
    m_check->setEnabled(any);
    m_delete->setEnabled(any);
    if (current() == m_announced && currentName() == m_announcedName)
        return;
    m_announced = current();
    m_announcedName = currentName();
    emit currentChanged(m_announced, m_announcedName);
}

void OwnerPanel::openAddDialog()
{
    QSet<OwnerId> taken;
    for (const Owner &owner : m_model->owners())
        taken.insert(owner.id);
    auto *dialog = new AddOwnerDialog(taken, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog,
            &AddOwnerDialog::submitted,
            this,
            [this, dialog](const OwnerId &id, const QString &name) {
                onFinished(m_memory.addOwner(id, name),
                           dialog,
                           [this, dialog](const Result<Owner> &added) {
                               if (!added) {
                                   dialog->showProblem(added.error().message);
                                   return;
                               }
                               choose(added->id);
                               load();
                               dialog->accept();
                           });
            });
    dialog->open();
}

void OwnerPanel::openRenameDialog()
{
    const OwnerId id = current();
    if (id.isEmpty())
        return;
    auto *dialog = new RenameOwnerDialog(currentName(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RenameOwnerDialog::submitted, this, [this, dialog, id](const QString &name) {
        onFinished(
            m_memory.renameOwner(id, name), dialog, [this, dialog](const Result<Owner> &renamed) {
                if (!renamed) {
                    dialog->showProblem(renamed.error().message);
                    return;
                }
                load();
                dialog->accept();
            });
    });
    dialog->open();
}

void OwnerPanel::openCheckDialog()
{
    const OwnerId id = current();
    if (id.isEmpty())
        return;
    auto *dialog = new RecallDialog(
        currentName(), [this, id] { return m_memory.measureRecall(id); }, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void OwnerPanel::openDeleteDialog()
{
    const int row = m_model->rowOf(current());
    if (row < 0)
        return;
    auto *dialog = new DeleteOwnerDialog(m_model->owner(row), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &DeleteOwnerDialog::submitted, this, [this, dialog](const OwnerId &id) {
        onFinished(
            m_memory.deleteOwner(id), dialog, [this, dialog, id](const Result<qint64> &count) {
                if (!count) {
                    dialog->showProblem(count.error().message);
                    return;
                }
                emit deleted(id);
                load();
                dialog->accept();
            });
    });
    dialog->open();
}

} // namespace llmemory::ui
