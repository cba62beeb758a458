#include "core/extract/extraction_worker.h"

#include "core/extract/extraction_frame.h"
#include "core/extract/extractor_registry.h"
#include "core/extract/worker_protocol.h"

#include <array>
#include <cerrno>
#include <new>
#include <optional>
#include <unistd.h>

namespace llmemory::extract {

namespace {

constexpr qsizetype kReadBytes = 256 * 1024;

/// Nothing on a read error or past the limit; the parent has looked at the size, but the file may
/// have grown.
std::optional<QByteArray> readAll(int fd, qint64 mostBytes)
{
    QByteArray content;
    for (;;) {
        const qsizetype before = content.size();
        content.resize(before + kReadBytes);
        const ssize_t count = ::read(fd, content.data() + before, size_t(kReadBytes));
        content.truncate(before + qsizetype(count > 0 ? count : 0));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 || content.size() > mostBytes)
            return std::nullopt;
        if (count == 0)
            return content;
    }
}

bool writeAll(int fd, const QByteArray &bytes)
{
    qsizetype written = 0;
    while (written < bytes.size()) {
        const ssize_t count =
            ::write(fd, bytes.constData() + written, size_t(bytes.size() - written));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        written += qsizetype(count);
    }
    return true;
}

int extractToOutput(const char *kind)
{
    const auto extractor = makeExtractor(fileKindFromString(QString::fromLatin1(kind)));
    if (!extractor)
        return worker::kExitUsage;
    const ExtractionLimits limits;
    const auto content = readAll(STDIN_FILENO, limits.inputBytes);
    if (!content)
        return worker::kExitFailed;
    const QByteArray frame = toFrame(extractor->extract(*content, limits));
    return writeAll(STDOUT_FILENO, frame) ? worker::kExitOk : worker::kExitFailed;
}

} // namespace

int runExtractionWorker(int argc, char **argv)
{
    static constexpr int kKindArgument = 2;
    if (argc <= kKindArgument)
        return worker::kExitUsage;
    // At once: with no memory left, unwinding through C libraries helps nobody.
    std::set_new_handler([] { ::_exit(worker::kExitMemory); });
    try {
        const int code = extractToOutput(argv[kKindArgument]);
        // No destructors of statics: the answer is out, and the file may have damaged what they
        // would free.
        ::_exit(code);
    } catch (const std::bad_alloc &) {
        return worker::kExitMemory;
    } catch (const std::exception &) {
        return worker::kExitFailed;
    }
}

} // namespace llmemory::extract
