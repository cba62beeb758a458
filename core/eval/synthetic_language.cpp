#include "core/eval/synthetic_language.h"

#include <QFile>

#include <algorithm>
#include <array>
#include <cmath>

/// Outside of the namespace, as the macro asks for.
static void initWords()
{
    Q_INIT_RESOURCE(llmemory_bench_words);
}

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
constexpr int kTriples = kSyllables * kSyllables * kSyllables;
/// Prime, so that it has no common factor with the numbers of words: neighbours look different.
constexpr qint64 kStride = 7919;

// Of the words that carry meaning most are about something: the topic, or what this document or
// this section alone is about. Chosen so that passages are as near to each other as those of real
// text (see the class): local intrinsic dimension of the nearest hundred among 60,000 passages 33,
// real ones 30; words said before in the passage 0.43, real ones 0.39.
constexpr double kTopicShare = 0.25;
constexpr double kDocumentShare = 0.25;
constexpr double kSectionShare = 0.3;
constexpr int kTopicWords = 300;
constexpr int kDocumentWords = 8;
constexpr int kSectionWords = 6;
/// Of the words of documents and sections so many are real ones.
constexpr int kRealOfFive = 4;
/// Six passages.
constexpr int kWordsOfSection = 774;
/// Of the ranks that the rest of a query is made of: words that are rarer than these nobody asks
/// for.
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

    for (const char *word : kFunctionWords)
        m_words += QLatin1String(word);
    initWords();
    QFile file(QStringLiteral(":/llmemory/eval/words.txt"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("The words of the made-up corpus are not part of this program.");
    m_words += QString::fromLatin1(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
}

QString SyntheticLanguage::word(int rank) const
{
    if (rank < m_words.size())
        return m_words.at(rank);
    const qint64 number = rank - m_words.size();
    const QString end = QLatin1String(kEnds.at(size_t(number) % kEnds.size()));
    return syllables(number * kStride % kTriples, 3) + end;
}

int SyntheticLanguage::sampleRank(SyntheticRandom &random) const
{
    const auto found = std::upper_bound(m_cumulative.begin(), m_cumulative.end(), random.real());
    return std::min(int(found - m_cumulative.begin()), kVocabulary - 1);
}

SyntheticSubject SyntheticLanguage::subject(SyntheticRandom &random)
{
    const int topic = random.below(kTopics);
    return {.topic = topic, .seed = quint64(random.real() * double(1ULL << 53))};
}

int SyntheticLanguage::sections(int words)
{
    return std::max(1, (words + kWordsOfSection - 1) / kWordsOfSection);
}

/// The rank of a word about the subject in most cases, else @p rank.
int SyntheticLanguage::aboutSubject(SyntheticRandom &random,
                                    const SyntheticSubject &subject,
                                    int section,
                                    int rank) const
{
    const quint64 realWords = quint64(m_words.size() - kFunctionCount);
    const quint64 madeUpWords = quint64(kVocabulary - m_words.size());
    const double kind = random.real();
    if (kind < kTopicShare) {
        const auto index = quint64(random.logUniform(kTopicWords));
        return kFunctionCount + int(mixed(quint64(subject.topic) << 32 | index) % realWords);
    }
    if (kind >= kTopicShare + kDocumentShare + kSectionShare)
        return rank;
    const bool isOfSection = kind >= kTopicShare + kDocumentShare;
    const auto index = quint64(random.logUniform(isOfSection ? kSectionWords : kDocumentWords));
    const quint64 list = isOfSection ? quint64(section) + 1 : 0;
    const quint64 number = mixed(subject.seed ^ mixed(list << 32 | index));
    if (index % 5 < kRealOfFive)
        return kFunctionCount + int(number % realWords);
    return int(m_words.size()) + int(number % madeUpWords);
}

QString SyntheticLanguage::text(SyntheticRandom &random,
                                const SyntheticSubject &subject,
                                int words) const
{
    QString text;
    int inSentence = 0;
    int inParagraph = 0;
    for (int i = 0; i < words; ++i) {
        int rank = sampleRank(random);
        if (rank >= kFunctionCount)
            rank = aboutSubject(random, subject, i / kWordsOfSection, rank);
        QString next = word(rank);
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

QString SyntheticLanguage::query(SyntheticRandom &random,
                                 const SyntheticSubject &subject,
                                 int section,
                                 int words) const
{
    QStringList parts;
    while (parts.size() < words) {
        const int other = kFunctionCount + random.logUniform(kAskedRanks - kFunctionCount);
        const QString next = word(aboutSubject(random, subject, section, other));
        if (!parts.contains(next))
            parts += next;
    }
    return parts.join(u' ');
}

} // namespace llmemory::eval
