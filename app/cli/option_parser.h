#pragma once

#include "core/base/result.h"

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

namespace llmemory::app {

/// One option that a command understands.
struct OptionSpec
{
    /// With its dashes: "--limit".
    const char *name;
    /// Placeholder of the value in the help, "N"; null for a flag.
    const char *value = nullptr;
    /// For the help; untranslated.
    const char *meaning = "";
    /// Whether it may be given more than once.
    bool repeatable = false;

    QString nameText() const { return QLatin1String(name); }
    bool takesValue() const { return value != nullptr; }
};

/// What was found on a command line.
class ParsedOptions
{
public:
    bool has(const QString &option) const { return m_values.contains(option); }
    /// The value; empty when it was not given (see has()).
    QString text(const QString &option) const { return m_values.value(option).value(0); }
    /// All values of a repeatable option, in order.
    QStringList texts(const QString &option) const { return m_values.value(option); }
    /// Arguments that are no options, in order.
    const QStringList &positionals() const { return m_positionals; }

private:
    friend Result<ParsedOptions> parseOptions(const QStringList &, const QList<OptionSpec> &);

    QHash<QString, QStringList> m_values;
    QStringList m_positionals;
};

/// Sorts arguments into options and the rest: `--name value`, `--name=value`, `--` ends the
/// options, a lone `-` is no option. A value that begins with two dashes must be given as
/// `--name=value`. Pure. Error: Validation for an unknown or repeated option, a missing value, a
/// value for a flag.
Result<ParsedOptions> parseOptions(const QStringList &arguments, const QList<OptionSpec> &options);

} // namespace llmemory::app
