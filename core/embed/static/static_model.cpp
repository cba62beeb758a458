#include "core/embed/static/static_model.h"

#include <QCoreApplication>
#include <QtEndian>

#include <algorithm>
#include <cmath>

namespace llmemory::embed {

namespace {

using Type = SafetensorsFile::Type;

constexpr quint64 kMostDimensions = 4'000; // Embedder::dimension()
constexpr quint64 kMostRows = 1 << 24;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

/// IEEE 754 binary16, with infinity and NaN.
float halfToFloat(quint16 half)
{
    constexpr int kExponentBits = 5;
    constexpr int kFractionBits = 10;
    const int exponent = (half >> kFractionBits) & ((1 << kExponentBits) - 1);
    const int fraction = half & ((1 << kFractionBits) - 1);
    float value = 0;
    if (exponent == (1 << kExponentBits) - 1)
        value = fraction == 0 ? INFINITY : NAN;
    else if (exponent == 0)
        value = std::ldexp(float(fraction), -24);
    else
        value = std::ldexp(float(fraction + (1 << kFractionBits)), exponent - 25);
    return (half >> 15) != 0 ? -value : value;
}

/// A number of a tensor of real numbers.
float realAt(const SafetensorsFile::Tensor &tensor, quint64 i)
{
    const char *at = tensor.bytes.data() + i * quint64(SafetensorsFile::sizeOf(tensor.type));
    switch (tensor.type) {
    case Type::F64:
        return float(qFromLittleEndian<double>(at));
    case Type::F32:
        return qFromLittleEndian<float>(at);
    default:
        return halfToFloat(qFromLittleEndian<quint16>(at));
    }
}

} // namespace

Result<StaticModel> StaticModel::read(const QString &path)
{
    auto file = SafetensorsFile::open(path);
    if (!file)
        return file.error();
    StaticModel model;
    model.m_file = std::move(*file);
    if (auto ok = model.readRows(); !ok)
        return ok.error();
    if (auto ok = model.readMapping(); !ok)
        return ok.error();
    if (auto ok = model.readWeights(); !ok)
        return ok.error();
    return model;
}

Result<> StaticModel::readRows()
{
    const auto *rows = m_file->find(QLatin1String("embeddings"));
    if (!rows)
        return SafetensorsFile::damaged(m_file->path(), tr("it has no tensor \"embeddings\""));
    const bool known = rows->type == Type::F32 || rows->type == Type::F16 || rows->type == Type::I8;
    if (!known || rows->shape.size() != 2) {
        return SafetensorsFile::damaged(m_file->path(),
                                        tr("its embeddings are no table of type F32, F16 or I8"));
    }
    if (rows->shape[0] == 0 || rows->shape[0] > kMostRows || rows->shape[1] == 0 ||
        rows->shape[1] > kMostDimensions) {
        return SafetensorsFile::damaged(m_file->path(),
                                        tr("its embeddings have %1 rows of %2 dimensions")
                                            .arg(rows->shape[0])
                                            .arg(rows->shape[1]));
    }
    m_rows = rows->bytes.data();
    m_type = rows->type;
    m_rowCount = size_t(rows->shape[0]);
    m_dimension = int(rows->shape[1]);
    m_rowBytes = size_t(m_dimension) * size_t(SafetensorsFile::sizeOf(m_type));
    m_tokenCount = quint32(m_rowCount);
    return {};
}

Result<> StaticModel::readMapping()
{
    const auto *mapping = m_file->find(QLatin1String("mapping"));
    if (!mapping)
        return {};
    const bool known = mapping->type == Type::I32 || mapping->type == Type::I64;
    if (!known || mapping->shape.size() != 1 || mapping->count() > kMostRows) {
        return SafetensorsFile::damaged(m_file->path(),
                                        tr("its mapping is no list of type I32 or I64"));
    }
    const bool wide = mapping->type == Type::I64;
    m_tokenCount = quint32(mapping->count());
    m_mapping.reserve(m_tokenCount);
    for (quint32 i = 0; i < m_tokenCount; ++i) {
        const char *bytes = mapping->bytes.data();
        const qint64 row = wide ? qFromLittleEndian<qint64>(bytes + i * sizeof(qint64))
                                : qFromLittleEndian<qint32>(bytes + i * sizeof(qint32));
        if (row < 0 || quint64(row) >= m_rowCount) {
            return SafetensorsFile::damaged(
                m_file->path(), tr("its mapping names row %1 of %2").arg(row).arg(m_rowCount));
        }
        m_mapping.push_back(quint32(row));
    }
    return {};
}

Result<> StaticModel::readWeights()
{
    const auto *weights = m_file->find(QLatin1String("weights"));
    if (!weights)
        return {};
    const bool known =
        weights->type == Type::F64 || weights->type == Type::F32 || weights->type == Type::F16;
    if (!known || weights->shape.size() != 1) {
        return SafetensorsFile::damaged(m_file->path(),
                                        tr("its weights are no list of type F64, F32 or F16"));
    }
    if (weights->count() != m_tokenCount) {
        return SafetensorsFile::damaged(
            m_file->path(),
            tr("it has %1 weights for %2 tokens").arg(weights->count()).arg(m_tokenCount));
    }
    m_weights.reserve(m_tokenCount);
    for (quint32 i = 0; i < m_tokenCount; ++i) {
        const float weight = realAt(*weights, i);
        if (!std::isfinite(weight)) {
            return SafetensorsFile::damaged(m_file->path(),
                                            tr("the weight of token %1 is not finite").arg(i));
        }
        m_weights.push_back(weight);
    }
    return {};
}

void StaticModel::add(float *sum, const std::vector<WeightedRow> &rows) const
{
    const auto dimension = size_t(m_dimension);
    switch (m_type) {
    case Type::I8:
        addRowsInt8(sum, rows.data(), rows.size(), dimension);
        break;
    case Type::F16:
        addRowsHalf(sum, rows.data(), rows.size(), dimension);
        break;
    default:
        addRowsFloat(sum, rows.data(), rows.size(), dimension);
    }
}

} // namespace llmemory::embed
