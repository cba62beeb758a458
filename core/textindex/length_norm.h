#pragma once

#include <QtGlobal>

namespace llmemory::textindex {

// A passage's length in one byte, as Lucene stores it (org.apache.lucene.util.SmallFloat,
// intToByte4 and byte4ToInt): exact up to 39, then four significant bits. Equal bytes give equal
// scores, so the form is part of what "equals Lucene" means. Pure.

/// @param length  0 or more. Monotonic; lengths above 2^31 - 1 count as that.
quint8 lengthNorm(qint64 length);
/// The shortest length that has this norm.
qint64 lengthOfNorm(quint8 norm);

} // namespace llmemory::textindex
