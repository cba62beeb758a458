#pragma once

#include "core/base/ids.h"
#include "core/db/session.h"
#include "core/textindex/bm25.h"

#include <QByteArray>
#include <QList>
#include <QSet>
#include <QStringList>

#include <functional>
#include <optional>

/// What says which terms a block `p` of the postings has, and in how many passages: the whole block
/// of several terms, the beginning of one that holds a single term's long list.
#define LLMEMORY_BLOCK_TERMS                                                                       \
    "substring(p.entries FOR CASE WHEN p.first_term = p.last_term THEN 320 ELSE 4000 END)"

namespace llmemory::textindex {

/// A term of an owner's index.
struct KnownTerm
{
    QByteArray term;         ///< UTF-8
    qint64 passages = 0;     ///< that hold it, 1 or more
    QList<quint32> examples; ///< numbers of up to kMostExamples of them; some may be gone

    friend bool operator==(const KnownTerm &, const KnownTerm &) = default;
};

inline constexpr int kMostExamples = 3;

/// The terms of blocks of all segments, in the order of their bytes; only those that some passage
/// holds. Nothing when a block is damaged. Pure.
/// @param blocks  each whole, or what LLMEMORY_BLOCK_TERMS leaves of it.
/// @param isWanted  asked for each term; others are left out.
std::optional<QList<KnownTerm>> knownTerms(const QList<QByteArray> &blocks,
                                           const std::function<bool(QByteArrayView)> &isWanted);

struct FoundTerms
{
    Collection collection;
    QList<KnownTerm> terms;
};

/// Those of @p terms, hundreds if need be, that the owner's passages hold, without their lists, as
/// one statement sees them. In a transaction of the owner's scope, on a pool thread.
Result<FoundTerms> findTerms(db::Session &session,
                             const OwnerId &owner,
                             const QSet<QByteArray> &terms);

/// The terms of the owner that begin with one of @p prefixes: one statement, which reads a range of
/// blocks. In a transaction of the owner's scope, on a pool thread.
/// @param prefixes  UTF-16, as terms are: in small letters. Not empty, none empty.
Result<QList<KnownTerm>> termsWithPrefixes(db::Session &session,
                                           const OwnerId &owner,
                                           const QStringList &prefixes);

} // namespace llmemory::textindex
