#pragma once

#include <QByteArray>
#include <QByteArrayList>

namespace llmemory::testing {

/// A small PDF written by hand.
struct PdfFixture
{
    QByteArrayList pages;        ///< lines of each page's text, in Latin-1
    QByteArray info = {};        ///< content of the information dictionary: "/Title (A)"
    QByteArray encryption = {};  ///< content of an encryption dictionary; empty for none
    QByteArrayList outline = {}; ///< titles, one per page

    QByteArray toPdf() const;
};

} // namespace llmemory::testing
