#include "core/extract/pdf_string.h"

#include <QStringDecoder>

#include <algorithm>
#include <array>
#include <optional>

namespace llmemory::extract {

namespace {

// Where PDFDocEncoding is not Latin-1: ISO 32000-1, annex D.2. Zero is undefined.
constexpr uchar kLowFrom = 0x18;
constexpr std::array<char16_t, 8> kLow{
    0x02d8, 0x02c7, 0x02c6, 0x02d9, 0x02dd, 0x02db, 0x02da, 0x02dc};
constexpr uchar kHighFrom = 0x80;
constexpr std::array<char16_t, 33> kHigh{
    0x2022, 0x2020, 0x2021, 0x2026, 0x2014, 0x2013, 0x0192, 0x2044, 0x2039, 0x203a, 0x2212,
    0x2030, 0x201e, 0x201c, 0x201d, 0x2018, 0x2019, 0x201a, 0x2122, 0xfb01, 0xfb02, 0x0141,
    0x0152, 0x0160, 0x0178, 0x017d, 0x0131, 0x0142, 0x0153, 0x0161, 0x017e, 0,      0x20ac};

std::optional<char> byteOf(char16_t unit)
{
    if (const auto *at = std::find(kHigh.begin(), kHigh.end(), unit);
        unit != 0 && at != kHigh.end())
        return char(kHighFrom + (at - kHigh.begin()));
    if (const auto *at = std::find(kLow.begin(), kLow.end(), unit); at != kLow.end())
        return char(kLowFrom + (at - kLow.begin()));
    if (unit <= 0xff)
        return char(unit);
    return std::nullopt;
}

} // namespace

QString pdfString(const QString &text)
{
    static constexpr char16_t kMark[] = u"\u00ef\u00bb\u00bf";
    if (!text.startsWith(QStringView(kMark)))
        return text;
    QByteArray bytes;
    for (const QChar c : text) {
        const auto byte = byteOf(c.unicode());
        if (!byte)
            return text;
        bytes.append(*byte);
    }
    QStringDecoder decoder(QStringConverter::Utf8);
    const QString decoded = decoder.decode(bytes);
    return decoder.hasError() ? text : decoded;
}

} // namespace llmemory::extract
