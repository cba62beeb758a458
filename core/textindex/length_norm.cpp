#include "core/textindex/length_norm.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace llmemory::textindex {

namespace {

/// Bits of the mantissa, the leading one included.
constexpr int kMantissaBits = 4;
constexpr quint64 kMantissa = (1U << (kMantissaBits - 1)) - 1;

/// A float without a sign: the number of shifts, then the mantissa without its leading one.
constexpr int packed(quint64 value)
{
    const int bits = std::bit_width(value);
    if (bits < kMantissaBits)
        return int(value);
    const int shift = bits - kMantissaBits;
    return int((value >> shift) & kMantissa) | ((shift + 1) << (kMantissaBits - 1));
}

constexpr quint64 unpacked(int value)
{
    const quint64 bits = quint64(value) & kMantissa;
    const int shift = (value >> (kMantissaBits - 1)) - 1;
    return shift < 0 ? bits : (bits | (kMantissa + 1)) << shift;
}

constexpr qint64 kLongest = std::numeric_limits<qint32>::max();
/// Values of the byte that the packed form leaves free; they stand for themselves.
constexpr int kFree = 255 - packed(kLongest);
static_assert(kFree == 24);

} // namespace

quint8 lengthNorm(qint64 length)
{
    const qint64 known = std::clamp<qint64>(length, 0, kLongest);
    return quint8(known < kFree ? known : kFree + packed(quint64(known - kFree)));
}

qint64 lengthOfNorm(quint8 norm)
{
    return norm < kFree ? norm : qint64(kFree + unpacked(norm - kFree));
}

} // namespace llmemory::textindex
