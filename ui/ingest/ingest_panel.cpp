#include "ui/ingest/ingest_panel.h"

#include "ui/async.h"
#include "ui/common/busy_indicator.h"
#include "ui/common/elided_label.h"
#include "ui/common/format.h"
#include "ui/common/icon_label.h"
#include "ui/common/theme.h"
#include "ui/common/thin_progress.h"
#include "ui/ingest/ingest_delegate.h"
#include "ui/ingest/ingest_model.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QListView>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

namespace llmemory::ui {

namespace {

QToolButton *buttonFor(QAction *action, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::TabFocus);
    // A button that does nothing now is only in the way.
    QObject::connect(action, &QAction::enabledChanged, button, &QWidget::setVisible);
    button->setVisible(action->isEnabled());
    return button;
}

} // namespace

IngestPanel::IngestPanel(Memory &memory, QWidget *parent)
    : QWidget(parent)
    , m_memory(memory)
    , m_model(new IngestModel(this))
    , m_view(new QListView(this))
    , m_icon(new IconLabel(QStringLiteral("done"), 16, Tint::Good, this))
    , m_busy(new BusyIndicator(16, this))
    , m_summary(new ElidedLabel(this))
    , m_bar(new ThinProgress(this))
    , m_head(new QWidget(this))
    , m_collapse(new QToolButton(this))
    , m_cancel(new QAction(icon(QStringLiteral("stop")), tr("&Cancel"), this))
    , m_retry(new QAction(icon(QStringLiteral("retry")), tr("&Retry Failed"), this))
    , m_clear(new QAction(icon(QStringLiteral("close")), tr("C&lear"), this))
{
    m_cancel->setStatusTip(tr("Stop reading; what has been read stays"));
    m_retry->setStatusTip(tr("Read the failed and cancelled files again"));
    m_clear->setStatusTip(tr("Remove the finished files from this list"));
    connect(m_cancel, &QAction::triggered, this, &IngestPanel::cancelAll);
    connect(m_retry, &QAction::triggered, this, &IngestPanel::retryAll);
    connect(m_clear, &QAction::triggered, this, &IngestPanel::clear);
    for (QAction *action : {m_cancel, m_retry, m_clear})
        action->setEnabled(false);

    buildView();
    buildHead();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_head);
    layout->addWidget(m_view, 1);

    connect(m_model, &IngestModel::totalsChanged, this, &IngestPanel::updateHead);
    connect(&memory, &Memory::ingestFileChanged, m_model, [this](const IngestFile &file) {
        m_model->update(file);
    });
    connect(&memory, &Memory::ingestProgress, m_model, [this](const IngestProgress &progress) {
        m_model->update(progress);
    });
    setCollapsed(true);
    hide();
}

void IngestPanel::add(const OwnerId &owner, const QStringList &paths)
{
    if (paths.isEmpty())
        return;
    setCollapsed(false);
    // Exists already: just as well.
    onFinished(m_memory.addOwner(owner), this, [=, this](const Result<Owner> &added) {
        if (added || added.error().kind == ErrorKind::Conflict)
            startIngest(owner, paths);
        else
            emit failed(added.error());
    });
}

void IngestPanel::loadHistory(const OwnerId &owner)
{
    onFinished(
        m_memory.recentIngestFiles(owner), this, [this](const Result<QList<IngestFile>> &files) {
            if (files)
                m_model->merge(*files);
            else
                emit failed(files.error());
        });
}

void IngestPanel::forget(const OwnerId &owner)
{
    m_model->removeOwner(owner);
}

int IngestPanel::collapsedHeight() const
{
    return m_head->sizeHint().height();
}

void IngestPanel::setCollapsed(bool collapsed)
{
    m_collapsed = collapsed;
    m_view->setVisible(!collapsed);
    m_collapse->setIcon(icon(
        collapsed ? QStringLiteral("chevron-up") : QStringLiteral("chevron-down"), Tint::Muted));
    m_collapse->setToolTip(collapsed ? tr("Show the files") : tr("Hide the files"));
    m_collapse->setAccessibleName(m_collapse->toolTip());
    setMaximumHeight(collapsed ? collapsedHeight() : QWIDGETSIZE_MAX);
    emit shareChanged();
}

void IngestPanel::buildHead()
{
    m_summary->setObjectName(QStringLiteral("ingestSummary"));
    m_bar->setAccessibleName(tr("Progress of reading"));
    m_bar->setMaximumWidth(220);
    m_collapse->setAutoRaise(true);
    m_collapse->setFocusPolicy(Qt::TabFocus);
    connect(m_collapse, &QToolButton::clicked, this, [this] { setCollapsed(!m_collapsed); });

    auto *layout = new QHBoxLayout(m_head);
    layout->setContentsMargins(14, 5, 8, 5);
    layout->setSpacing(8);
    layout->addWidget(m_busy);
    layout->addWidget(m_icon);
    layout->addWidget(m_summary, 0);
    layout->addSpacing(6);
    layout->addWidget(m_bar, 1);
    layout->addStretch(1);
    for (QAction *action : {m_cancel, m_retry, m_clear})
        layout->addWidget(buttonFor(action, this));
    layout->addWidget(m_collapse);
}

void IngestPanel::buildView()
{
    auto *delegate = new IngestDelegate(m_view);
    m_view->setObjectName(QStringLiteral("ingestFiles"));
    m_view->setAccessibleName(tr("Files being read"));
    m_view->setModel(m_model);
    m_view->setItemDelegate(delegate);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setUniformItemSizes(true);
    m_view->setMouseTracking(true);
    m_view->setLayoutMode(QListView::Batched);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setMinimumHeight(fontMetrics().height() * 3);
    connect(m_view, &QListView::customContextMenuRequested, this, &IngestPanel::openContextMenu);
    connect(delegate, &IngestDelegate::retryRequested, this, [this](const QModelIndex &index) {
        const IngestFile &file = m_model->file(index.row());
        retry(file.owner, {file.id});
    });
}

void IngestPanel::startIngest(const OwnerId &owner, const QStringList &paths)
{
    IngestRequest request;
    request.owner = owner;
    request.paths = paths;
    onFinished(m_memory.ingest(request), this, [this](const Result<IngestBatchId> &batch) {
        if (!batch)
            emit failed(batch.error());
    });
}

void IngestPanel::cancelAll()
{
    for (const IngestProgress &batch : m_model->activeBatches()) {
        onFinished(
            m_memory.cancelIngest(batch.owner, batch.batch), this, [this](const Result<> &done) {
                if (!done)
                    emit failed(done.error());
            });
    }
}

void IngestPanel::retryAll()
{
    const QHash<OwnerId, QList<IngestFileId>> files = m_model->failedFiles();
    for (auto it = files.cbegin(); it != files.cend(); ++it)
        retry(it.key(), it.value());
}

void IngestPanel::retry(const OwnerId &owner, const QList<IngestFileId> &files)
{
    onFinished(
        m_memory.retryIngest(owner, files), this, [this, owner](const Result<qint64> &count) {
            if (count)
                loadHistory(owner);
            else
                emit failed(count.error());
        });
}

void IngestPanel::clear()
{
    for (const OwnerId &owner : m_model->owners()) {
        onFinished(m_memory.clearIngestHistory(owner), this, [this](const Result<qint64> &count) {
            if (!count)
                emit failed(count.error());
        });
    }
    m_model->removeFinished();
}

void IngestPanel::updateHead()
{
    const IngestTotals totals = m_model->totals();
    const bool failures = m_model->failedCount() > 0;
    m_summary->setText(summary());
    m_busy->setVisible(totals.active);
    m_icon->setVisible(!totals.active);
    m_icon->setIcon(failures ? QStringLiteral("warning") : QStringLiteral("done"),
                    failures ? Tint::Bad : Tint::Good);
    m_bar->setVisible(totals.active);
    if (totals.scanning && totals.total == 0) {
        m_bar->setRange(0, 0);
    } else {
        // The bar counts in int; a thousandth is finer than it can show.
        m_bar->setRange(0, 1000);
        m_bar->setValue(totals.total > 0 ? int(totals.done * 1000 / totals.total) : 0);
    }
    m_cancel->setEnabled(totals.active);
    m_retry->setEnabled(failures || m_model->cancelledCount() > 0);
    m_clear->setEnabled(!totals.active && m_model->rowCount() > 0);
    const bool wanted = totals.active || m_model->rowCount() > 0;
    if (wanted != isVisibleTo(parentWidget())) {
        setVisible(wanted);
        emit shareChanged();
    }
    if (totals.active != m_active) {
        m_active = totals.active;
        emit activeChanged(m_active);
    }
}

QString IngestPanel::summary() const
{
    const IngestTotals totals = m_model->totals();
    QStringList parts;
    if (totals.scanning && totals.total == 0)
        parts.append(tr("Looking for files…"));
    else if (totals.active)
        parts.append(tr("Reading %1 of %2").arg(numberText(totals.done), numberText(totals.total)));
    else if (totals.total > 0)
        parts.append(tr("%n file(s) read", nullptr, int(totals.done - totals.failed)));
    const qint64 failed = qMax<qint64>(totals.failed, m_model->failedCount());
    if (parts.isEmpty())
        return failed > 0 ? tr("%n file(s) could not be read", nullptr, int(failed))
                          : tr("Files read before");
    if (failed > 0)
        parts.append(tr("%n failed", nullptr, int(failed)));
    return parts.join(QStringLiteral(" · "));
}

void IngestPanel::openContextMenu(const QPoint &position)
{
    const QModelIndex index = m_view->indexAt(position);
    if (!index.isValid())
        return;
    const IngestFile file = m_model->file(index.row());
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction *again =
        menu->addAction(icon(QStringLiteral("retry")), tr("&Retry"), this, [this, file] {
            retry(file.owner, {file.id});
        });
    again->setEnabled(file.state == IngestState::Failed || file.state == IngestState::Cancelled);
    menu->addSeparator();
    menu->addAction(icon(QStringLiteral("open")), tr("&Open File"), this, [this, file] {
        emit openRequested(file.path);
    });
    menu->addAction(icon(QStringLiteral("folder")), tr("&Show in Folder"), this, [this, file] {
        emit showInFolderRequested(file.path);
    });
    menu->addSeparator();
    QAction *copy = menu->addAction(icon(QStringLiteral("copy")), tr("&Copy Reason"), this, [file] {
        QApplication::clipboard()->setText(QStringLiteral("%1\n%2").arg(file.path, file.error));
    });
    copy->setEnabled(!file.error.isEmpty());
    menu->popup(m_view->viewport()->mapToGlobal(position));
}

} // namespace llmemory::ui
