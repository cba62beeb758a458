#include "core/settings/setting_value.h"

#include "core/db/sql_names.h"
#include "core/settings/embedding_providers.h"

#include <QCoreApplication>
#include <QDir>
#include <QLocale>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>
#include <optional>

namespace llmemory::settings {

namespace {

constexpr int kMostShown = 80; // characters of a value in a refusal

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::settings", text);
}

Error refusal(const Definition &definition, const QString &message)
{
    return {.kind = ErrorKind::Configuration, .message = message, .field = definition.name};
}

/// "2,000" in the user's locale.
QString grouped(int number)
{
    // The C locale, which knows no groups, means English here as in all texts.
    const QLocale user;
    return user.language() == QLocale::C ? QLocale(QLocale::English).toString(number)
                                         : user.toString(number);
}

QString integerRange(const Definition &definition)
{
    QString text = tr("%1 to %2").arg(grouped(definition.least), grouped(definition.most));
    if (*definition.unit)
        text += u' ' + QLatin1String(definition.unit);
    if (definition.special)
        text += tr(" (%1 = %2)")
                    .arg(grouped(definition.special->value), tr(definition.special->meaning));
    return text;
}

QString decimalText(double number)
{
    return QString::number(number, 'g', QLocale::FloatingPointShortest);
}

/// Nothing where it is no number of the range.
std::optional<double> decimalOf(const Definition &definition, const QString &text)
{
    static const QRegularExpression form(QStringLiteral("^[0-9]{1,9}([.][0-9]{1,9})?$"));
    if (!form.match(text).hasMatch())
        return std::nullopt;
    const double number = text.toDouble();
    const bool isAllowed = number >= definition.least && number <= definition.most;
    return isAllowed ? std::optional(number) : std::nullopt;
}

QString shownInRefusal(const Definition &definition, const QString &text)
{
    bool isNumber = false;
    if (definition.type == Type::Integer)
        text.toInt(&isNumber);
    else if (definition.type == Type::Decimal)
        text.toDouble(&isNumber);
    if (isNumber)
        return text;
    const bool mayHoldPassword =
        definition.type == Type::ConnectionString || definition.type == Type::Url;
    const QString shown = mayHoldPassword ? maskedConnectionString(text) : text;
    return u'"' + (shown.size() > kMostShown ? shown.left(kMostShown) + u'…' : shown) + u'"';
}

bool isAllowedInteger(const Definition &definition, const QString &text)
{
    bool isNumber = false;
    const int value = text.toInt(&isNumber);
    const bool isSpecial = definition.special && definition.special->value == value;
    return isNumber && (isSpecial || (value >= definition.least && value <= definition.most));
}

bool isServiceUrl(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    return url.isValid() && !url.host().isEmpty() && url.userInfo().isEmpty() &&
           (url.scheme() == QLatin1String("https") || url.scheme() == QLatin1String("http"));
}

bool isOneLine(const QString &text)
{
    return std::none_of(
        text.begin(), text.end(), [](QChar c) { return c.category() == QChar::Other_Control; });
}

Result<QString> checkedBoolean(const Definition &definition, const QString &text)
{
    static const QStringList yes{
        QStringLiteral("1"), QStringLiteral("true"), QStringLiteral("yes"), QStringLiteral("on")};
    static const QStringList no{
        QStringLiteral("0"), QStringLiteral("false"), QStringLiteral("no"), QStringLiteral("off")};
    const QString word = text.toLower();
    if (yes.contains(word))
        return QStringLiteral("true");
    if (no.contains(word))
        return QStringLiteral("false");
    return wrongValue(definition, text);
}

Result<QString> checkedSchema(const Definition &definition, const QString &text)
{
    if (const auto names = db::SqlNames::forSchema(text); !names)
        return refusal(definition, tr("%1: %2").arg(definition.name, names.error().message));
    return text;
}

Result<QString> checkedProviders(const Definition &definition, const QString &text)
{
    if (const auto providers = parseEmbeddingProviders(text); !providers)
        return refusal(definition, tr("%1: %2").arg(definition.name, providers.error().message));
    return text;
}

Result<QString> checkedPath(const Definition &definition, const QString &text)
{
    if (text.isEmpty())
        return wrongValue(definition, text);
    return QDir::cleanPath(QDir::current().absoluteFilePath(text));
}

} // namespace

QString allowedValues(const Definition &definition)
{
    switch (definition.type) {
    case Type::ConnectionString:
        return tr("a URL or keywords of libpq, or empty");
    case Type::Secret:
        return tr("one line, kept secret");
    case Type::Schema:
        return tr("a name of 1 to 63 bytes that does not begin with pg_");
    case Type::Directory:
        return tr("a directory");
    case Type::File:
        return tr("a file");
    case Type::Choice:
        return definition.choices.size() == 1
                   ? definition.choices.constFirst()
                   : tr("one of %1").arg(definition.choices.join(QLatin1String(", ")));
    case Type::Boolean:
        return tr("true or false");
    case Type::Integer:
        return integerRange(definition);
    case Type::Decimal:
        return tr("a number, %1 to %2").arg(grouped(definition.least), grouped(definition.most));
    case Type::Url:
        return tr("an http or https URL without a password");
    case Type::Providers:
        return tr("name:openai:model[:dimension] or name:model2vec:folder, separated by commas");
    case Type::Text:
        return tr("a text that is not empty");
    case Type::List:
        return tr("texts separated by commas");
    case Type::Anything:
        break;
    }
    return tr("anything");
}

Result<QString> checkedValue(const Definition &definition, const QString &text)
{
    switch (definition.type) {
    case Type::ConnectionString:
    case Type::Anything:
        return text;
    case Type::Secret:
        return isOneLine(text) ? Result<QString>(text) : wrongValue(definition, text);
    case Type::Schema:
        return checkedSchema(definition, text);
    case Type::Directory:
    case Type::File:
        return checkedPath(definition, text);
    case Type::Choice:
        return definition.choices.contains(text.toLower()) ? Result<QString>(text.toLower())
                                                           : wrongValue(definition, text);
    case Type::Boolean:
        return checkedBoolean(definition, text);
    case Type::Integer:
        return isAllowedInteger(definition, text) ? Result<QString>(QString::number(text.toInt()))
                                                  : wrongValue(definition, text);
    case Type::Decimal: {
        const auto number = decimalOf(definition, text);
        return number ? Result<QString>(decimalText(*number)) : wrongValue(definition, text);
    }
    case Type::Url:
        return isServiceUrl(text) ? Result<QString>(text) : wrongValue(definition, text);
    case Type::Providers:
        return checkedProviders(definition, text);
    case Type::List:
        return listItems(text).join(u',');
    case Type::Text:
        break;
    }
    return text.isEmpty() ? wrongValue(definition, text) : Result<QString>(text);
}

Error wrongValue(const Definition &definition, const QString &text)
{
    QString message;
    if (definition.type == Type::Secret)
        message = tr("%1 must be one line without control characters.").arg(definition.name);
    else
        message =
            tr("%1 must be %2; it is %3.")
                .arg(definition.name, allowedValues(definition), shownInRefusal(definition, text));
    if (*definition.hint)
        message += u' ' + tr(definition.hint);
    return refusal(definition, message);
}

QStringList listItems(const QString &text)
{
    QStringList items;
    for (const QString &item : text.split(u',')) {
        if (!item.trimmed().isEmpty())
            items += item.trimmed();
    }
    return items;
}

QString maskedConnectionString(QString connectionString)
{
    // Greedy up to the last @, so that a password with an unescaped @ or / is covered as well.
    static const QRegularExpression inAuthority(QStringLiteral("(://[^:/@\\s]*:).*@"));
    static const QRegularExpression asKeyword(
        QStringLiteral("(password\\s*=\\s*)('(?:[^'\\\\]|\\\\.)*'?|[^\\s&]+)"),
        QRegularExpression::CaseInsensitiveOption);
    connectionString.replace(inAuthority, QStringLiteral("\\1***@"));
    connectionString.replace(asKeyword, QStringLiteral("\\1***"));
    return connectionString;
}

} // namespace llmemory::settings
