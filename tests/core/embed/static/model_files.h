#pragma once

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QtEndian>

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

// Small models, made of their parts.

/// A tensor to write.
struct TensorParts
{
    std::string name;
    std::string type; ///< as in the file
    std::vector<int> shape;
    QByteArray bytes;
};

/// Numbers as a tensor has them, on this machine.
template <typename Number>
QByteArray bytesOf(const std::vector<Number> &numbers)
{
    return {reinterpret_cast<const char *>(numbers.data()),
            qsizetype(numbers.size() * sizeof(Number))};
}

/// A safetensors file of a given header.
inline QByteArray safetensors(const QByteArray &header, const QByteArray &data)
{
    QByteArray length(8, '\0');
    qToLittleEndian<quint64>(quint64(header.size()), length.data());
    return length + header + data;
}

inline QByteArray safetensors(const std::vector<TensorParts> &tensors)
{
    nlohmann::json header = {{"__metadata__", {{"format", "pt"}}}};
    QByteArray data;
    for (const TensorParts &tensor : tensors) {
        header[tensor.name] = {{"dtype", tensor.type},
                               {"shape", tensor.shape},
                               {"data_offsets", {data.size(), data.size() + tensor.bytes.size()}}};
        data += tensor.bytes;
    }
    return safetensors(QByteArray::fromStdString(header.dump()), data);
}

inline bool writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}
