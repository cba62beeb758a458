#pragma once

#include "core/base/error.h"

#include <QString>

namespace llmemory::db {

/// An Error for a SQLSTATE: what kind it is and what to tell a person.
/// @param state      five characters; empty means that the connection is gone
/// @param statement  name of the statement, for the log
/// @param detail     the server's text, for the log; must hold no values of the statement
Error errorForSqlState(const QString &state, const QString &statement, const QString &detail);

/// 40001, 40P01, 55P03: the transaction may simply be run again.
bool isRetryable(const Error &error);
/// Class 08, 57P01-57P03, or no state: the connection is lost.
bool isConnectionLoss(const Error &error);

} // namespace llmemory::db
