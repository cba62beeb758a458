#include "core/extract/text_decoder.h"

#include <QStringDecoder>

#include <algorithm>
#include <memory>
#include <uchardet/uchardet.h>

namespace llmemory::extract {

namespace {

/// What the detector looks at, from shortly before the first byte that is not ASCII.
constexpr qsizetype kDetectedBytes = 256 * 1024;
constexpr qsizetype kContextBytes = 1024;
/// One control character in this many bytes is an accident, more is a binary file.
constexpr qsizetype kBytesPerControl = 200;
/// Half a character at the end is an error, not a wait for more.
constexpr auto kWhole = QStringConverter::Flag::Stateless;
constexpr char kEscape = '\x1b';

QString nameOf(QStringConverter::Encoding encoding)
{
    return QString::fromLatin1(QStringConverter::nameForEncoding(encoding));
}

/// Nothing where @p bytes are not valid in the encoding.
std::optional<DecodedText> decodeAs(QStringDecoder decoder,
                                    const QByteArray &bytes,
                                    const QString &name)
{
    if (!decoder.isValid())
        return std::nullopt;
    DecodedText decoded{.text = decoder.decode(bytes), .encoding = name};
    if (decoder.hasError())
        return std::nullopt;
    return decoded;
}

std::optional<DecodedText> decodeAs(const QByteArray &name, const QByteArray &bytes)
{
    if (name.isEmpty())
        return std::nullopt;
    return decodeAs(QStringDecoder(name.constData(), kWhole), bytes, QString::fromLatin1(name));
}

/// With a byte order mark errors are tolerated: it cannot be anything else.
std::optional<DecodedText> decodeByMark(const QByteArray &bytes)
{
    const auto encoding = QStringConverter::encodingForData(bytes);
    if (!encoding)
        return std::nullopt;
    return DecodedText{.text = QStringDecoder(*encoding).decode(bytes),
                       .encoding = nameOf(*encoding)};
}

/// UTF-16 without a mark: for text in Latin letters every other byte is zero.
std::optional<DecodedText> decodeUnmarkedUtf16(const QByteArray &bytes)
{
    static constexpr qsizetype kLooked = 4096;
    const qsizetype length = std::min(bytes.size(), kLooked) & ~qsizetype(1);
    qsizetype zeros[2] = {0, 0};
    for (qsizetype i = 0; i < length; ++i)
        zeros[i % 2] += bytes[i] == '\0' ? 1 : 0;
    const qsizetype most = length / 2;
    const bool little = zeros[1] > most / 2 && zeros[0] < most / 10;
    const bool big = zeros[0] > most / 2 && zeros[1] < most / 10;
    if (!little && !big)
        return std::nullopt;
    const auto encoding = little ? QStringConverter::Utf16LE : QStringConverter::Utf16BE;
    return decodeAs(QStringDecoder(encoding, kWhole), bytes, nameOf(encoding));
}

bool isControl(char c)
{
    const auto byte = uchar(c);
    return byte < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\b' &&
           c != kEscape;
}

bool isBinary(const QByteArray &bytes)
{
    const auto controls = std::count_if(bytes.begin(), bytes.end(), isControl);
    return bytes.contains('\0') || controls > bytes.size() / kBytesPerControl + 1;
}

/// Seven-bit encodings that switch character sets by escape sequences, as in Japanese mail.
bool hasIso2022Escapes(const QByteArray &bytes)
{
    return bytes.contains("\x1b$") || bytes.contains("\x1b(");
}

QByteArray detect(const QByteArray &bytes)
{
    const auto isTelling = [](char c) { return uchar(c) >= 0x80 || c == kEscape; };
    const auto first = std::find_if(bytes.begin(), bytes.end(), isTelling) - bytes.begin();
    const qsizetype from = std::max<qsizetype>(0, first - kContextBytes);
    const QByteArray sample = bytes.mid(from, kDetectedBytes);

    const std::unique_ptr<uchardet, decltype(&uchardet_delete)> detector(uchardet_new(),
                                                                         uchardet_delete);
    uchardet_handle_data(detector.get(), sample.constData(), size_t(sample.size()));
    uchardet_data_end(detector.get());
    return QByteArray(uchardet_get_charset(detector.get()));
}

/// Browsers read these names as the larger Windows code page, and so were the documents written.
QByteArray widened(const QByteArray &name)
{
    const QByteArray lower = name.trimmed().toLower();
    if (lower == "iso-8859-1" || lower == "latin1" || lower == "us-ascii" || lower == "ascii")
        return QByteArrayLiteral("windows-1252");
    return name.trimmed();
}

} // namespace

std::optional<DecodedText> decodeText(const QByteArray &bytes, const QByteArray &declared)
{
    if (auto decoded = decodeByMark(bytes))
        return decoded;
    if (auto decoded = decodeUnmarkedUtf16(bytes))
        return decoded;
    if (isBinary(bytes))
        return std::nullopt;
    if (hasIso2022Escapes(bytes)) {
        if (auto decoded = decodeAs(detect(bytes), bytes))
            return decoded;
    }
    if (auto decoded = decodeAs(
            QStringDecoder(QStringConverter::Utf8, kWhole), bytes, nameOf(QStringConverter::Utf8)))
        return decoded;
    if (auto decoded = decodeAs(widened(declared), bytes))
        return decoded;
    if (auto decoded = decodeAs(widened(detect(bytes)), bytes))
        return decoded;
    // Every byte means something here.
    return DecodedText{.text = QStringDecoder("windows-1252", kWhole).decode(bytes),
                       .encoding = QStringLiteral("windows-1252")};
}

} // namespace llmemory::extract
