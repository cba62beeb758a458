#include "core/textindex/posting.h"

#include <algorithm>

namespace llmemory::textindex {

QByteArray encodePostings(const Postings &postings)
{
    constexpr qsizetype kUsualBytes = 4;
    QByteArray list;
    list.reserve(qsizetype(postings.size()) * kUsualBytes);
    quint32 previous = 0;
    for (const Posting &posting : postings) {
        putVarint(list, posting.chunk - previous);
        putVarint(list, (quint64(posting.frequency) << 1) | (posting.removed ? 1 : 0));
        list.append(char(posting.norm));
        previous = posting.chunk;
    }
    return list;
}

std::optional<Postings> decodePostings(QByteArrayView list)
{
    Postings postings;
    const bool whole =
        visitPostings(list, [&](quint32 chunk, quint32 frequency, quint8 norm, bool removed) {
            postings.push_back({chunk, frequency, norm, removed});
        });
    return whole ? std::optional(std::move(postings)) : std::nullopt;
}

void settle(Postings &postings)
{
    // Segments follow each other in time, and with it in numbers: mostly there is nothing to do.
    const auto earlier = [](const Posting &a, const Posting &b) {
        return a.chunk != b.chunk ? a.chunk < b.chunk : a.removed < b.removed;
    };
    if (!std::is_sorted(postings.begin(), postings.end(), earlier))
        std::sort(postings.begin(), postings.end(), earlier);
    size_t kept = 0;
    for (size_t i = 0; i < postings.size(); ++i) {
        const bool gone = i + 1 < postings.size() && postings[i].chunk == postings[i + 1].chunk &&
                          !postings[i].removed && postings[i + 1].removed;
        if (gone)
            ++i;
        else
            postings[kept++] = postings[i];
    }
    postings.resize(kept);
}

} // namespace llmemory::textindex
