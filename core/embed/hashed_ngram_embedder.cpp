#include "core/embed/hashed_ngram_embedder.h"

#include <QChar>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace llmemory::embed {

namespace {

constexpr size_t kDimensions = HashedNgramEmbedder::kDimension;
/// A word is spread over this many dimensions, so that one collision does not hide it.
constexpr int kWordSpread = 4;
/// Squared length of a word's n-grams together, those at its beginning not yet raised; the word
/// itself has 1. Both values were the best or near it of those tried on the Cranfield and CISI
/// collections.
constexpr float kNgramEnergy = 2.0F;
/// The n-grams at the beginning of a word are mostly its stem.
constexpr float kFirstNgramWeight = 1.5F;
constexpr qsizetype kShortestNgram = 3;
constexpr qsizetype kLongestNgram = 5;
/// Longer words (base64, addresses) count whole and by their beginning.
constexpr qsizetype kMostNgramText = 40;
/// By number of characters: short words are mostly articles, prepositions and pronouns.
constexpr std::array<float, 5> kLengthWeight{0.1F, 0.1F, 0.15F, 0.3F, 0.45F};
constexpr float kDenseCharacterWeight = 0.5F;
constexpr float kDensePairWeight = 1.0F;
constexpr float kOtherCharacterWeight = 1.0F;

// FNV-1a offset basis and prime.
constexpr quint64 kHashSeed = 0xcbf29ce484222325ULL;
constexpr quint64 kHashPrime = 0x100000001b3ULL;

/// Keeps the kinds of features apart.
enum class Feature : quint64 { Word = 1, Ngram, Dense, Other, Empty };

quint64 hashOf(Feature feature, QStringView text)
{
    quint64 hash = (kHashSeed ^ quint64(feature)) * kHashPrime;
    for (const char16_t *c = text.utf16(), *end = c + text.size(); c != end; ++c)
        hash = (hash ^ *c) * kHashPrime;
    return hash;
}

/// Spreads the bits of a hash (the finaliser of SplitMix64).
quint64 mixed(quint64 x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

/// Marks that readers leave out: accents (Latin, Greek, Cyrillic), Hebrew and Arabic points.
bool isDroppedMark(char16_t c)
{
    return (c >= 0x0300 && c <= 0x036F) || (c >= 0x0591 && c <= 0x05C7) ||
           (c >= 0x064B && c <= 0x0652) || c == 0x0670;
}

QString folded(const QString &text)
{
    const bool ascii =
        std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x80; });
    if (ascii)
        return text.toLower();
    QString decomposed = text.normalized(QString::NormalizationForm_KD);
    decomposed.removeIf([](QChar c) { return isDroppedMark(c.unicode()); });
    // Composed again so that kana and Hangul syllables are single characters.
    QString plain = decomposed.normalized(QString::NormalizationForm_C).toCaseFolded();
    plain.replace(u'ß', QStringLiteral("ss")); // which Qt's one-to-one folding keeps
    return plain;
}

enum class Kind { Break, Word, Dense };

Kind kindOf(char32_t c)
{
    if (c < 0x80) {
        const bool wordly = (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9');
        return wordly ? Kind::Word : Kind::Break;
    }
    if (!QChar::isLetterOrNumber(c) && !QChar::isMark(c))
        return Kind::Break;
    switch (QChar::script(c)) {
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
    case QChar::Script_Hangul:
    case QChar::Script_Bopomofo:
    case QChar::Script_Thai:
    case QChar::Script_Lao:
    case QChar::Script_Khmer:
    case QChar::Script_Myanmar:
        return Kind::Dense;
    default:
        return c == U'\u30FC' ? Kind::Dense : Kind::Word; // the long vowel mark of Japanese
    }
}

/// Adds up the features of one text.
class Accumulator
{
public:
    explicit Accumulator(QStringView text) : m_text(text) {}

    Vector run()
    {
        countTerms();
        // In the order of first occurrence: the sum of floats must not depend on the hash table's
        // order.
        for (const Term &term : m_terms)
            add(term);
        if (m_terms.empty())
            addOtherCharacters();
        return normalised();
    }

private:
    struct Term
    {
        QStringView text;
        Kind kind;
        int count;
    };

    char32_t codePoint(qsizetype pos) const
    {
        const QChar c = m_text[pos];
        if (c.isHighSurrogate() && pos + 1 < m_text.size() && m_text[pos + 1].isLowSurrogate())
            return QChar::surrogateToUcs4(c, m_text[pos + 1]);
        return c.unicode();
    }

    qsizetype after(qsizetype pos) const
    {
        return pos + (QChar::requiresSurrogates(codePoint(pos)) ? 2 : 1);
    }

    void countTerms()
    {
        m_positions.reserve(size_t(m_text.size() / 6));
        for (qsizetype pos = 0; pos < m_text.size();) {
            const Kind kind = kindOf(codePoint(pos));
            qsizetype end = after(pos);
            while (end < m_text.size() && kindOf(codePoint(end)) == kind)
                end = after(end);
            if (kind == Kind::Word)
                count(m_text.mid(pos, end - pos), kind);
            else if (kind == Kind::Dense)
                countDense(pos, end);
            pos = end;
        }
    }

    /// Each character, and each with the next.
    void countDense(qsizetype pos, qsizetype end)
    {
        while (pos < end) {
            const qsizetype next = after(pos);
            count(m_text.mid(pos, next - pos), Kind::Dense);
            if (next < end)
                count(m_text.mid(pos, after(next) - pos), Kind::Dense);
            pos = next;
        }
    }

    void count(QStringView text, Kind kind)
    {
        const auto [found, isNew] = m_positions.try_emplace(
            hashOf(kind == Kind::Word ? Feature::Word : Feature::Dense, text), m_terms.size());
        if (isNew)
            m_terms.push_back({text, kind, 1});
        else
            ++m_terms[found->second].count;
    }

    void add(const Term &term)
    {
        const float weight = 1.0F + std::log(float(term.count));
        if (term.kind == Kind::Word) {
            addWord(term.text, weight);
            return;
        }
        const bool single =
            term.text.size() == 1 || (term.text.size() == 2 && term.text[0].isHighSurrogate());
        addSpread(hashOf(Feature::Dense, term.text),
                  weight * (single ? kDenseCharacterWeight : kDensePairWeight));
    }

    void addWord(QStringView word, float weight)
    {
        const bool number = word[0].isDigit();
        if (!number && size_t(word.size()) < kLengthWeight.size())
            weight *= kLengthWeight[size_t(word.size())];
        addSpread(hashOf(Feature::Word, word), weight);
        addNgrams(word.left(kMostNgramText), weight);
    }

    void addNgrams(QStringView word, float weight)
    {
        std::array<char16_t, kMostNgramText + 2> marked{};
        marked[0] = u'<';
        std::copy(word.utf16(), word.utf16() + word.size(), marked.begin() + 1);
        const qsizetype size = word.size() + 2;
        marked[size_t(size) - 1] = u'>';

        qsizetype grams = 0;
        for (qsizetype length = kShortestNgram; length <= std::min(kLongestNgram, size); ++length)
            grams += size - length + 1;
        const float gramWeight = weight * std::sqrt(kNgramEnergy / float(grams));
        for (qsizetype start = 0; start + kShortestNgram <= size; ++start) {
            quint64 hash = (kHashSeed ^ quint64(Feature::Ngram)) * kHashPrime;
            const qsizetype longest = std::min(kLongestNgram, size - start);
            for (qsizetype i = 0; i < longest; ++i) {
                hash = (hash ^ marked[size_t(start + i)]) * kHashPrime;
                if (i + 1 >= kShortestNgram)
                    addFeature(mixed(hash),
                               start == 0 ? gramWeight * kFirstNgramWeight : gramWeight);
            }
        }
    }

    void addOtherCharacters()
    {
        for (qsizetype pos = 0; pos < m_text.size();) {
            const qsizetype next = after(pos);
            if (!m_text[pos].isSpace())
                addSpread(hashOf(Feature::Other, m_text.mid(pos, next - pos)),
                          kOtherCharacterWeight);
            pos = next;
        }
    }

    void addSpread(quint64 hash, float weight)
    {
        const float part = weight / std::sqrt(float(kWordSpread));
        for (quint64 i = 1; i <= kWordSpread; ++i)
            addFeature(mixed(hash + i * 0x9e3779b97f4a7c15ULL), part);
    }

    void addFeature(quint64 hash, float weight)
    {
        // High bits choose the dimension, the lowest the sign.
        const auto dimension = size_t((hash >> 32) * kDimensions >> 32);
        m_sum[dimension] += (hash & 1U) ? weight : -weight;
    }

    Vector normalised()
    {
        constexpr float kTooShort = 1e-6F; // nothing added, or everything cancelled
        float length =
            std::sqrt(std::inner_product(m_sum.begin(), m_sum.end(), m_sum.begin(), 0.0F));
        if (length < kTooShort) {
            m_sum.fill(0.0F);
            addSpread(hashOf(Feature::Empty, {}), 1.0F);
            length = std::sqrt(std::inner_product(m_sum.begin(), m_sum.end(), m_sum.begin(), 0.0F));
        }
        Vector vector(kDimensions);
        std::transform(
            m_sum.begin(), m_sum.end(), vector.begin(), [length](float x) { return x / length; });
        return vector;
    }

    QStringView m_text;
    std::vector<Term> m_terms;
    std::unordered_map<quint64, size_t> m_positions; ///< of terms, by hash
    std::array<float, kDimensions> m_sum{};
};

Vector embed(const QString &text)
{
    const QString plain = folded(text);
    return Accumulator(plain).run();
}

} // namespace

QString HashedNgramEmbedder::modelId() const
{
    return QStringLiteral("hashed-ngram-v1");
}

Result<std::vector<Vector>> HashedNgramEmbedder::embedDocuments(const QList<QString> &texts) const
{
    std::vector<Vector> vectors;
    vectors.reserve(size_t(texts.size()));
    for (const QString &text : texts)
        vectors.push_back(embed(text));
    return vectors;
}

Result<Vector> HashedNgramEmbedder::embedQuery(const QString &text) const
{
    return embed(text);
}

} // namespace llmemory::embed
