#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace llmemory::extract {

/// Text with the name of the encoding that it came in.
struct DecodedText
{
    QString text;
    QString encoding; ///< "UTF-8", "windows-1252", …
};

/// Finds the encoding of @p bytes and decodes them: a byte order mark, then valid UTF-8, then @p
/// declared, then a guess from the bytes. Nothing when the bytes are no text in any encoding.
/// @param declared  encoding that the document names itself; may be empty or wrong
std::optional<DecodedText> decodeText(const QByteArray &bytes, const QByteArray &declared = {});

} // namespace llmemory::extract
