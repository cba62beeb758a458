#include "core/embed/static/safetensors_file.h"

#include <QCoreApplication>
#include <QFile>
#include <QtEndian>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

namespace llmemory::embed {

namespace {

using Json = nlohmann::json;
using Type = SafetensorsFile::Type;

constexpr qsizetype kLengthBytes = 8;
constexpr quint64 kMostHeaderBytes = 100'000'000; // the limit of the format's own library

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

std::optional<Type> typeOf(const std::string &name)
{
    constexpr std::pair<const char *, Type> kTypes[] = {{"F64", Type::F64},
                                                        {"F32", Type::F32},
                                                        {"F16", Type::F16},
                                                        {"BF16", Type::BF16},
                                                        {"I64", Type::I64},
                                                        {"I32", Type::I32},
                                                        {"I8", Type::I8}};
    for (const auto &[text, type] : kTypes) {
        if (name == text)
            return type;
    }
    return std::nullopt;
}

/// The numbers of a JSON array of integers from 0 on.
std::optional<std::vector<quint64>> numbers(const Json &entry, const char *name)
{
    const auto list = entry.find(name);
    if (list == entry.end() || !list->is_array())
        return std::nullopt;
    std::vector<quint64> values;
    for (const Json &value : *list) {
        if (!value.is_number_unsigned())
            return std::nullopt;
        values.push_back(value.get<quint64>());
    }
    return values;
}

/// @return nothing when the product does not fit.
std::optional<quint64> product(const std::vector<quint64> &factors, quint64 first)
{
    quint64 value = first;
    for (const quint64 factor : factors) {
        if (factor != 0 && value > std::numeric_limits<quint64>::max() / factor)
            return std::nullopt;
        value *= factor;
    }
    return value;
}

} // namespace

quint64 SafetensorsFile::Tensor::count() const
{
    return product(shape, 1).value_or(0);
}

SafetensorsFile::SafetensorsFile() = default;
SafetensorsFile::~SafetensorsFile() = default;

int SafetensorsFile::sizeOf(Type type)
{
    switch (type) {
    case Type::F64:
    case Type::I64:
        return 8;
    case Type::F32:
    case Type::I32:
        return 4;
    case Type::F16:
    case Type::BF16:
        return 2;
    case Type::I8:
        break;
    }
    return 1;
}

Error SafetensorsFile::damaged(const QString &path, const QString &what)
{
    return {.kind = ErrorKind::Configuration,
            .message = tr("The model file %1 cannot be used: %2. Copy the model's files again, or "
                          "choose another model.")
                           .arg(path, what)};
}

Result<std::unique_ptr<const SafetensorsFile>> SafetensorsFile::open(const QString &path)
{
    std::unique_ptr<SafetensorsFile> file(new SafetensorsFile);
    if (auto ok = file->map(path); !ok)
        return ok.error();
    if (auto ok = file->readHeader(); !ok)
        return ok.error();
    return std::unique_ptr<const SafetensorsFile>(std::move(file));
}

Result<> SafetensorsFile::map(const QString &path)
{
    m_path = path;
    m_file = std::make_unique<QFile>(path);
    if (!m_file->open(QIODevice::ReadOnly))
        return damaged(path, m_file->errorString());
    const qint64 size = m_file->size();
    if (size < kLengthBytes)
        return damaged(path, tr("it is too short for a header"));
    if (const uchar *mapped = m_file->map(0, size)) {
        m_content = QByteArrayView(mapped, qsizetype(size));
    } else { // a compressed resource, or a file system without mapping
        m_copy = m_file->readAll();
        m_content = m_copy;
        if (m_content.size() < kLengthBytes)
            return damaged(path, m_file->errorString());
    }
    return {};
}

Result<> SafetensorsFile::readHeader()
{
    const auto length = qFromLittleEndian<quint64>(m_content.data());
    const auto rest = quint64(m_content.size() - kLengthBytes);
    if (length > rest || length > kMostHeaderBytes)
        return damaged(m_path, tr("its header is longer than the file"));
    const char *text = m_content.data() + kLengthBytes;
    const Json header = Json::parse(text, text + length, nullptr, false);
    if (!header.is_object())
        return damaged(m_path, tr("its header is not valid JSON"));
    const char *data = text + length;
    const quint64 dataSize = rest - length;
    std::vector<std::pair<quint64, quint64>> ranges;
    for (const auto &[name, entry] : header.items()) {
        if (name == "__metadata__")
            continue;
        const QString shown = QString::fromStdString(name);
        const auto wrong = [&](const QString &what) { return damaged(m_path, what.arg(shown)); };
        if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string())
            return wrong(tr("the tensor \"%1\" has no type"));
        const auto type = typeOf(entry["dtype"].get_ref<const std::string &>());
        if (!type)
            return wrong(tr("the tensor \"%1\" is of a type that is not supported"));
        auto shape = numbers(entry, "shape");
        const auto offsets = numbers(entry, "data_offsets");
        if (!shape || !offsets || offsets->size() != 2)
            return wrong(tr("the tensor \"%1\" has no shape or no place"));
        const quint64 begin = offsets->at(0);
        const quint64 end = offsets->at(1);
        if (begin > end || end > dataSize)
            return wrong(tr("the tensor \"%1\" is not within the file, which may be cut short"));
        const auto bytes = product(*shape, quint64(sizeOf(*type)));
        if (!bytes || *bytes != end - begin)
            return wrong(tr("the tensor \"%1\" has another size than its shape says"));
        if (begin < end)
            ranges.emplace_back(begin, end);
        m_tensors.push_back({shown,
                             *type,
                             std::move(*shape),
                             QByteArrayView(data + begin, qsizetype(end - begin))});
    }
    std::sort(ranges.begin(), ranges.end());
    for (size_t i = 1; i < ranges.size(); ++i) {
        if (ranges[i].first < ranges[i - 1].second)
            return damaged(m_path, tr("its tensors overlap"));
    }
    return {};
}

const SafetensorsFile::Tensor *SafetensorsFile::find(QLatin1String name) const
{
    const auto found = std::find_if(m_tensors.begin(), m_tensors.end(), [&](const Tensor &tensor) {
        return tensor.name == name;
    });
    return found == m_tensors.end() ? nullptr : &*found;
}

} // namespace llmemory::embed
