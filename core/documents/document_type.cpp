#include "core/documents/document_type.h"

namespace llmemory {

const std::array<DocumentType, 14> &allDocumentTypes()
{
    using T = DocumentType;
    static const std::array<T, 14> types{T::Email,
                                         T::Chat,
                                         T::Presentation,
                                         T::LegalDocument,
                                         T::Report,
                                         T::BusinessReport,
                                         T::Markdown,
                                         T::Text,
                                         T::Html,
                                         T::Unknown,
                                         T::Docx,
                                         T::Code,
                                         T::TechnicalDoc,
                                         T::Pdf};
    return types;
}

QString toString(DocumentType type)
{
    switch (type) {
    case DocumentType::Email:
        return QStringLiteral("email");
    case DocumentType::Chat:
        return QStringLiteral("chat");
    case DocumentType::Presentation:
        return QStringLiteral("presentation");
    case DocumentType::LegalDocument:
        return QStringLiteral("legal_document");
    case DocumentType::Report:
        return QStringLiteral("report");
    case DocumentType::BusinessReport:
        return QStringLiteral("business_report");
    case DocumentType::Markdown:
        return QStringLiteral("markdown");
    case DocumentType::Text:
        return QStringLiteral("text");
    case DocumentType::Html:
        return QStringLiteral("html");
    case DocumentType::Docx:
        return QStringLiteral("docx");
    case DocumentType::Code:
        return QStringLiteral("code");
    case DocumentType::TechnicalDoc:
        return QStringLiteral("technical_doc");
    case DocumentType::Pdf:
        return QStringLiteral("pdf");
    case DocumentType::Unknown:
        break;
    }
    return QStringLiteral("unknown");
}

std::optional<DocumentType> documentTypeFromString(const QString &word)
{
    for (const DocumentType type : allDocumentTypes()) {
        if (toString(type) == word)
            return type;
    }
    return std::nullopt;
}

} // namespace llmemory
