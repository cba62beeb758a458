#pragma once

#include <QByteArray>

namespace llmemory::extract {

/// True when entries of the ZIP file @p bytes overlap, so that few bytes unpack many times; libzip
/// does not look for it. False also where the directory cannot be found: then there is nothing to
/// unpack. Pure.
bool hasSharedBytes(const QByteArray &bytes);

} // namespace llmemory::extract
