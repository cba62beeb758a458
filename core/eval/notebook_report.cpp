#include "core/eval/notebook_report.h"

#include "core/base/text.h"

#include <algorithm>

namespace llmemory {

namespace {

Json scoresToJson(double ndcgAt10, double mrrAt10)
{
    return {{"ndcg_at_10", ndcgAt10}, {"mrr_at_10", mrrAt10}};
}

Json modesToJson(const NotebookReport &report)
{
    Json modes = Json::object();
    for (const NotebookReport::Mode &mode : report.modes)
        modes[toString(mode.mode).toStdString()] = scoresToJson(mode.ndcgAt10, mode.mrrAt10);
    return modes;
}

Json reportToJson(const NotebookReport &report)
{
    return {{"report_id", toJson(report.id.toString())},
            {"owner_id", toJson(report.owner.toString())},
            {"created_at", toJson(report.createdAt.toUTC().toString(Qt::ISODateWithMs))},
            {"queries", report.queries},
            {"settings", report.settings},
            {"modes", modesToJson(report)}};
}

Json differencesToJson(const NotebookReport &before, const NotebookReport &after)
{
    Json differences = Json::object();
    for (const NotebookReport::Mode &mode : after.modes) {
        for (const NotebookReport::Mode &old : before.modes) {
            if (old.mode == mode.mode)
                differences[toString(mode.mode).toStdString()] =
                    scoresToJson(mode.ndcgAt10 - old.ndcgAt10, mode.mrrAt10 - old.mrrAt10);
        }
    }
    return differences;
}

} // namespace

QList<NotebookReport::ChangedSetting> changedSettings(const Json &before, const Json &after)
{
    QList<NotebookReport::ChangedSetting> changes;
    Json names = before;
    names.update(after);
    for (const auto &[name, value] : names.items()) {
        const Json old = before.value(name, Json());
        const Json now = after.value(name, Json());
        if (old != now)
            changes.append({QString::fromStdString(name), old, now});
    }
    return changes;
}

Json figuresToJson(const NotebookReport &report)
{
    return {{"queries", report.queries},
            {"judgements", toJson(report.judgements)},
            {"modes", modesToJson(report)}};
}

void setFigures(NotebookReport &report, const Json &figures)
{
    if (!figures.is_object())
        return;
    report.queries = figures.value("queries", report.queries);
    report.judgements = toQString(figures.value("judgements", Json()));
    const Json modes = figures.value("modes", Json::object());
    for (const SearchMode mode : {SearchMode::Text, SearchMode::Vector, SearchMode::Hybrid}) {
        const auto found = modes.find(toString(mode).toStdString());
        if (found != modes.end())
            report.modes.append(
                {mode, found->value("ndcg_at_10", 0.0), found->value("mrr_at_10", 0.0)});
    }
}

Json toJson(const NotebookComparison &comparison)
{
    const NotebookReport &report = comparison.report;
    Json json = reportToJson(report);
    json["previous"] = nullptr;
    json["differences"] = nullptr;
    json["same_judgements"] = nullptr;
    Json changed = Json::array();
    if (comparison.previous) {
        const NotebookReport &previous = *comparison.previous;
        json["previous"] = reportToJson(previous);
        json["differences"] = differencesToJson(previous, report);
        json["same_judgements"] = previous.judgements == report.judgements;
        for (const auto &change : changedSettings(previous.settings, report.settings))
            changed.push_back({{"name", toJson(change.name)},
                               {"before", change.before},
                               {"after", change.after}});
    }
    json["changed_settings"] = std::move(changed);
    return json;
}

namespace eval {

Scores scoresOf(const QList<SearchHit> &hits, const QList<Judgement> &judgements)
{
    Judgements grades;
    for (qsizetype i = 0; i < judgements.size(); ++i)
        grades.insert(QString::number(i), judgements.at(i).grade);
    QStringList ranking;
    for (const qsizetype judgement : search::judgementsOf(hits, judgements)) {
        // Hits without a judgement need names that are no judgement's, either.
        ranking << (judgement >= 0 ? QString::number(judgement)
                                   : QStringLiteral("hit %1").arg(ranking.size()));
    }
    return scoresOf(ranking, grades);
}

bool hasRelevant(const QList<Judgement> &judgements)
{
    return std::any_of(judgements.begin(), judgements.end(), [](const Judgement &judgement) {
        return judgement.grade > 0;
    });
}

QString fingerprint(const QList<NotebookQuery> &queries)
{
    QStringList lines;
    for (const NotebookQuery &query : queries) {
        for (const Judgement &judgement : query.judgements)
            lines << QStringLiteral("%1 %2 %3 %4 %5")
                         .arg(query.id.toString(), judgement.document.toString())
                         .arg(judgement.charStart)
                         .arg(judgement.charEnd)
                         .arg(judgement.grade);
    }
    lines.sort();
    return sha256Hex(lines.join(u'\n'));
}

} // namespace eval
} // namespace llmemory
