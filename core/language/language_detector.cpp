#include "core/language/language_detector.h"

#include <QByteArray>
#include <QHash>

#include <array>
#include <cld2/public/compact_lang_det.h>

namespace llmemory::language {

namespace {

constexpr qsizetype kSlices = 4;
constexpr qsizetype kSliceLength = 2000; ///< code units
constexpr int kLeastPercent = 50;

/// All of a short text, slices of a long one, parted by line breaks. CLD2 stops at invalid UTF-8; a
/// half surrogate pair becomes "?" here.
QByteArray sample(const QString &text)
{
    if (text.size() <= kSlices * kSliceLength)
        return text.toUtf8();
    QByteArray utf8;
    const qsizetype stride = (text.size() - kSliceLength) / (kSlices - 1);
    for (qsizetype i = 0; i < kSlices; ++i) {
        qsizetype start = i * stride;
        if (text[start].isLowSurrogate())
            ++start;
        utf8 += QStringView(text).mid(start, kSliceLength).toUtf8();
        utf8 += '\n';
    }
    return utf8;
}

/// CLD2's code as ISO 639 has it today; empty for CLD2's pseudo languages.
QString isoCode(CLD2::Language language)
{
    QString code = QString::fromLatin1(CLD2::LanguageCode(language));
    if (code == QLatin1String("un") || code.startsWith(QLatin1String("xx")))
        return {};
    if (code == QLatin1String("iw"))
        return QStringLiteral("he");
    if (code == QLatin1String("jw"))
        return QStringLiteral("jv");
    return code;
}

} // namespace

DetectedLanguage detectLanguage(const QString &text)
{
    const QByteArray utf8 = sample(text);
    std::array<CLD2::Language, 3> languages{};
    std::array<int, 3> percents{};
    std::array<double, 3> scores{};
    int textBytes = 0;
    bool reliable = false;
    int validBytes = 0;
    CLD2::ExtDetectLanguageSummaryCheckUTF8(utf8.constData(),
                                            int(utf8.size()),
                                            /*is_plain_text=*/true,
                                            /*cld_hints=*/nullptr,
                                            /*flags=*/0,
                                            languages.data(),
                                            percents.data(),
                                            scores.data(),
                                            /*resultchunkvector=*/nullptr,
                                            &textBytes,
                                            &reliable,
                                            &validBytes);
    const QString code = isoCode(languages[0]);
    if (code.isEmpty())
        return {};
    DetectedLanguage detected;
    detected.confidence = percents[0] / 100.0;
    detected.reliable = reliable && percents[0] >= kLeastPercent;
    if (detected.reliable)
        detected.code = code;
    return detected;
}

QString textSearchConfig(const QString &languageCode)
{
    static const QHash<QString, QString> configs{
        {QStringLiteral("ar"), QStringLiteral("arabic")},
        {QStringLiteral("ca"), QStringLiteral("catalan")},
        {QStringLiteral("da"), QStringLiteral("danish")},
        {QStringLiteral("de"), QStringLiteral("german")},
        {QStringLiteral("el"), QStringLiteral("greek")},
        {QStringLiteral("en"), QStringLiteral("english")},
        {QStringLiteral("es"), QStringLiteral("spanish")},
        {QStringLiteral("eu"), QStringLiteral("basque")},
        {QStringLiteral("fi"), QStringLiteral("finnish")},
        {QStringLiteral("fr"), QStringLiteral("french")},
        {QStringLiteral("ga"), QStringLiteral("irish")},
        {QStringLiteral("hi"), QStringLiteral("hindi")},
        {QStringLiteral("hu"), QStringLiteral("hungarian")},
        {QStringLiteral("hy"), QStringLiteral("armenian")},
        {QStringLiteral("id"), QStringLiteral("indonesian")},
        {QStringLiteral("it"), QStringLiteral("italian")},
        {QStringLiteral("lt"), QStringLiteral("lithuanian")},
        {QStringLiteral("nb"), QStringLiteral("norwegian")},
        {QStringLiteral("ne"), QStringLiteral("nepali")},
        {QStringLiteral("nl"), QStringLiteral("dutch")},
        {QStringLiteral("nn"), QStringLiteral("norwegian")},
        {QStringLiteral("no"), QStringLiteral("norwegian")},
        {QStringLiteral("pt"), QStringLiteral("portuguese")},
        {QStringLiteral("ro"), QStringLiteral("romanian")},
        {QStringLiteral("ru"), QStringLiteral("russian")},
        {QStringLiteral("sr"), QStringLiteral("serbian")},
        {QStringLiteral("sv"), QStringLiteral("swedish")},
        {QStringLiteral("ta"), QStringLiteral("tamil")},
        {QStringLiteral("tr"), QStringLiteral("turkish")},
        {QStringLiteral("yi"), QStringLiteral("yiddish")},
    };
    return configs.value(languageCode, QStringLiteral("simple"));
}

} // namespace llmemory::language
