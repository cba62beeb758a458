#pragma once

#include "core/embed/static/row_sum.h"
#include "core/embed/static/safetensors_file.h"

namespace llmemory::embed {

/// The table of a static embedding model, as Model2Vec stores it in model.safetensors:
/// - "embeddings", rows x dimension, F32, F16 or I8: the vectors. Those of I8 have no scale; it
///   would cancel out when the sum of rows is brought to length 1.
/// - "weights", one for each token, F64, F32 or F16, optional: what its row is multiplied by.
/// - "mapping", one for each token, I32 or I64, optional: its row, where tokens share rows.
/// Immutable, any thread.
class StaticModel final
{
public:
    /// Reads and checks the table. @param path  of the model.safetensors
    /// Error: Configuration, naming the file, what is wrong with it and what to do
    static Result<StaticModel> read(const QString &path);

    /// Length of the vectors, 1-4,000.
    int dimension() const { return m_dimension; }
    /// Number of tokens that have a row: ids from 0 on.
    quint32 tokenCount() const { return m_tokenCount; }
    /// The row of a token, and its weight times @p times. @param token  below tokenCount()
    WeightedRow row(quint32 token, float times) const
    {
        const size_t row = m_mapping.empty() ? token : m_mapping[token];
        return {m_rows + row * m_rowBytes, m_weights.empty() ? times : m_weights[token] * times};
    }
    /// Adds rows to @p sum, dimension() numbers.
    void add(float *sum, const std::vector<WeightedRow> &rows) const;
    /// All of the file, to tell models apart by.
    QByteArrayView content() const { return m_file->content(); }

private:
    StaticModel() = default;

    Result<> readRows();
    Result<> readWeights();
    Result<> readMapping();

    std::unique_ptr<const SafetensorsFile> m_file;
    const char *m_rows = nullptr; ///< in m_file
    SafetensorsFile::Type m_type = SafetensorsFile::Type::F32;
    size_t m_rowBytes = 0;
    size_t m_rowCount = 0;
    int m_dimension = 0;
    quint32 m_tokenCount = 0;
    std::vector<float> m_weights;   ///< by token; empty = all 1
    std::vector<quint32> m_mapping; ///< by token; empty = a row each
};

} // namespace llmemory::embed
