#include "ui/common/format.h"

#include <QCoreApplication>
#include <QLocale>

namespace llmemory::ui {

QString typeName(DocumentType type)
{
    switch (type) {
    case DocumentType::Email:
        return QCoreApplication::translate("llmemory::ui", "E-mail");
    case DocumentType::Chat:
        return QCoreApplication::translate("llmemory::ui", "Chat");
    case DocumentType::Presentation:
        return QCoreApplication::translate("llmemory::ui", "Presentation");
    case DocumentType::LegalDocument:
        return QCoreApplication::translate("llmemory::ui", "Legal document");
    case DocumentType::Report:
        return QCoreApplication::translate("llmemory::ui", "Report");
    case DocumentType::BusinessReport:
        return QCoreApplication::translate("llmemory::ui", "Business report");
    case DocumentType::Markdown:
        return QCoreApplication::translate("llmemory::ui", "Markdown");
    case DocumentType::Text:
        return QCoreApplication::translate("llmemory::ui", "Text");
    case DocumentType::Html:
        return QCoreApplication::translate("llmemory::ui", "Web page");
    case DocumentType::Docx:
        return QCoreApplication::translate("llmemory::ui", "Word document");
    case DocumentType::Code:
        return QCoreApplication::translate("llmemory::ui", "Source code");
    case DocumentType::TechnicalDoc:
        return QCoreApplication::translate("llmemory::ui", "Technical document");
    case DocumentType::Pdf:
        return QCoreApplication::translate("llmemory::ui", "PDF");
    case DocumentType::Unknown:
        break;
    }
    return QCoreApplication::translate("llmemory::ui", "Document");
}

QString typeIcon(DocumentType type)
{
    switch (type) {
    case DocumentType::Email:
        return QStringLiteral("mail");
    case DocumentType::Chat:
        return QStringLiteral("chat");
    case DocumentType::Presentation:
        return QStringLiteral("slides");
    case DocumentType::Html:
        return QStringLiteral("web");
    case DocumentType::Code:
        return QStringLiteral("code");
    default:
        return QStringLiteral("document");
    }
}

QString stateText(const Document &document)
{
    if (document.chunkCount == 0)
        return QCoreApplication::translate("llmemory::ui", "No passages");
    if (document.embeddingsPending > 0)
        return QCoreApplication::translate("llmemory::ui",
                                           "%n waiting for meaning",
                                           "passages that are found by words already",
                                           document.embeddingsPending);
    return QCoreApplication::translate("llmemory::ui", "Searchable");
}

QString dateText(const QDateTime &date)
{
    return date.isValid() ? QLocale().toString(date.toLocalTime(), QLocale::ShortFormat)
                          : QString();
}

QString numberText(qint64 number)
{
    return QLocale().toString(number);
}

QString headingText(const QStringList &path)
{
    return path.join(QStringLiteral(" › "));
}

QString pageText(int page)
{
    return page > 0 ? QCoreApplication::translate("llmemory::ui", "p. %1", "page").arg(page)
                    : QString();
}

} // namespace llmemory::ui
