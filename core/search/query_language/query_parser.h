#pragma once

#include "core/base/result.h"
#include "core/search/query_language/parsed_query.h"

#include <QLocale>

namespace llmemory::search {

/// Words apart where NEAR names no number, and at most.
inline constexpr int kNearDistance = 10;
inline constexpr int kMostNearDistance = 50;
/// Of one query, and of the words or phrases beside it in characters: a tsquery spells every
/// distance out, and its size is limited.
inline constexpr int kMostNear = 4;
inline constexpr int kMostNearLength = 100;

/// What decides about dates in words.
struct ReadingContext
{
    QDate today = QDate::currentDate();
    QLocale locale = QLocale();
};

/// Reads the query language of docs/search.md. Free words, signs and unknown "name:" are words, so
/// any pasted text can be read; a mistake is only what was clearly meant as an operator: a field
/// without or with a wrong value, NEAR without its words.
/// "near" in small letters is an operator only in a query of exactly word near word, so that it
/// stays a word in a question.
/// Any thread.
/// @param text  any length; limits are checked elsewhere.
/// Error: Validation with field "query" and code "query_syntax"; the message names the column (in
/// characters, from 1) and what was expected there.
Result<ParsedQuery> parseQuery(const QString &text, const ReadingContext &context = {});

} // namespace llmemory::search
