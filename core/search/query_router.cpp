#include "core/search/query_router.h"

#include "core/language/word_segmenter.h"
#include "core/search/query_words.h"
#include "core/search/text_query.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>

namespace llmemory {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::search", text);
}

QSet<QString> wordSet(const char *words)
{
    const QStringList list = QString::fromLatin1(words).split(QLatin1Char(' '));
    return QSet<QString>(list.begin(), list.end());
}

/// Pronouns, words of asking and words that stand for anything.
bool isVague(const QString &word)
{
    static const QSet<QString> words = wordSet(
        "i me my mine we us our you your he him his she her they them their this these those there "
        "here s t m re ve ll d what which who whom whose when where why how am been do does did "
        "done "
        "have had can could would should shall may might must not no yes about any some all more "
        "please tell show give find search look looking get let want need know help explain thing "
        "things stuff something anything everything nothing info information details data document "
        "documents file files hello hi thanks");
    return words.contains(word) || search::isStopWord(word);
}

bool isAboutNow(const QString &word)
{
    static const QSet<QString> words = wordSet(
        "today tonight tomorrow yesterday now nowadays currently current latest newest live "
        "recent recently breaking");
    return words.contains(word);
}

bool isWorldly(const QString &word)
{
    static const QSet<QString> words =
        wordSet("weather forecast temperature news headline headlines stock stocks shares bitcoin "
                "exchange traffic lottery election elections score scores");
    return words.contains(word);
}

struct Reading
{
    QStringList telling;
    bool aboutNow = false;
    bool worldly = false;
};

Reading read(const QString &query)
{
    Reading reading;
    const QStringList typed = search::parseTextQuery(query).words;
    const QStringList words = search::foldedWords(typed.join(QLatin1Char(' ')));
    for (const QString &word : words) {
        if (isAboutNow(word))
            reading.aboutNow = true;
        else if (!isVague(word))
            reading.telling << word;
        reading.worldly = reading.worldly || isWorldly(word);
    }
    return reading;
}

/// One or two letters say little, except where a character is a word.
bool isTiny(const QStringList &telling)
{
    return telling.size() == 1 && telling.first().size() <= 2 &&
           !language::needsSegmentation(telling.first());
}

search::RoutingDecision wanted(const search::RoutingFacts &facts)
{
    const Reading reading = read(facts.query);
    const bool found = facts.bestTextRank.has_value();
    if (facts.documents == 0)
        return {Route::Unanswerable,
                1.0,
                tr("Nothing is stored for this owner."),
                tr("There are no documents to answer from; add some first.")};
    const QString precisely = tr("Please say more precisely what to look for.");
    if (reading.telling.isEmpty())
        return {Route::Clarification,
                found ? 0.6 : 0.9,
                tr("The question names nothing to look for."),
                precisely};
    if (isTiny(reading.telling) && !found)
        return {Route::Clarification,
                0.8,
                tr("The question is a single short word that no document has."),
                precisely};
    if (reading.worldly && !found)
        return {Route::WebSearch,
                reading.aboutNow ? 0.85 : 0.6,
                reading.aboutNow
                    ? tr("The question is about current events and no document has its words.")
                    : tr("The question may be about current events and no document has its words."),
                tr("A web search may answer this; the stored documents do not mention it.")};
    return {Route::Retrieval,
            found ? 0.9 : 0.5,
            found ? tr("Documents have words of the question.")
                  : tr("No document has the question's words; some may be near in meaning."),
            {}};
}

} // namespace

QString toString(Route route)
{
    switch (route) {
    case Route::WebSearch:
        return QStringLiteral("web_search");
    case Route::Unanswerable:
        return QStringLiteral("unanswerable");
    case Route::Clarification:
        return QStringLiteral("clarification");
    case Route::Retrieval:
        break;
    }
    return QStringLiteral("retrieval");
}

namespace search {

QString lookedFor(const QString &query)
{
    const QStringList telling = read(query).telling;
    return telling.isEmpty() ? query : telling.join(QLatin1Char(' '));
}

RoutingDecision decideRoute(const RoutingFacts &facts, double threshold)
{
    const RoutingDecision decision = wanted(facts);
    if (decision.route == Route::Retrieval || decision.confidence >= threshold)
        return decision;
    return {Route::Retrieval,
            facts.bestTextRank ? 0.9 : 0.5,
            tr("%1 That is only %2 certain, below the threshold of %3.")
                .arg(decision.reason)
                .arg(decision.confidence)
                .arg(threshold),
            {}};
}

} // namespace search
} // namespace llmemory
