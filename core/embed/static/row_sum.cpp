#include "core/embed/static/row_sum.h"

#include <algorithm>
#include <bit>
#include <cstring>

// Plain loops that the compiler turns into vector instructions, once for every x86-64 and once for
// processors with AVX2. Not by target_clones: its resolvers run before sanitizers are ready.
#if defined(__x86_64__) && defined(__GNUC__)
#define LLMEMORY_AVX2 __attribute__((target("avx2")))
#define LLMEMORY_INLINE inline __attribute__((always_inline))
#else
#define LLMEMORY_INLINE inline
#endif

namespace llmemory::embed {

namespace {

template <typename Number>
LLMEMORY_INLINE Number load(const void *numbers, size_t i)
{
    Number value;
    std::memcpy(&value, static_cast<const char *>(numbers) + i * sizeof(Number), sizeof value);
    return value;
}

struct Int8
{
    static constexpr size_t kBytes = 1;
    static LLMEMORY_INLINE float at(const void *row, size_t i)
    {
        return float(load<qint8>(row, i));
    }
};

struct Float
{
    static constexpr size_t kBytes = 4;
    static LLMEMORY_INLINE float at(const void *row, size_t i) { return load<float>(row, i); }
};

/// IEEE 754 binary16: exponent and fraction go to their places in binary32, where the exponent is
/// 112 too small. Right for subnormal numbers too; there is no infinity in a table.
struct Half
{
    static constexpr size_t kBytes = 2;
    static LLMEMORY_INLINE float at(const void *row, size_t i)
    {
        constexpr float kTwoTo112 = 0x1p112F;
        const quint32 bits = load<quint16>(row, i);
        const float magnitude = std::bit_cast<float>((bits & 0x7FFFU) << 13) * kTwoTo112;
        return std::bit_cast<float>(std::bit_cast<quint32>(magnitude) | ((bits & 0x8000U) << 16));
    }
};

/// Four rows at a time, so that the sum is read and written less often.
template <typename Format>
LLMEMORY_INLINE void addRows(float *__restrict sum,
                             const WeightedRow *rows,
                             size_t count,
                             size_t dimension)
{
    constexpr size_t kAhead = 8;      // rows on their way from memory
    constexpr size_t kCacheLine = 64; // bytes
    size_t r = 0;
    for (; r + 4 <= count; r += 4) {
        for (size_t next = r + kAhead; next < std::min(r + kAhead + 4, count); ++next) {
            const char *row = static_cast<const char *>(rows[next].numbers);
            for (size_t byte = 0; byte < dimension * Format::kBytes; byte += kCacheLine)
                __builtin_prefetch(row + byte);
        }
        const WeightedRow a = rows[r];
        const WeightedRow b = rows[r + 1];
        const WeightedRow c = rows[r + 2];
        const WeightedRow d = rows[r + 3];
        for (size_t i = 0; i < dimension; ++i) {
            sum[i] += (a.weight * Format::at(a.numbers, i) + b.weight * Format::at(b.numbers, i)) +
                      (c.weight * Format::at(c.numbers, i) + d.weight * Format::at(d.numbers, i));
        }
    }
    for (; r < count; ++r) {
        const WeightedRow row = rows[r];
        for (size_t i = 0; i < dimension; ++i)
            sum[i] += row.weight * Format::at(row.numbers, i);
    }
}

#ifdef LLMEMORY_AVX2
bool hasAvx2()
{
    static const bool has = __builtin_cpu_supports("avx2") != 0;
    return has;
}

template <typename Format>
LLMEMORY_AVX2 void addRowsAvx2(float *sum, const WeightedRow *rows, size_t count, size_t dimension)
{
    addRows<Format>(sum, rows, count, dimension);
}
#endif

template <typename Format>
void dispatch(float *sum, const WeightedRow *rows, size_t count, size_t dimension)
{
#ifdef LLMEMORY_AVX2
    if (hasAvx2()) {
        addRowsAvx2<Format>(sum, rows, count, dimension);
        return;
    }
#endif
    addRows<Format>(sum, rows, count, dimension);
}

} // namespace

void addRowsInt8(float *sum, const WeightedRow *rows, size_t count, size_t dimension)
{
    dispatch<Int8>(sum, rows, count, dimension);
}

void addRowsHalf(float *sum, const WeightedRow *rows, size_t count, size_t dimension)
{
    dispatch<Half>(sum, rows, count, dimension);
}

void addRowsFloat(float *sum, const WeightedRow *rows, size_t count, size_t dimension)
{
    dispatch<Float>(sum, rows, count, dimension);
}

} // namespace llmemory::embed
