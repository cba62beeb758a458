#include "core/cluster/child_process.h"

#include "core/cluster/files.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QFile>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <vector>

namespace llmemory::cluster {

namespace {

constexpr qsizetype kOutputBytes = 64 * 1024;

/// What a server needs from our environment; never secrets such as DATABASE_URL or provider keys,
/// and no PG* variable that would bend it. The C library is to keep what a statement frees for the
/// next one: by itself it gives the megabyte that an index search needs back to the system each
/// time, and asking for it again costs a page fault for each 4 KB (see docs/scaling.md).
QList<QByteArray> environmentFor()
{
    QList<QByteArray> environment{
        "LC_ALL=C", "MALLOC_MMAP_THRESHOLD_=33554432", "MALLOC_TRIM_THRESHOLD_=33554432"};
    for (const char *name :
         {"PATH", "LD_LIBRARY_PATH", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS"}) {
        if (qEnvironmentVariableIsSet(name))
            environment.append(QByteArray(name) + '=' + qgetenv(name));
    }
    return environment;
}

std::vector<char *> pointersTo(QList<QByteArray> &strings)
{
    std::vector<char *> pointers;
    for (QByteArray &string : strings)
        pointers.push_back(string.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// In the child, between fork and exec: system calls only.
struct ChildSide
{
    const char *program;
    char *const *arguments;
    char *const *environment;
    const ServerAccount *account;
    int signalAtOurEnd;
    int output;
    pid_t parent;

    [[noreturn]] void become() const noexcept
    {
        const int nothing = ::open("/dev/null", O_RDONLY);
        ::dup2(nothing, 0);
        ::dup2(output, 1);
        ::dup2(output, 2);
        ::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
        for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGCHLD})
            ::signal(number, SIG_DFL);
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        ::umask(077);
        if (::chdir("/") != 0 || (account && !account->enter()))
            ::_exit(126);
        // After the change of user, which clears it.
        if (signalAtOurEnd != 0) {
            ::prctl(PR_SET_PDEATHSIG, signalAtOurEnd);
            if (::getppid() != parent)
                ::_exit(126);
        }
        ::execve(program, arguments, environment);
        ::_exit(127);
    }
};

} // namespace

ChildProcess::ChildProcess(pid_t pid, UniqueFd output)
    : m_pid(pid), m_pidFd(int(::syscall(SYS_pidfd_open, pid, 0))), m_output(std::move(output))
{
}

Result<ChildProcess> ChildProcess::start(const Command &command)
{
    const QString action = QCoreApplication::translate("llmemory::cluster", "Cannot start %1");
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return files::systemError(action, command.program, errno);
    UniqueFd reading(ends[0]);
    const UniqueFd writing(ends[1]);
    ::fcntl(reading.get(), F_SETFL, O_NONBLOCK);

    QList<QByteArray> arguments{QFile::encodeName(command.program)};
    for (const QString &argument : command.arguments)
        arguments.append(QFile::encodeName(argument));
    QList<QByteArray> environment = environmentFor();
    const auto argumentPointers = pointersTo(arguments);
    const auto environmentPointers = pointersTo(environment);
    const ChildSide side{argumentPointers.front(),
                         argumentPointers.data(),
                         environmentPointers.data(),
                         command.account,
                         command.signalAtOurEnd,
                         writing.get(),
                         ::getpid()};
    const pid_t pid = ::fork();
    if (pid < 0)
        return files::systemError(action, command.program, errno);
    if (pid == 0)
        side.become();
    return ChildProcess(pid, std::move(reading));
}

Result<ChildProcess::Finished> ChildProcess::run(const Command &command, int timeoutMs)
{
    auto child = start(command);
    if (!child)
        return child.error();
    Finished finished;
    QDeadlineTimer deadline(timeoutMs);
    bool isLate = false;
    while (!child->exitCode()) {
        child->wait(int(std::clamp<qint64>(deadline.remainingTime(), 0, 200)));
        finished.output = QByteArray(finished.output + child->readOutput()).right(kOutputBytes);
        if (deadline.hasExpired()) {
            child->signal(isLate ? SIGKILL : SIGTERM);
            isLate = true;
            deadline.setRemainingTime(5'000);
        }
    }
    finished.output = QByteArray(finished.output + child->readOutput()).right(kOutputBytes);
    finished.exitCode = *child->exitCode();
    if (isLate) {
        return Error{ErrorKind::Unavailable,
                     QCoreApplication::translate("llmemory::cluster", "%1 did not end within %2 s.")
                         .arg(command.program, QString::number(timeoutMs / 1000)),
                     QString::fromLocal8Bit(finished.output)};
    }
    return finished;
}

QByteArray ChildProcess::readOutput()
{
    QByteArray all;
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t n = ::read(m_output.get(), buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            m_output.reset(); // poll() would report the end again and again
        if (n <= 0)
            return all;
        all.append(buffer.data(), n);
    }
}

std::optional<int> ChildProcess::exitCode()
{
    int status = 0;
    if (!m_exitCode && ::waitpid(m_pid, &status, WNOHANG) == m_pid)
        m_exitCode = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return m_exitCode;
}

void ChildProcess::signal(int number) const
{
    if (!m_exitCode)
        ::kill(m_pid, number);
}

void ChildProcess::wait(int timeoutMs) const
{
    std::array<pollfd, 2> sources{pollfd{m_output.get(), POLLIN, 0},
                                  pollfd{m_pidFd.get(), POLLIN, 0}};
    const bool hasPidFd = m_pidFd.isOpen();
    ::poll(sources.data(), hasPidFd ? 2 : 1, hasPidFd ? timeoutMs : std::min(timeoutMs, 100));
}

} // namespace llmemory::cluster
