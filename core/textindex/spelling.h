#pragma once

#include <QString>
#include <QStringList>
#include <QStringView>

namespace llmemory::textindex {

// How words are alike in spelling. Words are in small letters. Pure; any thread.

/// The words whose spelling is worth a guess: letters of Latin, Cyrillic or Greek script alone, and
/// so many of them. Shorter ones are near too many others; longer ones are hardly words.
inline constexpr int kShortestCorrected = 4;
inline constexpr int kLongestCorrected = 40;
bool isCorrectable(QStringView word);

/// The number of letters that have to be inserted, left out, replaced by another or swapped with
/// their neighbour to make one word of the other, no place being changed twice (optimal string
/// alignment: the restricted form of Damerau, "A technique for computer detection and correction of
/// spelling errors", 1964).
/// @param most  0 or more; a greater distance is answered as most + 1.
int editDistance(QStringView a, QStringView b, int most);

/// All words of distance 1 that differ by letters of the word's own scripts: Latin a to z with the
/// accented forms of a letter in its place, Cyrillic, Greek, and the letters that the word has.
/// About sixty for each letter; each once, sorted.
/// @param word  see isCorrectable(); others have none.
QStringList editVariants(const QString &word);

} // namespace llmemory::textindex
