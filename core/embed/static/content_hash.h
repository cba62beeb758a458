#pragma once

#include <QByteArrayView>

namespace llmemory::embed {

/// A fast 64-bit hash of large files, the same on every machine and in every version: four lanes of
/// multiply and rotate as in xxHash. Against mix-ups, not against attackers. @param seed  the hash
/// of what comes before
quint64 contentHash(QByteArrayView content, quint64 seed = 0);

} // namespace llmemory::embed
