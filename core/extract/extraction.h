#pragma once

#include "core/base/json.h"
#include "core/documents/document_type.h"
#include "core/documents/text_structure.h"

#include <QString>

namespace llmemory::extract {

/// How reading a file ended; the words are stored with a failed file.
enum class Outcome {
    Ok,
    Truncated,   ///< text cut at the limit; what is there is good
    Empty,       ///< readable, but no text (a scan, an empty file)
    Unsupported, ///< no extractor for this kind of file
    Encrypted,   ///< needs a password
    Damaged,     ///< not a valid file of its kind
    TooLarge,    ///< larger than the input limit
    Bomb,        ///< expands beyond the limits
    Timeout,
    Memory,
    Crashed,
    Unreadable, ///< could not be opened, or no reader could be started: says nothing about the
                ///< content
    Cancelled,  ///< stopped on request: says nothing about the content
};

/// Stable word: "ok", "too_large", ….
QString toString(Outcome outcome);
/// True where the outcome is about the file's content, so that trying the same bytes again is no
/// use.
bool isAboutContent(Outcome outcome);
/// The inverse of toString(); Crashed for an unknown word.
Outcome outcomeFromString(const QString &word);

/// What an extractor makes of a file: a value, no database, no widgets.
struct Extraction
{
    Outcome outcome = Outcome::Ok;
    /// Plain text; paragraphs separated by an empty line, pages by an empty line. Empty unless Ok
    /// or Truncated.
    QString text;
    TextStructure structure;
    DocumentType type = DocumentType::Unknown;
    /// Title inside the file; empty where it has none.
    QString title;
    /// "author", "created" and the like, as found; an object.
    Json metadata = Json::object();
    /// For people: why not Ok; empty otherwise. Extractors leave a word of reason.h here instead.
    QString reason;

    bool hasText() const { return outcome == Outcome::Ok || outcome == Outcome::Truncated; }
};

} // namespace llmemory::extract
