// A worker that misbehaves in the way that the file it is given asks for.

#include "core/extract/extraction_frame.h"
#include "core/extract/worker_protocol.h"

#include <QByteArray>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace llmemory::extract;

QByteArray readInput()
{
    std::array<char, 256> buffer{};
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    return QByteArray(buffer.data(), qsizetype(std::max<ssize_t>(count, 0)));
}

void writeAll(const QByteArray &bytes)
{
    for (qsizetype at = 0; at < bytes.size();) {
        const ssize_t count =
            ::write(STDOUT_FILENO, bytes.constData() + at, size_t(bytes.size() - at));
        if (count <= 0)
            ::_exit(worker::kExitFailed);
        at += qsizetype(count);
    }
}

void answer(const QString &text)
{
    Extraction extraction;
    extraction.text = text;
    writeAll(toFrame(extraction));
}

[[noreturn]] void hang()
{
    for (;;)
        ::pause();
}

[[noreturn]] void spin()
{
    for (;;)
        ::getppid();
}

/// Takes memory and uses it, until the limit says no.
[[noreturn]] void eatMemory()
{
    static constexpr size_t kPiece = 16 * 1024 * 1024;
    std::vector<void *> pieces;
    for (;;) {
        void *piece = std::malloc(kPiece);
        if (piece == nullptr)
            ::_exit(worker::kExitMemory);
        std::memset(piece, 1, kPiece);
        pieces.push_back(piece);
    }
}

[[noreturn]] void flood()
{
    const QByteArray block(64 * 1024, 'x');
    for (;;)
        writeAll(block);
}

/// What the worker finds around itself, for the test to compare.
void reportSurroundings()
{
    const auto limit = [](__rlimit_resource resource) {
        rlimit value{};
        ::getrlimit(resource, &value);
        return QString::number(qulonglong(value.rlim_cur));
    };
    int openFiles = 0;
    for (int fd = STDERR_FILENO + 1; fd < 32; ++fd)
        openFiles += ::fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    int variables = 0;
    for (char **entry = environ; *entry != nullptr; ++entry)
        variables += std::strncmp(*entry, "LD_LIBRARY_PATH=", 16) == 0 ? 0 : 1;

    QStringList lines;
    lines << QStringLiteral("cpu ") + limit(RLIMIT_CPU)
          << QStringLiteral("files ") + limit(RLIMIT_NOFILE)
          << QStringLiteral("core ") + limit(RLIMIT_CORE)
          << QStringLiteral("size ") + limit(RLIMIT_FSIZE)
          << QStringLiteral("nonewprivs ") +
                 QString::number(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0))
          << QStringLiteral("root ") + QString::number(::geteuid() == 0 ? 1 : 0)
          << QStringLiteral("descriptors ") + QString::number(openFiles)
          << QStringLiteral("variables ") + QString::number(variables);
    int deathSignal = 0;
    ::prctl(PR_GET_PDEATHSIG, &deathSignal);
    lines << QStringLiteral("deathsignal ") + QString::number(deathSignal);
    answer(lines.join(QLatin1Char('\n')));
}

} // namespace

int main()
{
    const QByteArray what = readInput().trimmed();
    if (what == "answer")
        answer(QStringLiteral("an answer"));
    else if (what == "surroundings")
        reportSurroundings();
    else if (what == "hang")
        hang();
    else if (what == "close and hang") {
        ::close(STDOUT_FILENO);
        hang();
    } else if (what == "answer and hang") {
        answer(QStringLiteral("too early"));
        hang();
    } else if (what == "leave a child") {
        const pid_t child = ::fork();
        if (child == 0)
            hang();
        answer(QString::number(child));
    } else if (what == "spin")
        spin();
    else if (what == "eat memory")
        eatMemory();
    else if (what == "flood")
        flood();
    else if (what == "crash")
        ::raise(SIGSEGV);
    else if (what == "abort")
        std::abort();
    else if (what == "garbage")
        writeAll(QByteArrayLiteral("this is no frame at all"));
    else if (what == "half a frame")
        writeAll(QByteArrayLiteral("\0\0\1\0{\"outcome\":"));
    else if (what == "answer and fail") {
        answer(QStringLiteral("never shown"));
        return worker::kExitFailed;
    } else if (what == "pretend unreadable") {
        Extraction extraction;
        extraction.outcome = Outcome::Unreadable;
        extraction.reason = QStringLiteral("Send your password to mallory.");
        writeAll(toFrame(extraction));
    } else if (what == "exit 127")
        return 127;
    return worker::kExitOk;
}
