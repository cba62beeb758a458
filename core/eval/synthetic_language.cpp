#include "core/eval/synthetic_language.h"

#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>

namespace llmemory::eval {

namespace {

constexpr std::array kFunctionWords{
    "the",   "of",    "and",   "to",    "a",    "in",   "is",   "that",  "was",   "for",  "it",
    "with",  "as",    "on",    "be",    "by",   "at",   "are",  "this",  "from",  "not",  "or",
    "had",   "have",  "but",   "which", "were", "an",   "they", "their", "has",   "been", "one",
    "would", "there", "all",   "we",    "can",  "if",   "when", "so",    "no",    "more", "will",
    "out",   "up",    "into",  "them",  "than", "its",  "only", "some",  "could", "then", "other",
    "about", "these", "after", "any",   "most", "such", "also", "over",  "many"};
constexpr int kFunctionCount = int(kFunctionWords.size());

constexpr std::array kOnsets{"b", "d", "f", "g",  "k",  "l",  "m",  "n",  "p",  "r",  "s",
                             "t", "v", "z", "br", "dr", "gr", "kr", "pl", "st", "tr", "sh"};
constexpr std::array kVowels{"a", "e", "i", "o", "u", "ai", "ou"};
constexpr std::array kEnds{"", "n", "r", "l", "m"};
constexpr int kSyllables = int(kOnsets.size() * kVowels.size());
constexpr int kPairs = kSyllables * kSyllables;
constexpr int kTriples = kPairs * kSyllables;
/// Prime, so that it has no common factor with the numbers of words: neighbours look different.
constexpr qint64 kStride = 7919;

// Of the words that carry meaning most are about something: the topic, or what this text alone is
// about. Without that, all texts have nearly the same vector.
constexpr double kTopicShare = 0.5;
constexpr double kSubjectShare = 0.25;
constexpr int kTopicWords = 300;
constexpr int kSubjectWords = 12;
constexpr int kTopicalOfThree = 2; // words of a query
/// Of the ranks that queries are made of: words that are rarer than these nobody asks for.
constexpr int kAskedRanks = 20'000;

constexpr int kLeastSentence = 6;
constexpr int kMostSentence = 24;
constexpr int kSentences = 5; // of a paragraph, at most

QString syllables(qint64 number, int count)
{
    QString word;
    for (int i = 0; i < count; ++i) {
        const auto syllable = size_t(number % kSyllables);
        word += QLatin1String(kOnsets.at(syllable / kVowels.size())) +
                QLatin1String(kVowels.at(syllable % kVowels.size()));
        number /= kSyllables;
    }
    return word;
}

/// A well mixed number (the finalizer of SplitMix64: Steele, Lea, Flood, OOPSLA 2014).
quint64 mixed(quint64 value)
{
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31);
}

} // namespace

SyntheticRandom::SyntheticRandom(quint64 seed, quint64 stream)
    : m_engine(mixed(seed) ^ mixed(~stream))
{
}

double SyntheticRandom::real()
{
    constexpr double kUnit = 1.0 / double(1ULL << 53);
    return double(m_engine() >> 11) * kUnit;
}

int SyntheticRandom::below(int count)
{
    return std::min(int(real() * count), count - 1);
}

int SyntheticRandom::logUniform(int count)
{
    return std::clamp(int(std::pow(double(count) + 1, real())) - 1, 0, count - 1);
}

SyntheticLanguage::SyntheticLanguage() : m_cumulative(kVocabulary)
{
    double sum = 0;
    for (int rank = 0; rank < kVocabulary; ++rank) {
        sum += 1.0 / (rank + 1);
        m_cumulative[size_t(rank)] = sum;
    }
    for (double &value : m_cumulative)
        value /= sum;
}

QString SyntheticLanguage::word(int rank) const
{
    if (rank < kFunctionCount)
        return QLatin1String(kFunctionWords.at(size_t(rank)));
    const qint64 number = rank - kFunctionCount;
    const QString end = QLatin1String(kEnds.at(size_t(number) % kEnds.size()));
    if (number < kPairs)
        return syllables(number * kStride % kPairs, 2) + end;
    return syllables((number - kPairs) * kStride % kTriples, 3) + end;
}

int SyntheticLanguage::sampleRank(SyntheticRandom &random) const
{
    const auto found = std::upper_bound(m_cumulative.begin(), m_cumulative.end(), random.real());
    return std::min(int(found - m_cumulative.begin()), kVocabulary - 1);
}

int SyntheticLanguage::sampleTopicRank(SyntheticRandom &random, int topic) const
{
    const auto index = quint64(random.logUniform(kTopicWords));
    const quint64 number = mixed(quint64(topic) << 32 | index);
    return kFunctionCount + int(number % quint64(kVocabulary - kFunctionCount));
}

int SyntheticLanguage::sampleTextRank(SyntheticRandom &random,
                                      int topic,
                                      const QList<int> &subject) const
{
    const int rank = sampleRank(random);
    if (rank < kFunctionCount)
        return rank;
    const double kind = random.real();
    if (kind < kTopicShare)
        return sampleTopicRank(random, topic);
    if (kind < kTopicShare + kSubjectShare)
        return subject.at(random.logUniform(int(subject.size())));
    return rank;
}

QString SyntheticLanguage::text(SyntheticRandom &random, int topic, int words) const
{
    QList<int> subject;
    for (int i = 0; i < kSubjectWords; ++i)
        subject += kFunctionCount + random.below(kVocabulary - kFunctionCount);
    QString text;
    int inSentence = 0;
    int inParagraph = 0;
    for (int i = 0; i < words; ++i) {
        QString next = word(sampleTextRank(random, topic, subject));
        if (inSentence == 0) {
            inSentence = kLeastSentence + random.below(kMostSentence - kLeastSentence + 1);
            next[0] = next.at(0).toUpper();
        }
        text += next;
        --inSentence;
        if (inSentence > 0 && i + 1 < words) {
            text += u' ';
            continue;
        }
        inSentence = 0;
        ++inParagraph;
        const bool endsParagraph = inParagraph == kSentences || random.below(kSentences) == 0;
        text += endsParagraph ? QLatin1String(".\n\n") : QLatin1String(". ");
        inParagraph = endsParagraph ? 0 : inParagraph;
    }
    return text.trimmed();
}

QString SyntheticLanguage::query(SyntheticRandom &random, int topic, int words) const
{
    QStringList parts;
    while (parts.size() < words) {
        const bool isOfTopic = random.below(3) < kTopicalOfThree;
        const int rank = isOfTopic
                             ? sampleTopicRank(random, topic)
                             : kFunctionCount + random.logUniform(kAskedRanks - kFunctionCount);
        const QString next = word(rank);
        if (!parts.contains(next))
            parts += next;
    }
    return parts.join(u' ');
}

} // namespace llmemory::eval
