#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unicode/utypes.h>

namespace llmemory::embed::unicode {

// What tokenizers ask of characters, by ICU. Texts are UTF-16 without lone surrogates, see
// makeWellFormed(); characters are code points. Pure, any thread.

/// The property White_Space.
bool isWhitespace(UChar32 c);
/// Control, format or private use: what BERT's text cleaning drops, tabs and line ends apart.
bool isControl(UChar32 c);
/// What BERT sets apart as an ideograph: its list of blocks, neither kana nor Hangul.
bool isIdeograph(UChar32 c);
/// ASCII punctuation and symbols, and the categories P.
bool isPunctuation(UChar32 c);
/// Nonspacing marks (Mn).
bool isNonspacingMark(UChar32 c);
/// Marks of any kind (M).
bool isMark(UChar32 c);
/// Numbers of any kind (N).
bool isNumber(UChar32 c);
/// What `\w` matches: alphabetic, marks, decimal digits, connectors and joiners (UTS 18, annex C).
bool isWordCharacter(UChar32 c);
/// Whether a character belongs to the grapheme cluster of the one before (UAX 29: Extend,
/// SpacingMark, ZWJ).
bool continuesGrapheme(UChar32 c);

/// Adds a character.
void append(std::u16string &text, UChar32 c);
/// Adds the lower case of a character by its own full mapping, without regard to its neighbours.
void appendLower(std::u16string &text, UChar32 c);
/// Replaces lone surrogates by U+FFFD, as a conversion to UTF-8 does.
void makeWellFormed(std::u16string &text);
/// UTF-8 of a well-formed text.
std::string toUtf8(std::u16string_view text);
/// UTF-16 of UTF-8; what is not valid becomes U+FFFD.
std::u16string fromUtf8(std::string_view text);

/// The character that stands for each byte in byte-level BPE: printable ones of Latin-1 for
/// themselves, the others from U+0100 on (GPT-2).
const std::array<char16_t, 256> &byteCharacters();
/// Adds the characters that stand for the UTF-8 bytes of @p text.
void appendBytes(std::u16string &target, std::u16string_view text);

} // namespace llmemory::embed::unicode
