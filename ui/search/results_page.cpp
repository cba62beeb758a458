#include "ui/search/results_page.h"

#include "ui/common/elided_label.h"
#include "ui/common/empty_state.h"
#include "ui/common/icons.h"
#include "ui/common/link_button.h"
#include "ui/search/hit_delegate.h"
#include "ui/search/hit_model.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QListView>
#include <QLocale>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace llmemory::ui {

ResultsPage::ResultsPage(QWidget *parent)
    : QWidget(parent)
    , m_offer(new QWidget(this))
    , m_suggestion(new LinkButton(m_offer))
    , m_model(new HitModel(this))
    , m_view(new QListView(this))
    , m_summary(new ElidedLabel(this))
    , m_stack(new QStackedLayout)
    , m_searching(new EmptyState({}, this))
    , m_nothing(new EmptyState(QStringLiteral("search"), this))
    , m_error(new EmptyState(QStringLiteral("warning"), this))
    , m_list(new QWidget(this))
    , m_open(new QAction(icon(QStringLiteral("open")), tr("&Open File"), this))
    , m_showInFolder(new QAction(icon(QStringLiteral("folder")), tr("&Show in Folder"), this))
    , m_copy(new QAction(icon(QStringLiteral("copy")), tr("&Copy Passage"), this))
{
    buildActions();
    buildView();
    m_searching->setBusy(true);
    m_searching->setTitle(tr("Searching…"));
    m_nothing->setTitle(tr("Nothing found"));

    m_summary->setContentsMargins(0, 0, 0, 0);
    m_summary->setForegroundRole(QPalette::PlaceholderText);
    m_summary->setObjectName(QStringLiteral("searchSummary"));
    auto *head = new QVBoxLayout;
    head->setContentsMargins(16, 4, 16, 6);
    head->addWidget(m_summary);
    auto *layout = new QVBoxLayout(m_list);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_view, 1);
    for (QWidget *page : {static_cast<QWidget *>(m_searching),
                          m_list,
                          static_cast<QWidget *>(m_nothing),
                          static_cast<QWidget *>(m_error)})
        m_stack->addWidget(page);

    m_suggestion->setObjectName(QStringLiteral("didYouMean"));
    m_suggestion->setAccessibleDescription(tr("Searches for this instead"));
    connect(m_suggestion, &QAbstractButton::clicked, this, [this] {
        emit suggestionChosen(m_suggested);
    });
    auto *offer = new QVBoxLayout(m_offer);
    offer->setContentsMargins(12, 2, 12, 2);
    offer->addWidget(m_suggestion);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addWidget(m_offer);
    whole->addLayout(m_stack, 1);
    suggest({});
    setFocusProxy(m_view);
}

void ResultsPage::reset()
{
    suggest({});
    m_model->setHits({});
    m_stack->setCurrentWidget(m_searching);
    emit hitChosen(nullptr);
}

void ResultsPage::showSearching()
{
    if (m_model->rowCount() == 0 && m_stack->currentWidget() != m_nothing)
        m_stack->setCurrentWidget(m_searching);
}

void ResultsPage::showAnswer(const SearchAnswer &answer)
{
    suggest(answer.didYouMean);
    m_model->setHits(answer.hits);
    m_nothing->setText(answer.note.isEmpty()
                           ? tr("No passage fits “%1”. Try other words.").arg(answer.query.text)
                           : answer.note);
    m_stack->setCurrentWidget(answer.hits.isEmpty() ? static_cast<QWidget *>(m_nothing) : m_list);
    QStringList parts{
        tr("%n passage(s)", nullptr, int(answer.hits.size())),
        tr("%1 ms", "milliseconds")
            .arg(QLocale().toString(answer.tookMs.total, 'f', answer.tookMs.total < 10 ? 1 : 0))};
    if (!answer.note.isEmpty())
        parts.append(answer.note);
    m_summary->setText(parts.join(QStringLiteral(" · ")));
    if (!answer.hits.isEmpty())
        m_view->setCurrentIndex(m_model->index(0));
    m_view->scrollToTop();
    chooseCurrent();
}

void ResultsPage::showError(const Error &error)
{
    suggest({});
    m_model->setHits({});
    m_error->setTitle(error.code == QLatin1String("query_syntax") ? tr("This search cannot be read")
                                                                  : tr("The search did not work"));
    m_error->setText(error.message);
    m_stack->setCurrentWidget(m_error);
    emit hitChosen(nullptr);
}

void ResultsPage::focusList()
{
    if (m_model->rowCount() == 0)
        return;
    if (!m_view->currentIndex().isValid())
        m_view->setCurrentIndex(m_model->index(0));
    m_view->setFocus(Qt::TabFocusReason);
}

const SearchHit *ResultsPage::current() const
{
    const QModelIndex index = m_view->currentIndex();
    return index.isValid() ? &m_model->hit(index.row()) : nullptr;
}

bool ResultsPage::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent *>(event)->key();
    const bool upFromFirst = key == Qt::Key_Up && m_view->currentIndex().row() <= 0;
    if (key != Qt::Key_Escape && !upFromFirst)
        return QWidget::eventFilter(watched, event);
    emit fieldWanted();
    return true;
}

void ResultsPage::buildView()
{
    m_view->setObjectName(QStringLiteral("results"));
    m_view->setAccessibleName(tr("Found passages"));
    m_view->setModel(m_model);
    m_view->setItemDelegate(new HitDelegate(m_view));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setMouseTracking(true);
    m_view->setUniformItemSizes(true);
    m_view->setResizeMode(QListView::Adjust);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->addActions({m_open, m_showInFolder, m_copy});
    m_view->installEventFilter(this);
    connect(m_view, &QListView::activated, m_open, &QAction::trigger);
    connect(m_view->selectionModel(),
            &QItemSelectionModel::currentChanged,
            this,
            &ResultsPage::chooseCurrent);
}

void ResultsPage::buildActions()
{
    m_open->setStatusTip(tr("Open the document's file with its program"));
    m_open->setShortcut(QKeySequence(QStringLiteral("Ctrl+Return")));
    m_showInFolder->setStatusTip(tr("Open the folder that holds the document's file"));
    m_copy->setStatusTip(tr("Copy the text of the passage"));
    m_copy->setShortcut(QKeySequence::Copy);
    for (QAction *action : {m_open, m_showInFolder, m_copy})
        action->setShortcutContext(Qt::WidgetShortcut);
    connect(m_open, &QAction::triggered, this, [this] {
        if (const SearchHit *hit = current())
            emit openRequested(hit->idAtOrigin);
    });
    connect(m_showInFolder, &QAction::triggered, this, [this] {
        if (const SearchHit *hit = current())
            emit showInFolderRequested(hit->idAtOrigin);
    });
    connect(m_copy, &QAction::triggered, this, &ResultsPage::copyCurrent);
}

void ResultsPage::suggest(const QString &query)
{
    m_suggested = query;
    const QString text = tr("Did you mean: %1").arg(query);
    m_suggestion->setText(text);
    m_suggestion->setShortcut({}); // "&" in a query is none
    m_suggestion->setAccessibleName(text);
    m_offer->setVisible(!query.isEmpty());
}

void ResultsPage::chooseCurrent()
{
    emit hitChosen(current());
}

void ResultsPage::copyCurrent()
{
    if (const SearchHit *hit = current())
        QApplication::clipboard()->setText(hit->content);
}

} // namespace llmemory::ui
