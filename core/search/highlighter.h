#pragma once

#include <QList>
#include <QPair>
#include <QString>
#include <QStringList>

namespace llmemory::search {

// Where the matched words stand in a passage, as [start, end) in Unicode code points, ascending and
// disjoint. Pure; any thread.

/// Marks around matches that ts_headline() is asked to set; characters of no text (noncharacters).
inline constexpr char16_t kMarkStart = u'\uFDD0';
inline constexpr char16_t kMarkEnd = u'\uFDD1';

/// Reads the marks of ts_headline() over the whole passage. Nothing when the passage has such
/// characters.
QList<QPair<int, int>> highlightsFromMarks(const QString &marked, const QString &content);
/// Finds the words themselves, ignoring case: for scripts that PostgreSQL's parser does not divide.
QList<QPair<int, int>> highlightsOfWords(const QStringList &words, const QString &content);

} // namespace llmemory::search
