#pragma once

#include <QString>

namespace llmemory::documents {

/// What the text index reads of a document's name: the name as it is, so that it is found as typed,
/// and behind it, where that differs, its words without file extension, apart from each other
/// ("Annual_Report2023.pdf": Annual Report 2023; "meetingNotes": meeting Notes). Words of scripts
/// without spaces are segmented. Pure; any thread.
QString nameWords(const QString &name);

} // namespace llmemory::documents
