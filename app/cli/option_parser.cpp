#include "app/cli/option_parser.h"

#include <QCoreApplication>

#include <algorithm>

namespace llmemory::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

bool looksLikeOption(const QString &argument)
{
    return argument.size() > 1 && argument.startsWith(u'-');
}

const OptionSpec *findOption(const QList<OptionSpec> &options, const QString &name)
{
    const auto found = std::find_if(options.begin(), options.end(), [&](const OptionSpec &option) {
        return option.nameText() == name;
    });
    return found == options.end() ? nullptr : &*found;
}

} // namespace

Result<ParsedOptions> parseOptions(const QStringList &arguments, const QList<OptionSpec> &options)
{
    ParsedOptions parsed;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments.at(i);
        if (argument == QLatin1String("--")) {
            parsed.m_positionals += arguments.mid(i + 1);
            break;
        }
        if (!looksLikeOption(argument)) {
            parsed.m_positionals += argument;
            continue;
        }
        const qsizetype equals =
            argument.startsWith(QLatin1String("--")) ? argument.indexOf(u'=') : -1;
        const QString name = argument.left(equals); // -1: all of it
        const OptionSpec *option = findOption(options, name);
        if (!option)
            return Error::validation(name, tr("Unknown option %1.").arg(name));
        if (parsed.has(name) && !option->repeatable)
            return Error::validation(name, tr("Option %1 is given twice.").arg(name));
        if (!option->takesValue()) {
            if (equals >= 0)
                return Error::validation(name, tr("Option %1 takes no value.").arg(name));
            parsed.m_values.insert(name, {QString()});
        } else if (equals >= 0) {
            parsed.m_values[name] += argument.mid(equals + 1);
        } else if (i + 1 < arguments.size() &&
                   !arguments.at(i + 1).startsWith(QLatin1String("--"))) {
            parsed.m_values[name] += arguments.at(++i);
        } else {
            return Error::validation(
                name,
                tr("Option %1 needs a value: %1 %2.").arg(name, QLatin1String(option->value)));
        }
    }
    return parsed;
}

} // namespace llmemory::app
