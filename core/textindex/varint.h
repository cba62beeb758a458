#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <algorithm>

namespace llmemory::textindex {

// Whole numbers of few bytes: seven bits each, the low ones first, the high bit set while more
// follow (LEB128). In the header: decoding a postings list is nothing else.

/// Appends @p value, 1 to 10 bytes.
inline void putVarint(QByteArray &out, quint64 value)
{
    while (value >= 0x80) {
        out.append(char(value | 0x80));
        value >>= 7;
    }
    out.append(char(value));
}

/// Reads what putVarint() wrote. What is cut off or too long leaves it at the end, failed().
class VarintReader
{
public:
    explicit VarintReader(QByteArrayView bytes)
        : m_at(reinterpret_cast<const uchar *>(bytes.data())), m_end(m_at + bytes.size())
    {
    }

    bool atEnd() const { return m_at == m_end; }
    /// Whether something was not there; what was read since is 0 or empty.
    bool failed() const { return m_failed; }

    quint64 number()
    {
        quint64 value = 0;
        for (unsigned shift = 0; m_at != m_end && shift < 64; shift += 7) {
            const uchar byte = *m_at++;
            value |= quint64(byte & 0x7f) << shift;
            if (byte < 0x80)
                return value;
        }
        return fail();
    }
    quint8 byte() { return m_at != m_end ? *m_at++ : quint8(fail()); }
    /// The next @p size bytes, in place.
    QByteArrayView bytes(quint64 size)
    {
        if (size > quint64(m_end - m_at)) {
            fail();
            return {};
        }
        const QByteArrayView view(m_at, qsizetype(size));
        m_at += size;
        return view;
    }
    /// The same, or what is left of them.
    QByteArrayView upTo(quint64 size) { return bytes(std::min(size, quint64(m_end - m_at))); }

private:
    quint64 fail()
    {
        m_failed = true;
        m_at = m_end;
        return 0;
    }

    const uchar *m_at;
    const uchar *m_end;
    bool m_failed = false;
};

} // namespace llmemory::textindex
