#pragma once

#include "core/textindex/varint.h"

#include <optional>
#include <vector>

namespace llmemory::textindex {

/// That a passage holds a term, or that one that did is gone.
struct Posting
{
    quint32 chunk = 0;     ///< the passage's number; never given to another one of the owner
    quint32 frequency = 0; ///< counted occurrences of the term, 1 or more
    quint8 norm = 0;       ///< lengthNorm() of the passage
    bool removed = false;  ///< takes back the posting of the same passage that counts

    friend bool operator==(const Posting &, const Posting &) = default;
};

/// Ascending by passage.
using Postings = std::vector<Posting>;

/// A list as it is stored. Pure.
QByteArray encodePostings(const Postings &postings);

/// Calls @p visit (quint32 chunk, quint32 frequency, quint8 norm, bool removed) for each posting of
/// a stored list, in order.
/// @return false where the list is damaged; what was visited before is not worth anything then.
template <typename Visit>
bool visitPostings(QByteArrayView list, Visit &&visit)
{
    VarintReader reader(list);
    quint64 chunk = 0;
    while (!reader.atEnd()) {
        chunk += reader.number();
        const quint64 frequency = reader.number();
        const quint8 norm = reader.byte();
        if (reader.failed() || chunk > 0xffffffffU)
            return false;
        visit(quint32(chunk), quint32(frequency >> 1), norm, (frequency & 1) != 0);
    }
    return !reader.failed();
}

/// All postings of a stored list; nothing when it is damaged. Pure.
std::optional<Postings> decodePostings(QByteArrayView list);

/// Brings the postings of several lists, one after the other in any order, into one list: ordered,
/// and without those of which both the one that counts and the one that takes it back are there.
/// Pure.
void settle(Postings &postings);

} // namespace llmemory::textindex
