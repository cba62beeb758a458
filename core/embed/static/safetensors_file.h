#pragma once

#include "core/base/result.h"

#include <QByteArrayView>
#include <QString>

#include <memory>
#include <vector>

class QFile;

namespace llmemory::embed {

/// A file of named tensors: 8 bytes with the length of a JSON header, the header, the tensors'
/// little-endian bytes. Everything is checked when it is opened. The tensors stay in the file,
/// which is mapped into memory as long as this lives. Immutable, any thread.
class SafetensorsFile final
{
public:
    enum class Type { F64, F32, F16, BF16, I64, I32, I8 };

    struct Tensor
    {
        QString name;
        Type type;
        std::vector<quint64> shape; ///< empty = a single number
        QByteArrayView bytes;       ///< the numbers, last dimension fastest; not aligned

        /// The product of the shape.
        quint64 count() const;
    };

    /// @param path  of a file, or of a resource (":/…") that is not compressed
    /// Error: Configuration, naming the file, what is wrong with it and what to do
    static Result<std::unique_ptr<const SafetensorsFile>> open(const QString &path);
    ~SafetensorsFile();
    Q_DISABLE_COPY_MOVE(SafetensorsFile)

    /// nullptr when there is none of that name.
    const Tensor *find(QLatin1String name) const;
    const QString &path() const { return m_path; }
    /// The whole file.
    QByteArrayView content() const { return m_content; }

    /// Bytes of one number.
    static int sizeOf(Type type);
    /// An Error of kind Configuration about the file at @p path. @param what  a part of a sentence
    static Error damaged(const QString &path, const QString &what);

private:
    SafetensorsFile();

    Result<> map(const QString &path);
    Result<> readHeader();

    QString m_path;
    std::unique_ptr<QFile> m_file;
    QByteArray m_copy; ///< of a file that cannot be mapped
    QByteArrayView m_content;
    std::vector<Tensor> m_tensors;
};

} // namespace llmemory::embed
