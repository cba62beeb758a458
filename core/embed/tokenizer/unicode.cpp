#include "core/embed/tokenizer/unicode.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

namespace llmemory::embed::unicode {

namespace {

constexpr UChar32 kAscii = 0x80;
constexpr UChar32 kReplacement = 0xFFFD;

} // namespace

bool isWhitespace(UChar32 c)
{
    if (c < kAscii)
        return c == ' ' || (c >= '\t' && c <= '\r');
    return u_isUWhiteSpace(c) != 0;
}

bool isControl(UChar32 c)
{
    if (c < kAscii)
        return (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
    return (U_GET_GC_MASK(c) & (U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK)) != 0;
}

bool isIdeograph(UChar32 c)
{
    if (c < 0x3400)
        return false;
    return (c >= 0x4E00 && c <= 0x9FFF) || (c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) ||
           (c >= 0x2A700 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

bool isPunctuation(UChar32 c)
{
    if (c < kAscii) {
        return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
               (c >= '{' && c <= '~');
    }
    return (U_GET_GC_MASK(c) & U_GC_P_MASK) != 0;
}

bool isNonspacingMark(UChar32 c)
{
    return c >= 0x300 && u_charType(c) == U_NON_SPACING_MARK;
}

bool isMark(UChar32 c)
{
    return c >= 0x300 && (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

bool isNumber(UChar32 c)
{
    if (c < kAscii)
        return c >= '0' && c <= '9';
    return (U_GET_GC_MASK(c) & U_GC_N_MASK) != 0;
}

bool isWordCharacter(UChar32 c)
{
    if (c < kAscii) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '_';
    }
    return (U_GET_GC_MASK(c) & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) != 0 ||
           u_isUAlphabetic(c) || u_hasBinaryProperty(c, UCHAR_JOIN_CONTROL);
}

bool continuesGrapheme(UChar32 c)
{
    if (c < 0x300)
        return false;
    const int kind = u_getIntPropertyValue(c, UCHAR_GRAPHEME_CLUSTER_BREAK);
    return kind == U_GCB_EXTEND || kind == U_GCB_SPACING_MARK || kind == U_GCB_ZWJ;
}

void append(std::u16string &text, UChar32 c)
{
    if (c <= 0xFFFF) {
        text.push_back(char16_t(c));
    } else {
        text.push_back(U16_LEAD(c));
        text.push_back(U16_TRAIL(c));
    }
}

void appendLower(std::u16string &text, UChar32 c)
{
    constexpr UChar32 kCapitalDottedI = 0x130;
    constexpr char16_t kDotAbove = 0x307;
    if (c < kAscii) {
        text.push_back(char16_t(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c));
    } else if (c == kCapitalDottedI) { // the one character whose lower case is two
        text.push_back(u'i');
        text.push_back(kDotAbove);
    } else {
        append(text, u_tolower(c));
    }
}

void makeWellFormed(std::u16string &text)
{
    for (size_t i = 0; i < text.size(); ++i) {
        if (!U16_IS_SURROGATE(text[i]))
            continue;
        if (U16_IS_SURROGATE_LEAD(text[i]) && i + 1 < text.size() && U16_IS_TRAIL(text[i + 1]))
            ++i;
        else
            text[i] = char16_t(kReplacement);
    }
}

std::string toUtf8(std::u16string_view text)
{
    std::string utf8;
    icu::UnicodeString(false, text.data(), int32_t(text.size())).toUTF8String(utf8);
    return utf8;
}

std::u16string fromUtf8(std::string_view text)
{
    std::u16string result;
    result.reserve(text.size());
    const char *data = text.data();
    const auto length = int32_t(text.size());
    for (int32_t i = 0; i < length;) {
        UChar32 c = 0;
        U8_NEXT_OR_FFFD(data, i, length, c);
        append(result, c);
    }
    return result;
}

const std::array<char16_t, 256> &byteCharacters()
{
    static const std::array<char16_t, 256> characters = [] {
        std::array<char16_t, 256> table{};
        char16_t next = 0x100;
        for (int byte = 0; byte < 256; ++byte) {
            const bool printable = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte != 0xAD);
            table[size_t(byte)] = printable ? char16_t(byte) : next++;
        }
        return table;
    }();
    return characters;
}

void appendBytes(std::u16string &target, std::u16string_view text)
{
    const auto &characters = byteCharacters();
    for (size_t i = 0; i < text.size();) {
        UChar32 c = 0;
        U16_NEXT(text.data(), i, text.size(), c);
        std::array<uint8_t, U8_MAX_LENGTH> bytes{};
        int count = 0;
        U8_APPEND_UNSAFE(bytes.data(), count, c);
        for (int b = 0; b < count; ++b)
            target.push_back(characters[bytes[size_t(b)]]);
    }
}

} // namespace llmemory::embed::unicode
