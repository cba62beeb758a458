#include "ui/workspace.h"

#include "ui/common/hairline_splitter.h"
#include "ui/documents/documents_page.h"
#include "ui/search/preview_pane.h"
#include "ui/search/query_chips.h"
#include "ui/search/result_feedback.h"
#include "ui/search/results_page.h"
#include "ui/search/search_bar.h"
#include "ui/search/search_controller.h"

#include <QStackedWidget>
#include <QVBoxLayout>

namespace llmemory::ui {

Workspace::Workspace(Memory &memory, QWidget *parent)
    : QWidget(parent)
    , m_memory(memory)
    , m_search(new SearchController(
          [&memory](const SearchQuery &query) { return memory.search(query); }, this))
    , m_feedback(new ResultFeedback(
          [&memory](const SearchFeedback &feedback) { return memory.giveFeedback(feedback); },
          this))
    , m_bar(new SearchBar(this))
    , m_chips(new QueryChips(this))
    , m_splitter(new HairlineSplitter(Qt::Horizontal, this))
    , m_stack(new QStackedWidget(this))
    , m_documents(new DocumentsPage(memory, this))
    , m_results(new ResultsPage(this))
    , m_preview(new PreviewPane(memory, this))
{
    m_stack->addWidget(m_documents);
    m_stack->addWidget(m_results);
    m_splitter->addWidget(m_stack);
    m_splitter->addWidget(m_preview);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setCollapsible(0, false);
    m_splitter->setSizes({540, 460});
    m_stack->setMinimumWidth(280);
    m_preview->setMinimumWidth(220);

    auto *head = new QVBoxLayout;
    head->setContentsMargins(14, 12, 14, 8);
    head->setSpacing(8);
    head->addWidget(m_bar);
    head->addWidget(m_chips);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_splitter, 1);
    setTabOrder(m_bar, m_chips);
    setTabOrder(m_chips, m_documents);
    setTabOrder(m_documents, m_results);
    setTabOrder(m_results, m_preview);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    connectSearch();
    connectChips();
    connectPages();
    connectFeedback();
}

void Workspace::setOwner(const OwnerId &owner, const QString &displayName)
{
    const bool other = owner != m_owner;
    m_owner = owner;
    m_bar->setOwnerName(displayName);
    m_bar->setEnabled(!owner.isEmpty());
    if (other) {
        m_chosenDocument = {};
        m_preview->clear();
        m_results->reset();
    }
    m_documents->setOwner(owner, displayName);
    m_search->setOwner(owner);
    // Without documents there is nothing to preview; the invitation gets the room.
    m_preview->setVisible(!owner.isEmpty());
}

void Workspace::setAddActions(QAction *addFiles, QAction *addFolder)
{
    m_documents->setAddActions(addFiles, addFolder);
}

void Workspace::refresh()
{
    m_documents->refresh();
    // What has just come in may be what was looked for in vain.
    if (!m_results->current())
        m_search->repeat();
}

void Workspace::focusSearch()
{
    m_bar->focusField();
}

void Workspace::clearSearch()
{
    m_bar->clear();
}

SearchMode Workspace::searchMode() const
{
    return m_bar->mode();
}

void Workspace::setSearchMode(SearchMode mode)
{
    m_bar->setMode(mode);
}

QByteArray Workspace::saveState() const
{
    return m_splitter->saveState();
}

void Workspace::restoreState(const QByteArray &state)
{
    m_splitter->restoreState(state);
}

void Workspace::connectSearch()
{
    connect(m_bar, &SearchBar::textChanged, m_search, &SearchController::setText);
    connect(m_bar, &SearchBar::modeChanged, m_search, &SearchController::setMode);
    connect(m_bar, &SearchBar::submitted, this, [this] {
        m_search->searchNow();
        m_results->focusList();
    });
    connect(m_bar, &SearchBar::listWanted, this, [this] {
        if (m_stack->currentWidget() == m_results)
            m_results->focusList();
        else
            m_documents->setFocus(Qt::TabFocusReason);
    });
    connect(m_search, &SearchController::cleared, this, &Workspace::showDocuments);
    connect(m_search, &SearchController::started, this, &Workspace::showResults);
    // First: the page chooses a result, whose verdict is looked up.
    connect(m_search, &SearchController::answered, m_feedback, &ResultFeedback::setAnswer);
    connect(m_search, &SearchController::answered, m_results, &ResultsPage::showAnswer);
    connect(m_search, &SearchController::failed, m_results, &ResultsPage::showError);
}

void Workspace::connectChips()
{
    connect(m_bar, &SearchBar::textChanged, m_chips, [this](const QString &text) {
        m_chips->setReading(readWhileTyped(text));
    });
    // Not before typing pauses: half a part is no mistake yet.
    connect(m_search, &SearchController::failed, m_bar, [this](const Error &error) {
        if (error.code == QLatin1String("query_syntax"))
            m_bar->markMistakes(readWhileTyped(m_bar->text()).mistakes);
    });
    connect(m_chips, &QueryChips::queryEdited, this, [this](const QString &query) {
        m_bar->replaceText(query);
        m_search->searchNow();
    });
    connect(m_chips, &QueryChips::partChosen, m_bar, &SearchBar::select);
    connect(m_chips, &QueryChips::fieldWanted, m_bar, &SearchBar::focusField);
    connect(m_chips, &QueryChips::listWanted, this, [this] {
        if (m_stack->currentWidget() == m_results)
            m_results->focusList();
    });
}

void Workspace::connectPages()
{
    connect(m_results, &ResultsPage::fieldWanted, m_bar, &SearchBar::focusField);
    connect(m_results, &ResultsPage::suggestionChosen, this, [this](const QString &query) {
        m_bar->replaceText(query);
        m_bar->setFocus(Qt::OtherFocusReason);
        m_search->searchNow();
    });
    connect(m_results, &ResultsPage::hitChosen, this, [this](const SearchHit *hit) {
        if (hit) {
            m_preview->showHit(m_owner, *hit);
            showVerdict();
        } else if (m_stack->currentWidget() == m_results)
            m_preview->clear();
    });
    connect(m_documents, &DocumentsPage::documentChosen, this, [this](const DocumentId &id) {
        m_chosenDocument = id;
        if (m_stack->currentWidget() == m_documents)
            showDocuments();
    });
    connect(m_documents, &DocumentsPage::failed, this, &Workspace::failed);
    connect(m_preview, &PreviewPane::failed, this, &Workspace::failed);
    connect(m_documents, &DocumentsPage::openRequested, this, &Workspace::openRequested);
    connect(m_results, &ResultsPage::openRequested, this, &Workspace::openRequested);
    connect(m_preview, &PreviewPane::openRequested, this, &Workspace::openRequested);
    connect(m_documents,
            &DocumentsPage::showInFolderRequested,
            this,
            &Workspace::showInFolderRequested);
    connect(
        m_results, &ResultsPage::showInFolderRequested, this, &Workspace::showInFolderRequested);
    connect(
        m_preview, &PreviewPane::showInFolderRequested, this, &Workspace::showInFolderRequested);
}

void Workspace::connectFeedback()
{
    const auto opened = [this] {
        if (m_stack->currentWidget() == m_results && m_results->current())
            m_feedback->choose(*m_results->current());
    };
    connect(m_results, &ResultsPage::openRequested, m_feedback, opened);
    connect(m_preview, &PreviewPane::openRequested, m_feedback, opened);
    connect(m_results, &ResultsPage::showInFolderRequested, m_feedback, opened);
    connect(m_preview, &PreviewPane::showInFolderRequested, m_feedback, opened);
    connect(m_preview, &PreviewPane::verdictGiven, m_feedback, [this](Verdict verdict) {
        if (const SearchHit *hit = m_results->current())
            m_feedback->judge(*hit, verdict);
    });
    connect(m_feedback, &ResultFeedback::reverted, this, [this](const ChunkId &chunk) {
        const SearchHit *hit = m_results->current();
        if (hit && hit->chunk == chunk && m_stack->currentWidget() == m_results)
            showVerdict();
    });
    connect(m_feedback, &ResultFeedback::failed, this, &Workspace::failed);
}

void Workspace::showVerdict()
{
    const SearchHit *hit = m_results->current();
    const bool isKept = m_memory.config().search.history && hit && m_feedback->takes(*hit);
    m_preview->showVerdict(isKept ? std::optional(m_feedback->verdictOf(*hit)) : std::nullopt);
}

void Workspace::showDocuments()
{
    m_results->reset();
    m_stack->setCurrentWidget(m_documents);
    if (m_chosenDocument.isNull())
        m_preview->clear();
    else
        m_preview->showDocument(m_owner, m_chosenDocument);
}

void Workspace::showResults()
{
    m_stack->setCurrentWidget(m_results);
    m_results->showSearching();
}

} // namespace llmemory::ui
