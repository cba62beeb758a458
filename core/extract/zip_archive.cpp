#include "core/extract/zip_archive.h"

#include "core/extract/zip_directory.h"

#include <zip.h>

namespace llmemory::extract {

void ZipArchive::Closer::operator()(zip *archive) const
{
    zip_discard(archive);
}

ZipArchive::ZipArchive(const QByteArray &bytes, const ExtractionLimits &limits) : m_limits(limits)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source =
        zip_source_buffer_create(bytes.constData(), zip_uint64_t(bytes.size()), 0, &error);
    if (source != nullptr) {
        m_zip.reset(zip_open_from_source(source, ZIP_RDONLY, &error));
        if (!m_zip)
            zip_source_free(source);
    }
    zip_error_fini(&error);
    if (!m_zip)
        m_fault = Fault::Damaged;
    else if (hasSharedBytes(bytes))
        m_fault = Fault::Bomb;
    else
        checkEntries();
}

ZipArchive::~ZipArchive() = default;

void ZipArchive::checkEntries()
{
    const zip_int64_t count = zip_get_num_entries(m_zip.get(), 0);
    if (count > m_limits.zipEntries) {
        m_fault = Fault::Bomb;
        return;
    }
    const auto entryMost = zip_uint64_t(m_limits.zipEntryBytes);
    zip_uint64_t rest = zip_uint64_t(m_limits.zipTotalBytes);
    for (zip_int64_t i = 0; i < count; ++i) {
        zip_stat_t entry;
        if (zip_stat_index(m_zip.get(), zip_uint64_t(i), 0, &entry) != 0) {
            m_fault = Fault::Damaged;
            return;
        }
        const bool packedTooWell = entry.size > zip_uint64_t(m_limits.zipFreeBytes) &&
                                   entry.size / zip_uint64_t(m_limits.zipRatio) > entry.comp_size;
        if (entry.size > entryMost || entry.size > rest || packedTooWell) {
            m_fault = Fault::Bomb;
            return;
        }
        rest -= entry.size;
    }
}

std::optional<QByteArray> ZipArchive::read(const QByteArray &name)
{
    zip_stat_t entry;
    if (m_fault != Fault::None || zip_stat(m_zip.get(), name.constData(), 0, &entry) != 0)
        return std::nullopt;
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(
        zip_fopen_index(m_zip.get(), entry.index, 0), zip_fclose);
    if (!file)
        return std::nullopt;
    // One byte more than declared, to notice an entry that holds more.
    QByteArray content(qsizetype(entry.size) + 1, Qt::Uninitialized);
    qsizetype filled = 0;
    while (filled < content.size()) {
        const zip_int64_t got =
            zip_fread(file.get(), content.data() + filled, zip_uint64_t(content.size() - filled));
        if (got < 0)
            return std::nullopt;
        if (got == 0)
            break;
        filled += qsizetype(got);
    }
    if (filled > qsizetype(entry.size)) {
        m_fault = Fault::Bomb;
        return std::nullopt;
    }
    content.truncate(filled);
    return content;
}

} // namespace llmemory::extract
