#pragma once

#include <QString>

#include <array>
#include <optional>

namespace llmemory {

/// The reference's 14 document types; they choose chunk sizes.
enum class DocumentType {
    Email,
    Chat,
    Presentation,
    LegalDocument,
    Report,
    BusinessReport,
    Markdown,
    Text,
    Html,
    Unknown,
    Docx,
    Code,
    TechnicalDoc,
    Pdf,
};

/// Word in the database and every interface: "legal_document".
QString toString(DocumentType type);
/// Nothing for a word that is no type.
std::optional<DocumentType> documentTypeFromString(const QString &word);
/// All types in the order of the enum.
const std::array<DocumentType, 14> &allDocumentTypes();

} // namespace llmemory
