#pragma once

#include "core/base/error.h"

#include <QString>

namespace llmemory::db {

/// An Error for a SQLSTATE: what kind it is and what to tell a person.
/// @param state      five characters; empty means that the connection is gone
/// @param statement  name of the statement, for the log
/// @param detail     the server's text, for the log; must hold no values of the statement
Error errorForSqlState(const QString &state, const QString &statement, const QString &detail);

/// Error::code where the server has a prepared statement no more, or not as it was. The next run
/// prepares none.
inline constexpr char kPlanLost[] = "plan_lost";

/// 40001, 40P01, 55P03, kPlanLost: the transaction may simply be run again.
bool isRetryable(const Error &error);
/// 26000, 0A000, 42P05 of a prepared statement: it is gone, answers otherwise, or is there already.
bool isPlanLoss(const Error &error);
/// Class 08, 57P01-57P03, or no state: the connection is lost.
bool isConnectionLoss(const Error &error);

} // namespace llmemory::db
