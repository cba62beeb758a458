#pragma once

#include <QByteArray>
#include <QList>

namespace llmemory::testing {

struct ZipFixtureEntry
{
    QByteArray name;
    QByteArray content;
    bool packed = true;
};

/// A ZIP file of @p entries.
QByteArray zipOf(const QList<ZipFixtureEntry> &entries);

/// A Word document with @p body inside its w:body, and @p parts beside; their relationships are
/// made from their names: "word/header1.xml" is a header.
QByteArray docxOf(const QByteArray &body, const QList<ZipFixtureEntry> &parts = {});

} // namespace llmemory::testing
