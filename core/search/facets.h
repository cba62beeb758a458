#pragma once

#include "core/base/json.h"

#include <QList>
#include <QString>

#include <optional>

namespace llmemory {

/// How many passages have a value.
struct FacetCount
{
    QString value;
    qint64 count = 0;

    friend bool operator==(const FacetCount &, const FacetCount &) = default;
};

/// What a whole result set is made of, not only its page: passages that have one of the query's
/// words and meet its conditions and filters; without words all that meet those. Of each kind the
/// most frequent values, at most kFacetValues.
struct Facets
{
    QList<FacetCount> types = {};     ///< words of DocumentType
    QList<FacetCount> languages = {}; ///< codes as documents have them
    QList<FacetCount> tags = {};      ///< of the metadata's "tags"
    QList<FacetCount> years = {};     ///< of the document's date, UTC
    QList<FacetCount> folders = {};   ///< the id at origin up to its last "/"
    qint64 passages = 0;              ///< in all
    bool exact = true;                ///< false: estimated, see kFacetPassages

    friend bool operator==(const Facets &, const Facets &) = default;
};

/// Of each kind at most.
inline constexpr int kFacetValues = 20;
/// Up to so many matching passages the counts are exact. Above, they are estimated from the first
/// so many in the order of their ids, which are random: a sample without bias, whose share of all
/// passages is told by how far it reaches.
inline constexpr int kFacetPassages = 50'000;

/// As in the answer of `POST /v1/search`.
Json toJson(const Facets &facets);

} // namespace llmemory
