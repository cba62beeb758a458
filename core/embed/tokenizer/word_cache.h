#pragma once

#include <QtGlobal>

#include <cstdlib>
#include <memory>
#include <string_view>

namespace llmemory::embed {

/// The tokens of words that came before. Short words of few tokens only, each in one cache line;
/// a newer word takes the place of an older one when its set is full. What it answers is exact: the
/// word itself is compared. One thread at a time.
class WordCache final
{
public:
    static constexpr size_t kMostUnits = 16;
    static constexpr size_t kMostIds = 6;

    struct Slot
    {
        quint32 hash;
        quint16 length; ///< 0 = free
        quint16 count;
        quint32 ids[kMostIds];
        char16_t word[kMostUnits]; ///< zeros behind the word
    };
    static_assert(sizeof(Slot) == 64);

    WordCache();

    /// The tokens of a word. @param word  1 to kMostUnits units
    /// @return nullptr when it is not there
    const Slot *find(std::u16string_view word) const;
    /// Remembers the tokens of a word. Does nothing when it is too long or has too many.
    void insert(std::u16string_view word, const quint32 *ids, size_t count);

private:
    static constexpr size_t kWays = 4;
    static constexpr size_t kSlots = size_t(1) << 16; // 4 MB, of which only used pages are there

    struct Free
    {
        void operator()(void *memory) const { std::free(memory); }
    };

    std::unique_ptr<void, Free> m_memory;
    Slot *m_slots = nullptr; ///< at the start of a cache line
    quint32 m_victim = 0;
};

} // namespace llmemory::embed
