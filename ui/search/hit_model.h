#pragma once

#include "core/search/search_hit.h"

#include <QAbstractListModel>

namespace llmemory::ui {

/// The found passages, best first.
class HitModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        SnippetRole = Qt::UserRole + 1, ///< Snippet
        PlaceRole,                      ///< QString: page and headings
        RelevanceRole, ///< double 0-1: where the score lies between the last and the best one
        IconRole,      ///< QString: name of the type's icon
    };
    /// About three lines of a wide list.
    static constexpr int kSnippetLength = 360;

    explicit HitModel(QObject *parent = nullptr);

    void setHits(const QList<SearchHit> &hits);
    /// @param row  0 … rowCount() - 1
    const SearchHit &hit(int row) const { return m_hits.at(row); }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    double relevance(const SearchHit &hit) const;

    QList<SearchHit> m_hits;
};

} // namespace llmemory::ui
