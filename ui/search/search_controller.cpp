#include "ui/search/search_controller.h"

#include "ui/async.h"

namespace llmemory::ui {

SearchController::SearchController(Search search, QObject *parent)
    : QObject(parent), m_search(std::move(search))
{
    m_query.limit = kLimit;
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &SearchController::start);
}

void SearchController::setOwner(const OwnerId &owner)
{
    if (owner == m_query.owner)
        return;
    m_query.owner = owner;
    schedule();
}

void SearchController::setText(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (trimmed == m_query.text)
        return;
    m_query.text = trimmed;
    schedule();
}

void SearchController::setMode(SearchMode mode)
{
    if (mode == m_query.mode)
        return;
    m_query.mode = mode;
    schedule();
}

void SearchController::searchNow()
{
    if (m_pause.isActive()) {
        m_pause.stop();
        start();
    }
}

void SearchController::repeat()
{
    if (!isIdle() && !m_pause.isActive() && !m_running.isRunning())
        m_pause.start();
}

void SearchController::drop()
{
    ++m_generation;
    m_running.cancel();
    m_pause.stop();
}

void SearchController::schedule()
{
    drop();
    if (isIdle()) {
        emit cleared();
        return;
    }
    emit started();
    m_pause.start();
}

void SearchController::start()
{
    drop();
    const quint64 generation = m_generation;
    m_query.replaces = replacedSearch();
    m_running = m_search(m_query);
    onFinished(m_running, this, [this, generation](const Result<SearchAnswer> &answer) {
        if (generation != m_generation)
            return;
        if (answer) {
            m_answered = answer->query;
            m_answeredId = answer->searchId;
            m_sinceAnswer.start();
            emit answered(*answer);
        } else {
            emit failed(answer.error());
        }
    });
}

/// The search that the one to come goes on with: the same again, or its text typed on or taken
/// back.
QString SearchController::replacedSearch() const
{
    if (m_answeredId.isEmpty() || m_answered.owner != m_query.owner)
        return {};
    const bool isSame = m_answered.text == m_query.text && m_answered.mode == m_query.mode;
    const bool isTyped =
        !m_sinceAnswer.hasExpired(kTypingMs) &&
        (m_query.text.startsWith(m_answered.text) || m_answered.text.startsWith(m_query.text));
    return isSame || isTyped ? m_answeredId : QString();
}

} // namespace llmemory::ui
