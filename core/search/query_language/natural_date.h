#pragma once

#include "core/search/query_language/query_part.h"

#include <QLocale>
#include <QString>

#include <optional>

namespace llmemory::search {

/// Reads the days that a user means: 2024, 2024-05, 2024-05-17, 2024-q2, today, yesterday, "this
/// week", "last month", "3 days ago", "last 7 days", weekdays (the latest one up to today), months
/// (the latest one up to now), "may 2024", "17 may 2024"; month and day names and whole dates also
/// in @p locale, the words also as this program's translation has them. Two of them joined with
/// ".." are a range, of which one end may be missing. Instead of a space, "-" and "_" do. Case does
/// not count. Weeks begin as in the locale. Nothing for anything else, and for a range whose end is
/// before its beginning. Pure; any thread.
/// @param today  what "today" is.
std::optional<DateRange> readDates(const QString &text,
                                   const QDate &today,
                                   const QLocale &locale = QLocale::c());

} // namespace llmemory::search
