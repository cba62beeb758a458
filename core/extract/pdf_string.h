#pragma once

#include <QString>

namespace llmemory::extract {

/// A text string of a PDF's catalogue as pdfium gives it. PDF 2.0 allows UTF-8 with a mark, which
/// the pdfium of Qt 6.4 reads as PDFDocEncoding; those are decoded again, all others returned
/// unchanged.
QString pdfString(const QString &text);

} // namespace llmemory::extract
