#include "core/embed/tokenizer/word_cache.h"

#include <cstring>
#include <new>

namespace llmemory::embed {

namespace {

/// A word in four machine words, with zeros behind it, and its hash.
struct Key
{
    explicit Key(std::u16string_view word)
    {
        std::memcpy(parts, word.data(), word.size() * sizeof(char16_t));
        constexpr quint64 kFirst = 0x9E37'79B9'7F4A'7C15;
        constexpr quint64 kSecond = 0xC2B2'AE3D'27D4'EB4F;
        quint64 mixed = word.size();
        const size_t used = (word.size() + 3) / 4;
        for (size_t i = 0; i < used; ++i) {
            mixed = (mixed ^ parts[i]) * kFirst;
            mixed ^= mixed >> 32;
        }
        mixed *= kSecond;
        hash = quint32(mixed >> 32);
    }

    quint64 parts[4] = {0, 0, 0, 0};
    quint32 hash = 0;
};

} // namespace

WordCache::WordCache()
{
    // calloc gives pages that are zero and not there until they are written.
    m_memory.reset(std::calloc(kSlots + 1, sizeof(Slot)));
    if (!m_memory)
        throw std::bad_alloc();
    void *start = m_memory.get();
    size_t space = (kSlots + 1) * sizeof(Slot);
    m_slots = static_cast<Slot *>(std::align(sizeof(Slot), kSlots * sizeof(Slot), start, space));
}

const WordCache::Slot *WordCache::find(std::u16string_view word) const
{
    const Key key(word);
    const Slot *set = m_slots + (key.hash & (kSlots / kWays - 1)) * kWays;
    for (size_t way = 0; way < kWays; ++way) {
        const Slot &slot = set[way];
        if (slot.hash == key.hash && slot.length == word.size() &&
            std::memcmp(slot.word, key.parts, sizeof slot.word) == 0)
            return &slot;
    }
    return nullptr;
}

void WordCache::insert(std::u16string_view word, const quint32 *ids, size_t count)
{
    if (word.empty() || word.size() > kMostUnits || count > kMostIds)
        return;
    const Key key(word);
    Slot *set = m_slots + (key.hash & (kSlots / kWays - 1)) * kWays;
    size_t way = 0;
    while (way < kWays && set[way].length != 0)
        ++way;
    if (way == kWays)
        way = m_victim++ % kWays;
    Slot &slot = set[way];
    slot.hash = key.hash;
    slot.length = quint16(word.size());
    slot.count = quint16(count);
    std::memcpy(slot.ids, ids, count * sizeof(quint32));
    std::memcpy(slot.word, key.parts, sizeof slot.word);
}

} // namespace llmemory::embed
