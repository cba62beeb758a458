#pragma once

#include <QByteArray>

namespace llmemory::extract {

/// @p html (UTF-8) without the tags of elements nested deeper than about @p mostDepth, their text
/// kept, and without scripts, styles and comments. The parser's time grows with the square of the
/// depth, so this comes before it. An estimate in one pass, no parser: a document of sane depth
/// passes unchanged but for scripts. Pure.
QByteArray withBoundedNesting(const QByteArray &html, int mostDepth);

} // namespace llmemory::extract
