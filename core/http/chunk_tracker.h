#pragma once

#include <QByteArrayView>

namespace llmemory::http {

/// Follows a body in chunked transfer coding (RFC 9112, 7.1) to find its end and its size; it does
/// not decode. Strict: bare line feeds and chunk sizes of more than eight digits are mistakes.
class ChunkTracker
{
public:
    /// @param mostBytes  largest body in bytes, framing not counted
    explicit ChunkTracker(qint64 mostBytes);

    /// Takes bytes up to the end of the body; how many of @p bytes belong to it.
    qsizetype consume(QByteArrayView bytes);
    /// The last byte of the body has been taken.
    bool isComplete() const { return m_state == State::Complete; }
    /// A mistake in the framing, or a body larger than allowed; nothing more is taken.
    bool isBroken() const { return m_state == State::Broken; }

private:
    enum class State { Size, Extension, SizeEnd, Data, DataEnd, Trailer, Complete, Broken };

    void takeByte(char c);
    void takeSize(char c);
    void takeTrailer(char c);
    void beginChunk();

    qint64 m_most;
    State m_state = State::Size;
    qint64 m_total = 0; ///< bytes of the body announced so far
    qint64 m_left = 0;  ///< of the chunk, or of its closing CRLF
    int m_digits = 0;
    int m_lineLength = 0;    ///< of the size line, or of all trailers
    int m_trailerColumn = 0; ///< in the current trailer line
    char m_last = 0;
};

} // namespace llmemory::http
