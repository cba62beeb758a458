#pragma once

#include "core/extract/extraction_limits.h"

#include <QByteArray>

#include <memory>
#include <optional>

struct zip;

namespace llmemory::extract {

/// A ZIP file in memory whose entries have been found to be within the limits. Entry names are
/// keys, never paths.
class ZipArchive
{
public:
    enum class Fault {
        None,
        Damaged, ///< no valid ZIP file
        Bomb,    ///< too many entries, too large, packed too well, or entries that share bytes
    };

    /// Opens @p bytes, which must outlive the archive, and checks what its directory declares.
    ZipArchive(const QByteArray &bytes, const ExtractionLimits &limits);
    ~ZipArchive();
    ZipArchive(const ZipArchive &) = delete;
    ZipArchive &operator=(const ZipArchive &) = delete;

    /// Of the file; after read() also of an entry that holds more than its directory declared.
    Fault fault() const { return m_fault; }
    /// The unpacked entry; nothing where there is none of that name or it cannot be unpacked.
    std::optional<QByteArray> read(const QByteArray &name);

private:
    void checkEntries();

    struct Closer
    {
        void operator()(zip *archive) const;
    };

    ExtractionLimits m_limits;
    Fault m_fault = Fault::None;
    std::unique_ptr<zip, Closer> m_zip;
};

} // namespace llmemory::extract
