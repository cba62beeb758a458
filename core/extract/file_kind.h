#pragma once

#include "core/documents/document_type.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace llmemory::extract {

/// What a file is, as far as choosing its extractor needs to know.
enum class FileKind {
    Unsupported, ///< known to be something else, or binary
    Text,
    Code,
    Markdown,
    Html,
    Pdf,
    Docx,
};

/// How many bytes from a file's start kindOfFile() looks at.
inline constexpr qsizetype kSniffedBytes = 4096;

/// Stable word, which names the kind to the worker: "docx".
QString toString(FileKind kind);
/// Unsupported for an unknown word.
FileKind fileKindFromString(const QString &word);
/// The document type a file of @p kind becomes; Unknown for Unsupported.
DocumentType documentTypeOf(FileKind kind);

/// True when the name alone promises text; used to choose files while walking a folder.
/// Only the last component of @p name counts, without regard to case.
bool isSupportedName(const QString &name);
/// Suffixes without the dot, lower case, sorted; for file dialogs.
QStringList supportedSuffixes();

/// The kind by the file's name and its first bytes (at most kSniffedBytes are looked at). What the
/// bytes say beats the name, except among text formats; a name nobody knows is tried as text. Pure.
FileKind kindOfFile(const QString &name, const QByteArray &firstBytes);

} // namespace llmemory::extract
