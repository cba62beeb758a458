#pragma once

#include "core/documents/document.h"

#include <QDateTime>
#include <QString>

namespace llmemory::ui {

/// "PDF", "Web page": the type in the user's language.
QString typeName(DocumentType type);
/// Name of the type's icon, as for icon().
QString typeIcon(DocumentType type);
/// "Searchable", "3 waiting for meaning", "No text".
QString stateText(const Document &document);
/// Short date and time of the user's locale and zone; empty for an invalid one.
QString dateText(const QDateTime &date);
/// Number with the locale's separators.
QString numberText(qint64 number);
/// "Book › Chapter › Section"; empty without headings.
QString headingText(const QStringList &path);
/// "p. 3"; empty where the format has no pages.
QString pageText(int page);

} // namespace llmemory::ui
