#include "core/extract/extractor_registry.h"

#include "core/extract/docx_extractor.h"
#include "core/extract/html_extractor.h"
#include "core/extract/markdown_extractor.h"
#include "core/extract/pdf_extractor.h"
#include "core/extract/plain_text_extractor.h"

namespace llmemory::extract {

std::unique_ptr<Extractor> makeExtractor(FileKind kind)
{
    switch (kind) {
    case FileKind::Text:
    case FileKind::Code:
        return std::make_unique<PlainTextExtractor>(documentTypeOf(kind));
    case FileKind::Markdown:
        return std::make_unique<MarkdownExtractor>();
    case FileKind::Html:
        return std::make_unique<HtmlExtractor>();
    case FileKind::Pdf:
        return std::make_unique<PdfExtractor>();
    case FileKind::Docx:
        return std::make_unique<DocxExtractor>();
    case FileKind::Unsupported:
        break;
    }
    return nullptr;
}

} // namespace llmemory::extract
