#include "tests/core/extract/pdf_fixture.h"

namespace llmemory::testing {

namespace {

/// Numbers objects and remembers where they stand.
class PdfWriter
{
public:
    /// Returns the object's number.
    int add(const QByteArray &content)
    {
        m_offsets.append(m_bytes.size());
        m_bytes += QByteArray::number(m_offsets.size()) + " 0 obj\n" + content + "\nendobj\n";
        return int(m_offsets.size());
    }

    int next() const { return int(m_offsets.size()) + 1; }

    QByteArray finish(const QByteArray &trailer)
    {
        const qsizetype table = m_bytes.size();
        const QByteArray size = QByteArray::number(m_offsets.size() + 1);
        m_bytes += "xref\n0 " + size + "\n0000000000 65535 f \n";
        for (const qsizetype offset : m_offsets)
            m_bytes += QByteArray::number(offset).rightJustified(10, '0') + " 00000 n \n";
        return m_bytes + "trailer\n<< /Size " + size + ' ' + trailer + " >>\nstartxref\n" +
               QByteArray::number(table) + "\n%%EOF\n";
    }

private:
    QByteArray m_bytes = "%PDF-1.4\n";
    QList<qsizetype> m_offsets;
};

QByteArray reference(int number)
{
    return QByteArray::number(number) + " 0 R";
}

QByteArray contentOf(const QByteArray &page)
{
    QByteArray content = "BT /F1 12 Tf 14 TL 72 720 Td\n";
    for (const QByteArray &line : page.split('\n'))
        content += '(' + line + ") Tj T*\n";
    content += "ET";
    return "<< /Length " + QByteArray::number(content.size()) + " >>\nstream\n" + content +
           "\nendstream";
}

/// Returns the number of the outline's root.
int addOutline(PdfWriter &writer, const QByteArrayList &titles, const QList<int> &pages)
{
    const int first = writer.next();
    const int root = first + int(titles.size());
    for (int i = 0; i < titles.size(); ++i) {
        QByteArray item = "<< /Title (" + titles[i] + ") /Parent " + reference(root) + " /Dest [" +
                          reference(pages[i]) + " /XYZ 0 720 0]";
        if (i > 0)
            item += " /Prev " + reference(first + i - 1);
        if (i + 1 < titles.size())
            item += " /Next " + reference(first + i + 1);
        writer.add(item + " >>");
    }
    return writer.add("<< /Type /Outlines /First " + reference(first) + " /Last " +
                      reference(root - 1) + " /Count " + QByteArray::number(titles.size()) + " >>");
}

} // namespace

QByteArray PdfFixture::toPdf() const
{
    PdfWriter writer;
    const int font = writer.add(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    // Two objects a page; the tree of pages comes after them.
    const int tree = writer.next() + 2 * int(pages.size());
    QByteArray kids;
    QList<int> numbers;
    for (const QByteArray &page : pages) {
        const int content = writer.add(contentOf(page));
        numbers.append(writer.add("<< /Type /Page /Parent " + reference(tree) +
                                  " /MediaBox [0 0 612 792] /Resources << /Font << /F1 " +
                                  reference(font) + " >> >> /Contents " + reference(content) +
                                  " >>"));
        kids += reference(numbers.last()) + ' ';
    }
    writer.add("<< /Type /Pages /Kids [" + kids + "] /Count " + QByteArray::number(pages.size()) +
               " >>");

    QByteArray catalogue = "<< /Type /Catalog /Pages " + reference(tree);
    if (!outline.isEmpty())
        catalogue += " /Outlines " + reference(addOutline(writer, outline, numbers));
    QByteArray trailer = "/Root " + reference(writer.add(catalogue + " >>"));
    if (!info.isEmpty())
        trailer += " /Info " + reference(writer.add("<< " + info + " >>"));
    if (!encryption.isEmpty()) {
        trailer += " /Encrypt " + reference(writer.add("<< " + encryption + " >>"));
        trailer += " /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]";
    }
    return writer.finish(trailer);
}

} // namespace llmemory::testing
