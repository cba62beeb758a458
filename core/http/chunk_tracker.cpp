#include "core/http/chunk_tracker.h"

#include <algorithm>

namespace llmemory::http {

namespace {

constexpr int kMostDigits = 8;
constexpr int kLongestSizeLine = 256;
constexpr int kTrailerBytes = 8 * 1024;

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = char(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

} // namespace

ChunkTracker::ChunkTracker(qint64 mostBytes) : m_most(mostBytes) {}

qsizetype ChunkTracker::consume(QByteArrayView bytes)
{
    qsizetype taken = 0;
    while (taken < bytes.size() && !isComplete() && !isBroken()) {
        if (m_state == State::Data) {
            const qint64 step = std::min<qint64>(m_left, bytes.size() - taken);
            taken += step;
            m_left -= step;
            if (m_left == 0)
                m_state = State::DataEnd;
            continue;
        }
        takeByte(bytes.at(taken));
        ++taken;
    }
    return taken;
}

void ChunkTracker::takeByte(char c)
{
    switch (m_state) {
    case State::Size:
        takeSize(c);
        break;
    case State::Extension:
        if (c == '\r')
            m_state = State::SizeEnd;
        else if (c == '\n' || ++m_lineLength > kLongestSizeLine)
            m_state = State::Broken;
        break;
    case State::SizeEnd:
        if (c == '\n')
            beginChunk();
        else
            m_state = State::Broken;
        break;
    case State::DataEnd:
        if (m_last == '\r' && c == '\n')
            m_state = State::Size;
        else if (c != '\r' || m_last == '\r')
            m_state = State::Broken;
        m_last = m_state == State::DataEnd ? c : 0;
        break;
    case State::Trailer:
        takeTrailer(c);
        break;
    case State::Data:
    case State::Complete:
    case State::Broken:
        break;
    }
}

void ChunkTracker::takeSize(char c)
{
    const int digit = hexDigit(c);
    if (digit >= 0 && m_digits < kMostDigits) {
        m_left = m_left * 16 + digit;
        ++m_digits;
    } else if (c == '\r' && m_digits > 0) {
        m_state = State::SizeEnd;
    } else if ((c == ';' || c == ' ' || c == '\t') && m_digits > 0) {
        m_state = State::Extension;
    } else {
        m_state = State::Broken;
    }
}

void ChunkTracker::beginChunk()
{
    m_digits = 0;
    m_lineLength = 0;
    m_last = 0;
    m_total += m_left;
    if (m_total > m_most)
        m_state = State::Broken;
    else
        m_state = m_left == 0 ? State::Trailer : State::Data;
}

void ChunkTracker::takeTrailer(char c)
{
    if (++m_lineLength > kTrailerBytes || (c == '\n') != (m_last == '\r')) {
        m_state = State::Broken;
        return;
    }
    if (c == '\n') {
        if (m_trailerColumn == 0)
            m_state = State::Complete;
        m_trailerColumn = 0;
    } else if (c != '\r') {
        ++m_trailerColumn;
    }
    m_last = c;
}

} // namespace llmemory::http
