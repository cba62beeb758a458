#pragma once

#include <QList>
#include <QString>
#include <QStringList>

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

/// What a document is about: a topic that others share, and words of its own and of its sections,
/// as names are.
struct SyntheticSubject
{
    int topic = 0;    ///< 0 to below SyntheticLanguage::kTopics
    quint64 seed = 0; ///< decides the words of its own
};

/// A made-up language for benchmarks. Words are as frequent as in real text (Zipf's law: the n-th
/// word in 1 of n cases): English function words, then 16,000 English words in the order of their
/// frequency, then made-up ones, as rare words are to an embedding model. There is no grammar, but
/// there are topics, documents and sections with words of their own, so that texts are near to or
/// far from each other in meaning, as much as real ones: with the built-in model, 117,000 passages,
/// and 2 to 12 words as query, an HNSW index (m 32, ef_construction 256) finds 0.987 and
/// 0.998 of the ten nearest with 100 and 200 candidates, among as many passages of Debian's manuals
/// 0.986 and 0.995. A value that is never changed; any thread.
class SyntheticLanguage
{
public:
    static constexpr int kVocabulary = 50'000;
    static constexpr int kTopics = 200;

    SyntheticLanguage();

    /// The word of a rank, from 0 (the most frequent) to below kVocabulary; each is different.
    QString word(int rank) const;
    /// What another document is about.
    static SyntheticSubject subject(SyntheticRandom &random);
    /// Sections a text of so many words has, at least 1.
    static int sections(int words);
    /// Sentences and paragraphs about a subject, a section behind the other.
    QString text(SyntheticRandom &random, const SyntheticSubject &subject, int words) const;
    /// Different words that carry meaning, without order, as people type them who look for a
    /// section of a document about the subject.
    /// @param section  from 0
    QString query(SyntheticRandom &random,
                  const SyntheticSubject &subject,
                  int section,
                  int words) const;

private:
    int sampleRank(SyntheticRandom &random) const;
    int aboutSubject(SyntheticRandom &random,
                     const SyntheticSubject &subject,
                     int section,
                     int rank) const;

    std::vector<double> m_cumulative; ///< of the ranks' frequencies, ends at 1
    QStringList m_words;              ///< of the ranks that have a real one
};

} // namespace llmemory::eval
