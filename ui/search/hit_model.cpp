#include "ui/search/hit_model.h"

#include "ui/common/format.h"
#include "ui/search/snippet.h"

#include <QLocale>

namespace llmemory::ui {

namespace {

/// Of the last hit: also found, after all. Scores of different searches are not comparable, and
/// those of a fusion by rank lie close together; therefore the list itself is the measure.
constexpr double kLeastRelevance = 0.15;

QString placeOf(const SearchHit &hit)
{
    QStringList parts{pageText(hit.locator.page), headingText(hit.locator.headingPath)};
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" · "));
}

/// The figures behind the order, for those who want to know.
QString scoresOf(const SearchHit &hit)
{
    const QLocale locale;
    QStringList lines{HitModel::tr("Score %1").arg(locale.toString(hit.score, 'g', 3))};
    if (hit.similarity)
        lines.append(HitModel::tr("Meaning %1").arg(locale.toString(*hit.similarity, 'f', 2)));
    if (hit.textRank)
        lines.append(HitModel::tr("Words %1").arg(locale.toString(*hit.textRank, 'f', 2)));
    return lines.join(QStringLiteral(" · "));
}

} // namespace

HitModel::HitModel(QObject *parent) : QAbstractListModel(parent) {}

void HitModel::setHits(const QList<SearchHit> &hits)
{
    beginResetModel();
    m_hits = hits;
    endResetModel();
}

int HitModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_hits.size());
}

QVariant HitModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const SearchHit &hit = m_hits.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return hit.documentName;
    case Qt::ToolTipRole:
        return QStringLiteral("%1\n%2").arg(hit.idAtOrigin, scoresOf(hit));
    case Qt::AccessibleTextRole:
        return tr("%1, %2: %3")
            .arg(hit.documentName,
                 placeOf(hit),
                 makeSnippet(hit.content, hit.highlights, kSnippetLength).text);
    case SnippetRole:
        return QVariant::fromValue(makeSnippet(hit.content, hit.highlights, kSnippetLength));
    case PlaceRole:
        return placeOf(hit);
    case RelevanceRole:
        return relevance(hit);
    case IconRole:
        return typeIcon(hit.documentType);
    default:
        return {};
    }
}

double HitModel::relevance(const SearchHit &hit) const
{
    const double best = m_hits.first().score;
    const double range = best - m_hits.last().score;
    if (range <= 0)
        return 1;
    return kLeastRelevance + (1 - kLeastRelevance) * (hit.score - m_hits.last().score) / range;
}

} // namespace llmemory::ui
