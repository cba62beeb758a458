#include "core/base/text.h"

#include <QCryptographicHash>

namespace llmemory {

QString withoutLoneSurrogates(QString text)
{
    QChar *data = nullptr; // detaches only when something must change
    const auto replaceAt = [&](qsizetype i) {
        if (!data)
            data = text.data();
        data[i] = QChar(QChar::ReplacementCharacter);
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (!c.isSurrogate())
            continue;
        if (c.isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate())
            ++i;
        else
            replaceAt(i);
    }
    return text;
}

QString scrubbed(QString text)
{
    return withoutLoneSurrogates(text.remove(QChar(u'\0')));
}

QString sha256Hex(QStringView text)
{
    return sha256Hex(text.toUtf8());
}

QString sha256Hex(const QByteArray &bytes)
{
    return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

QString elided(const QString &text, qsizetype length)
{
    if (text.size() <= length)
        return text;
    qsizetype keep = length - 1;
    if (keep > 0 && text.at(keep - 1).isHighSurrogate())
        --keep;
    return text.left(keep) + QChar(0x2026);
}

} // namespace llmemory
