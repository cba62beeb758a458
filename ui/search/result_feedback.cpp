#include "ui/search/result_feedback.h"

#include "ui/async.h"

#include <utility>

namespace llmemory::ui {

namespace {

Feedback feedbackOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Good:
        return Feedback::Good;
    case Verdict::Bad:
        return Feedback::Bad;
    case Verdict::None:
        break;
    }
    return Feedback::None;
}

} // namespace

ResultFeedback::ResultFeedback(Send send, QObject *parent)
    : QObject(parent), m_send(std::move(send))
{
}

void ResultFeedback::setAnswer(const SearchAnswer &answer)
{
    const bool isSame = answer.query.owner == m_owner && answer.query.text == m_text;
    m_owner = answer.query.owner;
    m_text = answer.query.text;
    m_search = SearchId::fromString(answer.searchId);
    if (!isSame)
        m_verdicts.clear();
    m_chosen.clear();
}

bool ResultFeedback::takes(const SearchHit &hit) const
{
    return !m_search.isNull() && hit.rank <= SearchRecord::kMostResults;
}

Verdict ResultFeedback::verdictOf(const SearchHit &hit) const
{
    return m_verdicts.value(hit.chunk, Verdict::None);
}

void ResultFeedback::choose(const SearchHit &hit)
{
    if (!takes(hit) || m_chosen.contains(hit.chunk))
        return;
    m_chosen.insert(hit.chunk);
    (void)m_send(feedback(hit, Feedback::Chosen));
}

void ResultFeedback::judge(const SearchHit &hit, Verdict verdict)
{
    const Verdict before = verdictOf(hit);
    if (!takes(hit) || verdict == before)
        return;
    m_verdicts.insert(hit.chunk, verdict);
    onFinished(m_send(feedback(hit, feedbackOf(verdict))),
               this,
               [this, text = m_text, chunk = hit.chunk, verdict, before](const Result<> &given) {
                   if (given)
                       return;
                   // Something else may have been said since.
                   if (text == m_text && m_verdicts.value(chunk) == verdict) {
                       m_verdicts.insert(chunk, before);
                       emit reverted(chunk);
                   }
                   emit failed(given.error());
               });
}

SearchFeedback ResultFeedback::feedback(const SearchHit &hit, Feedback what) const
{
    return {.owner = m_owner, .search = m_search, .chunk = hit.chunk, .feedback = what};
}

} // namespace llmemory::ui
