#include "core/extract/zip_directory.h"

#include <QByteArrayView>
#include <QList>
#include <QtEndian>

#include <algorithm>
#include <optional>

namespace llmemory::extract {

namespace {

// Layout of APPNOTE.TXT 6.3.10: 4.3.7 (local header), 4.3.12 (directory), 4.3.16 (its end), 4.5.3
// (ZIP64).
constexpr qsizetype kEndBytes = 22;
constexpr qsizetype kEntryBytes = 46;
constexpr qsizetype kLocalBytes = 30;
constexpr quint32 kIn64 = 0xffffffff;
constexpr quint16 kZip64Tag = 1;

struct Span
{
    quint64 begin = 0;
    quint64 end = 0;
};

template <typename T>
T at(QByteArrayView bytes, qsizetype offset)
{
    return qFromLittleEndian<T>(bytes.data() + offset);
}

/// The 64-bit values that replace fields of 0xffffffff, in the order of the fields.
void widen(QByteArrayView extra, QList<quint64 *> fields)
{
    while (extra.size() >= 4) {
        const qsizetype size = std::min<qsizetype>(at<quint16>(extra, 2), extra.size() - 4);
        if (at<quint16>(extra, 0) == kZip64Tag) {
            QByteArrayView values = extra.sliced(4, size);
            for (quint64 *field : fields) {
                if (*field != kIn64 || values.size() < 8)
                    continue;
                *field = at<quint64>(values, 0);
                values = values.sliced(8);
            }
            return;
        }
        extra = extra.sliced(4 + size);
    }
}

/// The bytes an entry takes: its local header, name and packed content.
std::optional<Span> spanOf(QByteArrayView bytes, QByteArrayView entry)
{
    quint64 packed = at<quint32>(entry, 20);
    quint64 unpacked = at<quint32>(entry, 24);
    quint64 offset = at<quint32>(entry, 42);
    const qsizetype nameLength = at<quint16>(entry, 28);
    const qsizetype extraLength = at<quint16>(entry, 30);
    if (entry.size() < kEntryBytes + nameLength + extraLength)
        return std::nullopt;
    widen(entry.sliced(kEntryBytes + nameLength, extraLength), {&unpacked, &packed, &offset});
    if (offset + kLocalBytes > quint64(bytes.size()))
        return std::nullopt;
    return Span{.begin = offset, .end = offset + kLocalBytes + quint64(nameLength) + packed};
}

QList<Span> spansOf(QByteArrayView bytes)
{
    QList<Span> spans;
    const qsizetype end = bytes.lastIndexOf(QByteArrayView("PK\x05\x06"));
    if (end < 0 || bytes.size() - end < kEndBytes)
        return spans;
    // Right before its end, whatever offset is declared: that is where readers find it.
    const auto length = qsizetype(at<quint32>(bytes, end + 12));
    qsizetype position =
        std::min(qsizetype(at<quint32>(bytes, end + 16)), std::max<qsizetype>(0, end - length));
    while (bytes.size() - position >= kEntryBytes &&
           bytes.sliced(position).startsWith(QByteArrayView("PK\x01\x02"))) {
        const QByteArrayView entry = bytes.sliced(position);
        if (const auto span = spanOf(bytes, entry))
            spans.append(*span);
        position +=
            kEntryBytes + at<quint16>(entry, 28) + at<quint16>(entry, 30) + at<quint16>(entry, 32);
        if (position > bytes.size())
            break;
    }
    return spans;
}

} // namespace

bool hasSharedBytes(const QByteArray &bytes)
{
    QList<Span> spans = spansOf(bytes);
    std::sort(
        spans.begin(), spans.end(), [](const Span &a, const Span &b) { return a.begin < b.begin; });
    const auto overlap = std::adjacent_find(
        spans.begin(), spans.end(), [](const Span &a, const Span &b) { return b.begin < a.end; });
    return overlap != spans.end();
}

} // namespace llmemory::extract
