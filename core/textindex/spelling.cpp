#include "core/textindex/spelling.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

namespace llmemory::textindex {

namespace {

/// A letter with what it looks like with accents; whoever types leaves them out.
constexpr std::array<QStringView, 16> kAccented{
    u"aàáâãäåāăą",
    u"cçćč",
    u"dďđ",
    u"eèéêëēėęě",
    u"gğģ",
    u"iìíîïīįı",
    u"kķ",
    u"lļľł",
    u"nñńņň",
    u"oòóôõöøōő",
    u"rŕř",
    u"sśşšș",
    u"tţťț",
    u"uùúûüūůűų",
    u"yýÿ",
    u"zźżž",
};

constexpr QStringView kLatin = u"abcdefghijklmnopqrstuvwxyz";
constexpr QStringView kCyrillic = u"абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґў";
constexpr QStringView kGreek = u"αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ";

/// Empty for scripts whose words are not guessed at.
QStringView alphabetOf(QChar letter)
{
    switch (letter.script()) {
    case QChar::Script_Latin:
        return kLatin;
    case QChar::Script_Cyrillic:
        return kCyrillic;
    case QChar::Script_Greek:
        return kGreek;
    default:
        return {};
    }
}

QStringView accentedForms(QChar letter)
{
    const auto *const forms = std::find_if(std::begin(kAccented),
                                           std::end(kAccented),
                                           [&](QStringView row) { return row.front() == letter; });
    return forms == std::end(kAccented) ? QStringView() : forms->mid(1);
}

QString alphabetOf(const QString &word)
{
    QString letters = word;
    for (const QChar letter : word) {
        const QStringView alphabet = alphabetOf(letter);
        if (!QStringView(letters).mid(word.size()).contains(alphabet))
            letters += alphabet;
    }
    std::sort(letters.begin(), letters.end());
    letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
    return letters;
}

} // namespace

bool isCorrectable(QStringView word)
{
    return word.size() >= kShortestCorrected && word.size() <= kLongestCorrected &&
           std::all_of(word.begin(), word.end(), [](QChar c) {
               return c.isLetter() && !alphabetOf(c).isEmpty();
           });
}

int editDistance(QStringView a, QStringView b, int most)
{
    if (std::abs(a.size() - b.size()) > most)
        return most + 1;
    const auto width = size_t(b.size()) + 1;
    std::vector<int> before(width); // of two rows above
    std::vector<int> above(width);
    std::vector<int> row(width);
    for (size_t j = 0; j < width; ++j)
        row[j] = int(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        std::swap(before, above);
        std::swap(above, row);
        row[0] = int(i);
        int least = row[0];
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const bool isSame = a[i - 1] == b[j - 1];
            int &cell = row[size_t(j)];
            cell = std::min({above[size_t(j)] + 1,
                             row[size_t(j) - 1] + 1,
                             above[size_t(j) - 1] + (isSame ? 0 : 1)});
            const bool isSwapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (isSwapped)
                cell = std::min(cell, before[size_t(j) - 2] + 1);
            least = std::min(least, cell);
        }
        // A swap reaches over one row.
        if (least > most + 1)
            return most + 1;
    }
    return std::min(row[width - 1], most + 1);
}

QStringList editVariants(const QString &word)
{
    if (!isCorrectable(word))
        return {};
    const QString alphabet = alphabetOf(word);
    QStringList variants;
    const auto replaced = [&word](qsizetype at, qsizetype count, QStringView by) {
        return QString(word).replace(at, count, by.data(), by.size());
    };
    for (qsizetype i = 0; i <= word.size(); ++i) {
        for (const QChar &letter : alphabet)
            variants << replaced(i, 0, QStringView(&letter, 1));
        if (i == word.size())
            break;
        variants << replaced(i, 1, {});
        for (const QChar &letter : alphabet)
            variants << replaced(i, 1, QStringView(&letter, 1));
        for (const QChar &letter : accentedForms(word[i]))
            variants << replaced(i, 1, QStringView(&letter, 1));
        if (i > 0) {
            QString swapped = word;
            std::swap(swapped[i], swapped[i - 1]);
            variants << swapped;
        }
    }
    std::sort(variants.begin(), variants.end());
    variants.erase(std::unique(variants.begin(), variants.end()), variants.end());
    variants.removeOne(word);
    return variants;
}

} // namespace llmemory::textindex
