#pragma once

#include <QtGlobal>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

namespace llmemory::embed {

/// Numbers by 64-bit keys: open addressing with linear probing, half full at most. Keys of all one
/// bits are not allowed. Safe to read from many threads.
class IdMap final
{
public:
    static constexpr quint32 kNone = 0xFFFF'FFFF;

    IdMap() { reserve(0); }

    /// Empties the map and makes room for @p count keys; more make it grow.
    void reserve(size_t count)
    {
        constexpr size_t kSmallest = 16;
        const size_t capacity = std::bit_ceil(std::max(count * 2, kSmallest));
        m_keys.assign(capacity, kFree);
        m_values.assign(capacity, kNone);
        m_shift = 64 - std::countr_zero(capacity);
        m_size = 0;
    }
    /// The value of a key, which is added with kNone when it is new.
    quint32 &operator[](quint64 key)
    {
        if ((m_size + 1) * 2 > m_keys.size())
            grow();
        const size_t slot = slotOf(key);
        if (m_keys[slot] == kFree) {
            m_keys[slot] = key;
            ++m_size;
        }
        return m_values[slot];
    }
    /// kNone when there is no such key.
    quint32 find(quint64 key) const { return m_values[slotOf(key)]; }

private:
    static constexpr quint64 kFree = ~quint64(0);

    size_t slotOf(quint64 key) const
    {
        constexpr quint64 kGolden = 0x9E37'79B9'7F4A'7C15; // 2^64 / phi, Fibonacci hashing
        size_t slot = size_t((key * kGolden) >> m_shift);
        while (m_keys[slot] != key && m_keys[slot] != kFree)
            slot = (slot + 1) & (m_keys.size() - 1);
        return slot;
    }
    void grow()
    {
        const std::vector<quint64> keys = std::move(m_keys);
        const std::vector<quint32> values = std::move(m_values);
        reserve(keys.size());
        for (size_t i = 0; i < keys.size(); ++i) {
            if (keys[i] != kFree)
                (*this)[keys[i]] = values[i];
        }
    }

    std::vector<quint64> m_keys;
    std::vector<quint32> m_values;
    int m_shift = 0;
    size_t m_size = 0;
};

} // namespace llmemory::embed
