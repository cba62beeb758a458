#pragma once

#include "app/cli/option_parser.h"
#include "core/base/ids.h"

namespace llmemory::app {

// Values of options that several commands have, checked. Pure. Error: Validation, with the option
// as its field.

/// What is wrong with an option (empty: with an argument), in a sentence.
Error wrong(const QString &option, const QString &message);
/// The same from an error of the library.
Error wrongOption(const QString &option, const Error &cause);

bool wantsJson(const ParsedOptions &options);
/// The value of --owner.
Result<OwnerId> readOwner(const ParsedOptions &options);
/// Checks how many arguments there are.
/// @param most  -1 = any number  @param names  of the arguments, for the message
Result<> checkCount(const ParsedOptions &options, int least, int most, const QString &names);

// A number of an option; @p fallback where it was not given.

Result<int> readInteger(const ParsedOptions &options, const QString &option, int fallback);
Result<double> readReal(const ParsedOptions &options, const QString &option, double fallback);
/// @p least and @p most are allowed.
Result<int> readCount(
    const ParsedOptions &options, const QString &option, int fallback, int least, int most);

} // namespace llmemory::app
