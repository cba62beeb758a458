#include "tests/core/extract/zip_fixture.h"

#include <QFile>
#include <QTemporaryDir>

#include <zip.h>

namespace llmemory::testing {

QByteArray zipOf(const QList<ZipFixtureEntry> &entries)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.zip"));
    zip_t *zip = zip_open(QFile::encodeName(path).constData(), ZIP_CREATE, nullptr);
    Q_ASSERT(zip != nullptr);
    for (const ZipFixtureEntry &entry : entries) {
        zip_source_t *source = zip_source_buffer(
            zip, entry.content.constData(), zip_uint64_t(entry.content.size()), 0);
        const zip_int64_t index =
            zip_file_add(zip, entry.name.constData(), source, ZIP_FL_ENC_UTF_8);
        zip_set_file_compression(
            zip, zip_uint64_t(index), entry.packed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
    }
    zip_close(zip);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll();
}

QByteArray docxOf(const QByteArray &body, const QList<ZipFixtureEntry> &parts)
{
    static const QByteArray types =
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    static const QByteArray relationshipsStart =
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
    QByteArray relations = relationshipsStart;
    int id = 0;
    for (const ZipFixtureEntry &part : parts) {
        if (!part.name.startsWith("word/"))
            continue;
        const QByteArray target = part.name.mid(5);
        QByteArray type = target.left(target.indexOf('.'));
        while (!type.isEmpty() && type.back() >= '0' && type.back() <= '9')
            type.chop(1);
        relations += "<Relationship Id=\"r" + QByteArray::number(++id) + "\" Type=\"" + types +
                     type + "\" Target=\"" + target + "\"/>";
    }
    QList<ZipFixtureEntry> entries{
        {.name = "_rels/.rels",
         .content = relationshipsStart + "<Relationship Id=\"a\" Type=\"" + types +
                    "officeDocument\" Target=\"word/document.xml\"/></Relationships>"},
        {.name = "word/_rels/document.xml.rels", .content = relations + "</Relationships>"},
        {.name = "word/document.xml",
         .content =
             "<w:document "
             "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>" +
             body + "</w:body></w:document>"}};
    return zipOf(entries + parts);
}

} // namespace llmemory::testing
