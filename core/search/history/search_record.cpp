#include "core/search/history/search_record.h"

#include "core/search/search_request.h"

#include <QCoreApplication>

namespace llmemory {

namespace {

constexpr Feedback kFeedbacks[] = {Feedback::Chosen, Feedback::Good, Feedback::Bad, Feedback::None};

Json optionalTime(const QDateTime &time)
{
    return time.isValid() ? toJson(time.toUTC().toString(Qt::ISODateWithMs)) : Json();
}

Json verdictToJson(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Good:
        return "good";
    case Verdict::Bad:
        return "bad";
    case Verdict::None:
        break;
    }
    return {};
}

Json passageToJson(const SearchedPassage &passage)
{
    return {{"rank", passage.rank},
            {"chunk_id", toJson(passage.chunk.toString())},
            {"document_id", toJson(passage.document.toString())},
            {"document_name", toJson(passage.documentName)},
            {"score", passage.score},
            {"chosen_at", optionalTime(passage.chosenAt)},
            {"verdict", verdictToJson(passage.verdict)}};
}

} // namespace

QString toString(Feedback feedback)
{
    switch (feedback) {
    case Feedback::Chosen:
        return QStringLiteral("chosen");
    case Feedback::Good:
        return QStringLiteral("good");
    case Feedback::Bad:
        return QStringLiteral("bad");
    case Feedback::None:
        break;
    }
    return QStringLiteral("none");
}

Result<Feedback> feedbackFromString(const QString &word)
{
    for (const Feedback feedback : kFeedbacks) {
        if (toString(feedback) == word)
            return feedback;
    }
    return Error::validation(
        QStringLiteral("feedback"),
        QCoreApplication::translate("llmemory::search",
                                    "There is no feedback \"%1\"; use chosen, good, bad or none.")
            .arg(word));
}

SearchRecord SearchRecord::of(const SearchAnswer &answer)
{
    SearchRecord record{.id = SearchId::fromString(answer.searchId),
                        .owner = answer.query.owner,
                        .text = answer.query.text,
                        .mode = answer.query.mode,
                        .options = search::searchOptionsToJson(answer.query),
                        .resultCount = int(answer.hits.size()),
                        .tookMs = answer.tookMs,
                        .createdAt = QDateTime::currentDateTimeUtc(),
                        .replaces = SearchId::fromString(answer.query.replaces),
                        .results = {}};
    for (const SearchHit &hit : answer.hits.mid(0, kMostResults))
        record.results.append({.rank = hit.rank,
                               .chunk = hit.chunk,
                               .document = hit.document,
                               .documentName = hit.documentName,
                               .score = hit.score});
    return record;
}

Json toJson(const SearchRecord &record)
{
    Json results = Json::array();
    for (const SearchedPassage &passage : record.results)
        results.push_back(passageToJson(passage));
    return {{"search_id", toJson(record.id.toString())},
            {"owner_id", toJson(record.owner.toString())},
            {"query", toJson(record.text)},
            {"search_type", toJson(toString(record.mode))},
            {"options", record.options},
            {"result_count", record.resultCount},
            {"took_ms", toJson(record.tookMs)},
            {"created_at", optionalTime(record.createdAt)},
            {"results", std::move(results)}};
}

} // namespace llmemory
