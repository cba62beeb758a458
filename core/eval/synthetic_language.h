#pragma once

#include <QList>
#include <QString>

#include <random>
#include <vector>

namespace llmemory::eval {

/// Random numbers that are the same on every machine, unlike those of the standard distributions.
class SyntheticRandom
{
public:
    /// @param stream  of the same seed; different streams have nothing in common.
    SyntheticRandom(quint64 seed, quint64 stream);

    /// 0 to below 1.
    double real();
    /// 0 to below @p count (> 0).
    int below(int count);
    /// 0 to below @p count, small numbers more often: as probable as 1 / (number + 1).
    int logUniform(int count);

private:
    std::mt19937_64 m_engine;
};

/// A made-up language for benchmarks: words as often as in real text (Zipf's law: the n-th word in
/// 1 of n cases), English function words in front, so that it is taken for English, and topics with
/// words of their own, so that texts are near to or far from each other in meaning. A value that is
/// never changed; any thread.
class SyntheticLanguage
{
public:
    static constexpr int kVocabulary = 50'000;
    static constexpr int kTopics = 200;

    SyntheticLanguage();

    /// The word of a rank, from 0 (the most frequent) to below kVocabulary; each is different.
    QString word(int rank) const;
    /// Sentences and paragraphs about a topic and a narrower subject of their own.
    /// @param topic  0 to below kTopics
    QString text(SyntheticRandom &random, int topic, int words) const;
    /// Words that carry meaning, without order, as people type them.
    QString query(SyntheticRandom &random, int topic, int words) const;

private:
    int sampleRank(SyntheticRandom &random) const;
    int sampleTextRank(SyntheticRandom &random, int topic, const QList<int> &subject) const;
    int sampleTopicRank(SyntheticRandom &random, int topic) const;

    std::vector<double> m_cumulative; ///< of the ranks' frequencies, ends at 1
};

} // namespace llmemory::eval
