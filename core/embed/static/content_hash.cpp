#include "core/embed/static/content_hash.h"

#include <QtEndian>

#include <array>
#include <bit>

namespace llmemory::embed {

namespace {

constexpr quint64 kFirst = 0x9E37'79B9'7F4A'7C15;
constexpr quint64 kSecond = 0xC2B2'AE3D'27D4'EB4F;

quint64 mix(quint64 state, quint64 word)
{
    constexpr int kRotation = 31;
    return std::rotl(state + word * kSecond, kRotation) * kFirst;
}

} // namespace

quint64 contentHash(QByteArrayView content, quint64 seed)
{
    std::array<quint64, 4> lanes{seed, seed + kFirst, seed + kSecond, ~seed};
    constexpr qsizetype kWord = sizeof(quint64);
    constexpr qsizetype kBlock = kWord * 4;
    const char *bytes = content.data();
    qsizetype rest = content.size();
    for (; rest >= kBlock; rest -= kBlock, bytes += kBlock) {
        for (size_t i = 0; i < lanes.size(); ++i)
            lanes[i] = mix(lanes[i], qFromLittleEndian<quint64>(bytes + qsizetype(i) * kWord));
    }
    quint64 hash = quint64(content.size());
    for (const quint64 lane : lanes)
        hash = mix(hash, lane);
    for (; rest > 0; --rest, ++bytes)
        hash = mix(hash, quint8(*bytes));
    hash ^= hash >> 32;
    hash *= kSecond;
    return hash ^ (hash >> 29);
}

} // namespace llmemory::embed
