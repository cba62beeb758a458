#pragma once

#include "core/base/ids.h"
#include "core/db/session.h"
#include "core/search/query_language/parsed_query.h"

#include <QByteArray>
#include <QList>
#include <QSet>
#include <QString>
#include <QStringList>

namespace llmemory::search {

/// A word of a query that nothing has, and what is looked for in its place.
struct Correction
{
    QString typed;   ///< as in TextQuery::correctable
    QByteArray term; ///< of the owner's text index
    QString word;    ///< of which the term is the stem, as some passage has it; in small letters

    friend bool operator==(const Correction &, const Correction &) = default;
};

/// So much the term counts beside a word that is there.
inline constexpr double kCorrectedWeight = 0.5;
/// Further unknown words of a query stay as they are: each costs hundreds of spellings.
inline constexpr int kMostCorrections = 4;

/// For those of @p words that are in none of the owner's languages in the index (nor a stop word in
/// one), the nearest term that is: of distance 1 with the same first three letters, else of
/// distance 1, else, for words of eight letters or more, of distance 2 with the same first three
/// letters; then the one that most passages hold, then by alphabet. Terms are stems, so a word is
/// also near a term where one of its variants has that stem. Words without one are left out. Four
/// statements, six where a beginning is wrong; one where nothing is unknown. In a transaction of
/// the owner's scope, on a pool thread.
/// @param words  TextQuery::correctable.
/// @param found  the terms of the query that passages hold.
Result<QList<Correction>> findCorrections(db::Session &session,
                                          const OwnerId &owner,
                                          const QStringList &words,
                                          const QSet<QByteArray> &found);

/// The whole query as typed, with the corrected words in their places, in capitals where the typed
/// ones are. Empty where nothing was corrected. Pure.
QString correctedQuery(const ParsedQuery &query, const QList<Correction> &corrections);

/// The corrected terms as a tsquery of alternatives, for the highlights; empty when there are none.
/// Pure.
QString tsqueryOf(const QList<Correction> &corrections);

} // namespace llmemory::search
