#include "app/cli/option_values.h"

#include <QCoreApplication>

namespace llmemory::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

} // namespace

Error wrong(const QString &option, const QString &message)
{
    return Error::validation(option, message);
}

Error wrongOption(const QString &option, const Error &cause)
{
    return wrong(option, tr("%1: %2").arg(option, cause.message));
}

bool wantsJson(const ParsedOptions &options)
{
    return options.has(QStringLiteral("--json"));
}

Result<OwnerId> readOwner(const ParsedOptions &options)
{
    const QString option = QStringLiteral("--owner");
    if (!options.has(option))
        return wrong(option, tr("Option --owner is missing: whose documents?"));
    auto owner = OwnerId::parse(options.text(option));
    if (!owner)
        return wrongOption(option, owner.error());
    return owner;
}

Result<> checkCount(const ParsedOptions &options, int least, int most, const QString &names)
{
    const qsizetype count = options.positionals().size();
    if (count < least)
        return wrong({}, tr("%1 is missing.").arg(names));
    if (most >= 0 && count > most)
        return wrong({}, tr("Unexpected argument \"%1\".").arg(options.positionals().at(most)));
    return {};
}

Result<int> readInteger(const ParsedOptions &options, const QString &option, int fallback)
{
    if (!options.has(option))
        return fallback;
    bool isNumber = false;
    const int value = options.text(option).toInt(&isNumber);
    if (!isNumber)
        return wrong(
            option,
            tr("%1 must be a whole number; it is \"%2\".").arg(option, options.text(option)));
    return value;
}

Result<double> readReal(const ParsedOptions &options, const QString &option, double fallback)
{
    if (!options.has(option))
        return fallback;
    bool isNumber = false;
    const double value = options.text(option).toDouble(&isNumber);
    if (!isNumber)
        return wrong(option,
                     tr("%1 must be a number; it is \"%2\".").arg(option, options.text(option)));
    return value;
}

Result<int> readCount(
    const ParsedOptions &options, const QString &option, int fallback, int least, int most)
{
    const auto value = readInteger(options, option, fallback);
    if (value && options.has(option) && (*value < least || *value > most))
        return wrong(
            option,
            tr("%1 must be %2 to %3; it is %4.").arg(option).arg(least).arg(most).arg(*value));
    return value;
}

} // namespace llmemory::app
