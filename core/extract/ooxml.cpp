#include "core/extract/ooxml.h"

#include <QDir>
#include <QXmlStreamReader>

namespace llmemory::extract::ooxml {

QString attribute(const QXmlStreamReader &reader, const char *name)
{
    const auto attributes = reader.attributes();
    for (const QXmlStreamAttribute &candidate : attributes) {
        if (candidate.name() == QLatin1String(name))
            return candidate.value().toString();
    }
    return {};
}

int headingLevelOf(const QString &outlineLevel)
{
    bool ok = false;
    const int level = outlineLevel.toInt(&ok);
    return ok && level >= 0 && level < 9 ? level + 1 : 0;
}

QList<Relationship> relationships(const QByteArray &xml, const QByteArray &folder)
{
    QList<Relationship> found;
    QXmlStreamReader reader(xml);
    while (!reader.atEnd()) {
        const auto token = reader.readNext();
        if (token == QXmlStreamReader::DTD)
            return {};
        if (token != QXmlStreamReader::StartElement ||
            reader.name() != QLatin1String("Relationship") ||
            attribute(reader, "TargetMode") == QLatin1String("External")) {
            continue;
        }
        const QString type = attribute(reader, "Type");
        const QByteArray target = attribute(reader, "Target").toUtf8();
        const QByteArray name = target.startsWith('/') ? target.mid(1) : folder + target;
        found.append({.id = attribute(reader, "Id"),
                      .type = type.mid(type.lastIndexOf(QLatin1Char('/')) + 1),
                      .target = QDir::cleanPath(QString::fromUtf8(name)).toUtf8()});
    }
    return found;
}

} // namespace llmemory::extract::ooxml
