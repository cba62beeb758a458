#pragma once

#include <QStringView>

namespace llmemory::chunk {

// Places where a text may be cut. Positions are UTF-16 offsets; a cut at p leaves the code unit p
// to the right. "last…" search [from, to] backwards, "first…" forwards; -1 where there is none. All
// pure; any thread. Each position is judged by a bounded neighbourhood, so searches are linear.

/// Whether a sentence or paragraph ends just before @p pos: after . ! ? … (closing quotes and
/// brackets included) before white space or the end; after a full stop that needs no space (。！？
/// ؟ ۔ । ။ ። …); after a blank line. Not after an initial ("J. Smith"), a one- or two-digit ordinal
/// ("3. Mai") or before a lower-case letter ("approx. ten").
bool isSentenceEnd(QStringView text, qsizetype pos);

/// The last sentence end in [from, to].
qsizetype lastSentenceEnd(QStringView text, qsizetype from, qsizetype to);
/// The first sentence end in [from, to].
qsizetype firstSentenceEnd(QStringView text, qsizetype from, qsizetype to);
/// The last place after a line break, or after a comma, semicolon or colon (of any script) in
/// [from, to].
qsizetype lastSoftBreak(QStringView text, qsizetype from, qsizetype to);
/// The last word start in [from, to]: after white space.
qsizetype lastWordStart(QStringView text, qsizetype from, qsizetype to);
/// The first word start in [from, to].
qsizetype firstWordStart(QStringView text, qsizetype from, qsizetype to);

/// The start of the grapheme cluster (what a reader sees as one character) that @p pos lies in; @p
/// pos itself where one starts. Exact for clusters of up to 64 code units; never inside a surrogate
/// pair.
qsizetype graphemeStart(QStringView text, qsizetype pos);

/// The first position from @p pos on that is not white space; @p end where all is. A space that
/// carries a combining mark counts as text.
qsizetype skipSpace(QStringView text, qsizetype pos, qsizetype end);

} // namespace llmemory::chunk
