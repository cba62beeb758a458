#include "ui/tenants/recall_text.h"

#include "ui/common/format.h"

#include <QCoreApplication>
#include <QLocale>

namespace llmemory::ui {

namespace {

/// Below, people miss passages; the same limit as doctor's.
constexpr double kGoodRecall = 0.95;

QString tr(const char *text, const char *comment = nullptr, int n = -1)
{
    return QCoreApplication::translate("llmemory::ui", text, comment, n);
}

QString percent(double share)
{
    return tr("%1 %", "percent").arg(QLocale().toString(share * 100, 'f', share < 1 ? 1 : 0));
}

QString milliseconds(double value)
{
    return tr("%1 ms", "milliseconds").arg(QLocale().toString(value, 'f', value < 10 ? 1 : 0));
}

RecallText measuredText(const RecallCheck &check)
{
    RecallText text;
    const bool isGood = check.recall >= kGoodRecall;
    text.tone = isGood ? RecallText::Tone::Good : RecallText::Tone::Bad;
    text.title = isGood ? tr("The search by meaning finds what it should")
                        : tr("The search by meaning misses passages");
    text.detail = tr("Of the ten nearest passages it finds %1; in the worst of %n search(es), %2.",
                     nullptr,
                     check.queries)
                      .arg(percent(check.recall), percent(check.worstRecall));
    text.detail += QLatin1Char(' ');
    text.detail += tr("A search takes %1 in the index; comparing all %2 passages takes %3.")
                       .arg(milliseconds(check.searchMs),
                            numberText(check.passages),
                            milliseconds(check.comparisonMs));
    if (!isGood)
        text.advice = tr("Set search.hnsw_profile to \"accurate\", with “llmemory config set "
                         "search.hnsw_profile accurate”, and start the program again. Searches "
                         "take longer then, and find more.");
    return text;
}

} // namespace

RecallText textOf(const RecallCheck &check)
{
    if (check.passages == 0)
        return {.tone = RecallText::Tone::Neutral,
                .title = tr("There is nothing to search yet"),
                .detail = tr("This tenant has no passages."),
                .advice = tr("Add documents first.")};
    if (!check.hasIndex)
        return {.tone = RecallText::Tone::Good,
                .title = tr("The search by meaning misses nothing"),
                .detail = tr("It compares every passage of this tenant (%n), without an index that "
                             "could lose some.",
                             nullptr,
                             int(check.passages)),
                .advice = {}};
    if (check.queries == 0)
        return {.tone = RecallText::Tone::Neutral,
                .title = tr("No passage can be found by meaning yet"),
                .detail = tr("None of the passages has its vector."),
                .advice = tr("Wait until they are embedded, and check again.")};
    return measuredText(check);
}

} // namespace llmemory::ui
