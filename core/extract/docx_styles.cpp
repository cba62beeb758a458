#include "core/extract/docx_styles.h"

#include "core/extract/ooxml.h"

#include <QRegularExpression>
#include <QXmlStreamReader>

namespace llmemory::extract {

namespace {

/// A chain of styles that is longer is a loop.
constexpr int kMostAncestors = 32;

/// Word keeps the English name of its own styles in every language.
int levelOfName(const QString &name)
{
    static const QRegularExpression pattern(QStringLiteral("^heading ([1-9])$"),
                                            QRegularExpression::CaseInsensitiveOption);
    return pattern.match(name).captured(1).toInt();
}

} // namespace

DocxStyles::DocxStyles(const QByteArray &xml)
{
    QXmlStreamReader reader(xml);
    QString id;
    while (!reader.atEnd()) {
        const auto token = reader.readNext();
        if (token == QXmlStreamReader::DTD)
            return;
        if (token != QXmlStreamReader::StartElement)
            continue;
        const QStringView element = reader.name();
        if (element == QLatin1String("style")) {
            id = ooxml::attribute(reader, "styleId");
        } else if (id.isEmpty()) {
            continue;
        } else if (element == QLatin1String("name")) {
            const QString name = ooxml::attribute(reader, "val");
            if (const int level = levelOfName(name); level > 0)
                m_styles[id].level = level;
            if (name.compare(QLatin1String("title"), Qt::CaseInsensitive) == 0)
                m_titles.append(id);
        } else if (element == QLatin1String("basedOn")) {
            m_styles[id].basedOn = ooxml::attribute(reader, "val");
        } else if (element == QLatin1String("outlineLvl")) {
            m_styles[id].level = ooxml::headingLevelOf(ooxml::attribute(reader, "val"));
        }
    }
}

int DocxStyles::headingLevel(const QString &styleId) const
{
    QString id = styleId;
    for (int i = 0; i < kMostAncestors && !id.isEmpty(); ++i) {
        const Style style = m_styles.value(id);
        if (style.level > 0)
            return style.level;
        id = style.basedOn;
    }
    return 0;
}

} // namespace llmemory::extract
