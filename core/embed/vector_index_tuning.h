#pragma once

#include "core/base/ids.h"
#include "core/db/session.h"
#include "core/embed/embedder.h"

#include <QString>

#include <optional>

namespace llmemory::embed {

/// How far an owner's HNSW index has to be searched, as measured.
struct VectorIndexTuning
{
    int efSearch = 0;      ///< candidates that a scan keeps in view, pgvector's hnsw.ef_search
    double recallAt10 = 0; ///< what that finds of the ten nearest passages, 0-1
    qint64 passages = 0;   ///< of the owner, when it was measured
};

/// As the comment of the index in the database keeps it: it goes with the index, and whoever
/// administers the database reads it. Pure.
QString toComment(const VectorIndexTuning &tuning);
/// Nothing for any other text. Pure.
std::optional<VectorIndexTuning> tuningFromComment(const QString &comment);

/// Words of a text that stand beside each other, as somebody may ask for them who looks for it.
/// Words of less than four letters are left out where enough longer ones are there: few of them
/// tell anything. A text without spaces gives two characters for each word. Pure.
/// @param where  0 to below 1: from the beginning to the end
/// @param count  of words, at least 1; fewer where there are not so many
QString someWords(const QString &text, double where, int count);

/// Queries to try a search with: 2 to 12 words of passages of the owner that are picked at random.
/// In a transaction of the owner's scope. Error: Database.
/// @param count  how many at the most; nothing where the owner has no passages.
Result<QStringList> sampleQueries(db::Session &session, const OwnerId &owner, int count);

/// Has the statements behind it in the transaction search an HNSW index so far: without this the
/// server looks at 40 candidates and thinks such a scan dearer than it is. What a filter looks up
/// is read through indexes, too: for an owner that has most rows it would read everybody's. Pure.
/// @param efSearch  pgvector's hnsw.ef_search, 1-1,000.
db::BoundStatement vectorIndexKnobs(int efSearch);
/// Lets the server plan freely again.
db::BoundStatement noVectorIndexKnobs();

/// Searches the owner's index for 2 to 12 words of each of 1,000 passages, farther and farther
/// until at least 98.5 % of the ten nearest are found (measured against comparing all), at most
/// with ef_search 1,000. Short queries ask more of an index than passages' own vectors do: in a
/// corpus where ef_search 200 finds 1.0 for passages it found 0.947 for words. The session names
/// the model's vector table. Outside a transaction; takes half a minute for 100,000 passages.
/// Error: Database, Cancelled, those of the embedder.
Result<VectorIndexTuning> measureVectorIndex(db::Session &session,
                                             const Embedder &embedder,
                                             const OwnerId &owner,
                                             qint64 passages);

} // namespace llmemory::embed
