#include "core/extract/confined_child.h"

#include "core/extract/file_descriptor.h"

#include <QDeadlineTimer>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <grp.h>
#include <optional>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <vector>

namespace llmemory::extract {

namespace {

using End = ConfinedResult::End;

/// Exit code when the program cannot be executed, as the shell's; the reason comes through a pipe
/// of its own.
constexpr int kCannotExecute = 127;
/// The kernel's overflow id, "nobody" on every distribution.
constexpr uid_t kNobody = 65534;
/// How soon a request to cancel is seen.
constexpr int kPollMs = 50;
constexpr int kReadBytes = 64 * 1024;

/// Everything the child needs between fork() and exec, prepared before: after fork() in a program
/// with threads nothing may allocate.
struct Preparation
{
    std::vector<char *> arguments;
    std::vector<char *> environment;
    QByteArrayList storage;
    FileDescriptor program;
    FileDescriptor input;
    FileDescriptor outputRead;
    FileDescriptor outputWrite;
    /// Closes on exec: only a child that did not become the program can write to it.
    FileDescriptor failureRead;
    FileDescriptor failureWrite;
    FileDescriptor devNull;
    ExtractionLimits limits;
    pid_t parent = -1;
    bool dropUser = false;
};

/// A copy above the standard descriptors, so that placing one of them never overwrites another.
FileDescriptor aboveStandard(int fd)
{
    return FileDescriptor(::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

FileDescriptor raised(FileDescriptor fd)
{
    return fd.get() > STDERR_FILENO ? std::move(fd) : aboveStandard(fd.get());
}

bool openPipe(FileDescriptor &read, FileDescriptor &write)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return false;
    read = raised(FileDescriptor(ends[0]));
    write = raised(FileDescriptor(ends[1]));
    return read.isValid() && write.isValid() && ::fcntl(read.get(), F_SETFL, O_NONBLOCK) == 0;
}

/// Root's child becomes nobody, where nobody may execute the program.
bool mayDropUser(int programFd)
{
    struct stat status = {};
    return ::geteuid() == 0 && ::fstat(programFd, &status) == 0 && (status.st_mode & S_IXOTH) != 0;
}

void fillArguments(Preparation &preparation, const ConfinedCommand &command)
{
    preparation.storage = command.arguments;
    preparation.storage.prepend(command.program);
    const qsizetype argumentCount = preparation.storage.size();
    preparation.storage << QByteArrayLiteral("LANG=C.UTF-8") << QByteArrayLiteral("LC_ALL=C.UTF-8");
    // Where the program was started with libraries of its own, it cannot start again without them.
    if (qEnvironmentVariableIsSet("LD_LIBRARY_PATH"))
        preparation.storage << QByteArrayLiteral("LD_LIBRARY_PATH=") + qgetenv("LD_LIBRARY_PATH");
    for (qsizetype i = 0; i < preparation.storage.size(); ++i) {
        auto &list = i < argumentCount ? preparation.arguments : preparation.environment;
        list.push_back(preparation.storage[i].data());
    }
    preparation.arguments.push_back(nullptr);
    preparation.environment.push_back(nullptr);
}

bool prepare(Preparation &preparation,
             const ConfinedCommand &command,
             const ExtractionLimits &limits)
{
    preparation.program =
        raised(FileDescriptor(::open(command.program.constData(), O_PATH | O_CLOEXEC)));
    preparation.input = aboveStandard(command.input);
    preparation.devNull = raised(FileDescriptor(::open("/dev/null", O_WRONLY | O_CLOEXEC)));
    if (!preparation.program.isValid() || !preparation.input.isValid() ||
        !preparation.devNull.isValid() ||
        !openPipe(preparation.outputRead, preparation.outputWrite) ||
        !openPipe(preparation.failureRead, preparation.failureWrite)) {
        return false;
    }
    fillArguments(preparation, command);
    preparation.limits = limits;
    preparation.parent = ::getpid();
    preparation.dropUser = mayDropUser(preparation.program.get());
    return true;
}

void setLimit(__rlimit_resource resource, rlim_t soft, rlim_t hard)
{
    const rlimit limit{soft, hard};
    ::setrlimit(resource, &limit);
}

void applyResourceLimits(const ExtractionLimits &limits)
{
#ifndef LLMEMORY_SANITIZED
    setLimit(RLIMIT_AS, limits.addressSpaceBytes, limits.addressSpaceBytes);
#endif
    const auto cpu = rlim_t(limits.cpuSeconds);
    setLimit(RLIMIT_CPU, cpu, cpu + 1);
    setLimit(RLIMIT_NOFILE, rlim_t(limits.openFiles), rlim_t(limits.openFiles));
    setLimit(RLIMIT_CORE, 0, 0);
    setLimit(RLIMIT_FSIZE, 0, 0);
}

void raiseOomScore(int score)
{
    const int fd = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    std::array<char, 8> digits{};
    auto *end = digits.end();
    auto *begin = end;
    int rest = std::max(score, 0);
    do {
        *--begin = char('0' + rest % 10);
        rest /= 10;
    } while (rest > 0 && begin != digits.begin());
    [[maybe_unused]] const auto written = ::write(fd, begin, size_t(end - begin));
    ::close(fd);
}

void resetSignals()
{
    for (int number = 1; number < NSIG; ++number)
        ::signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void placeDescriptors(const Preparation &preparation)
{
    ::dup2(preparation.input.get(), STDIN_FILENO);
    ::dup2(preparation.outputWrite.get(), STDOUT_FILENO);
    ::dup2(preparation.devNull.get(), STDERR_FILENO);
    // Ours and Qt's descriptors close on exec; this is for what other libraries opened without the
    // flag.
    ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
}

/// Runs in the child after fork(): async-signal-safe calls only, in an order where each still may
/// do its part.
[[noreturn]] void becomeProgram(const Preparation &preparation)
{
    ::setsid();
    raiseOomScore(preparation.limits.oomScore);
    placeDescriptors(preparation);
    if (preparation.dropUser) {
        ::setgroups(0, nullptr);
        if (::setresgid(kNobody, kNobody, kNobody) != 0 ||
            ::setresuid(kNobody, kNobody, kNobody) != 0) {
            // A container without that id: the other limits still hold.
        }
    }
    // After the change of user, which clears it.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != preparation.parent)
        ::_exit(kCannotExecute);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    applyResourceLimits(preparation.limits);
    resetSignals();
    // By descriptor: the other user may not be able to reach the path.
    ::execveat(preparation.program.get(),
               "",
               preparation.arguments.data(),
               preparation.environment.data(),
               AT_EMPTY_PATH);
    ::execve(preparation.arguments.front(),
             preparation.arguments.data(),
             preparation.environment.data());
    const int error = errno;
    [[maybe_unused]] const auto written =
        ::write(preparation.failureWrite.get(), &error, sizeof error);
    ::_exit(kCannotExecute);
}

/// fork() with all signals blocked, so that no handler of this program ever runs in the child.
pid_t forkQuietly(const Preparation &preparation)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t pid = ::fork();
    if (pid == 0)
        becomeProgram(preparation);
    const int error = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return pid;
}

/// By number: the header of glibc 2.36 declares the function without C linkage.
int openPidFd(pid_t pid)
{
    return int(::syscall(SYS_pidfd_open, pid, 0));
}

/// The running child: reads its output, kills it when it must be, reaps it in every case.
class RunningChild
{
public:
    RunningChild(pid_t pid,
                 FileDescriptor output,
                 FileDescriptor failure,
                 const ExtractionLimits &limits)
        : m_pid(pid)
        , m_pidFd(openPidFd(pid))
        , m_output(std::move(output))
        , m_failure(std::move(failure))
        , m_limits(limits)
    {
    }
    RunningChild(const RunningChild &) = delete;
    RunningChild &operator=(const RunningChild &) = delete;
    ~RunningChild()
    {
        if (!m_reaped)
            killAndReap();
    }

    ConfinedResult watch(const std::atomic_bool *cancelled)
    {
        const QDeadlineTimer deadline(m_limits.wallClock);
        while (!m_reaped) {
            if (cancelled != nullptr && cancelled->load())
                return stop(End::Cancelled);
            if (deadline.hasExpired())
                return stop(End::WallClock);
            waitForNews();
            if (!readOutput())
                return stop(End::Flooded);
            if (hasEnded())
                killAndReap();
        }
        // What it wrote between the last read and its end.
        if (!readOutput())
            return stop(End::Flooded);
        m_result.end = classify();
        return std::move(m_result);
    }

private:
    void waitForNews()
    {
        // A kernel without pidfd leaves -1 there, which poll() ignores: the end is then noticed by
        // the clock.
        std::array<pollfd, 2> sources{pollfd{m_output.get(), POLLIN, 0},
                                      pollfd{m_pidFd.get(), POLLIN, 0}};
        ::poll(sources.data(), sources.size(), kPollMs);
    }

    /// False once more came than allowed.
    bool readOutput()
    {
        std::array<char, kReadBytes> buffer{};
        while (m_output.isValid()) {
            const ssize_t count = ::read(m_output.get(), buffer.data(), buffer.size());
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
                return true;
            if (count <= 0) {
                m_output.reset();
                return true;
            }
            if (m_result.output.size() + count > m_limits.frameBytes)
                return false;
            m_result.output.append(buffer.data(), qsizetype(count));
        }
        return true;
    }

    /// True once the child has ended; it still counts as a process then, so its number is not taken
    /// anew.
    bool hasEnded() const
    {
        siginfo_t info = {};
        const int result = ::waitid(P_PID, id_t(m_pid), &info, WEXITED | WNOHANG | WNOWAIT);
        return result != 0 || info.si_pid == m_pid;
    }

    void reap()
    {
        pid_t got = -1;
        do {
            got = ::wait4(m_pid, &m_status, 0, &m_usage);
        } while (got < 0 && errno == EINTR);
        m_reaped = true;
        // Otherwise someone else reaped it; there is no status then.
        m_statusKnown = got == m_pid;
    }

    void killAndReap()
    {
        // The session first: no grandchild survives. One that has ended by itself keeps its own
        // status.
        ::kill(-m_pid, SIGKILL);
        ::kill(m_pid, SIGKILL);
        reap();
    }

    ConfinedResult stop(End end)
    {
        if (!m_reaped)
            killAndReap();
        m_result.end = end;
        m_result.output.clear();
        return std::move(m_result);
    }

    bool usedUpItsTime() const
    {
        return m_usage.ru_utime.tv_sec + m_usage.ru_stime.tv_sec >= m_limits.cpuSeconds;
    }

    /// An allocator that finds no memory ends its program by many different signals.
    bool usedUpItsMemory() const
    {
        return quint64(m_usage.ru_maxrss) * 1024 > m_limits.addressSpaceBytes / 2;
    }

    End classify()
    {
        if (::read(m_failure.get(), &m_result.error, sizeof m_result.error) ==
            sizeof m_result.error)
            return End::NotStarted;
        if (!m_statusKnown)
            return End::Exited;
        if (WIFEXITED(m_status)) {
            m_result.exitCode = WEXITSTATUS(m_status);
            return End::Exited;
        }
        m_result.signal = WTERMSIG(m_status);
        if (m_result.signal == SIGXCPU || (m_result.signal == SIGKILL && usedUpItsTime()))
            return End::CpuTime;
        // Nobody but the kernel's out-of-memory killer sends this one.
        if (m_result.signal == SIGKILL || usedUpItsMemory())
            return End::Memory;
        return End::Signalled;
    }

    pid_t m_pid;
    FileDescriptor m_pidFd;
    FileDescriptor m_output;
    FileDescriptor m_failure;
    const ExtractionLimits &m_limits;
    ConfinedResult m_result;
    rusage m_usage = {};
    int m_status = 0;
    bool m_reaped = false;
    bool m_statusKnown = false;
};

} // namespace

ConfinedResult runConfined(const ConfinedCommand &command,
                           const ExtractionLimits &limits,
                           const std::atomic_bool *cancelled)
{
    ConfinedResult failed;
    Preparation preparation;
    if (!prepare(preparation, command, limits)) {
        failed.error = errno;
        return failed;
    }
    const pid_t pid = forkQuietly(preparation);
    if (pid < 0) {
        failed.error = errno;
        return failed;
    }
    preparation.outputWrite.reset();
    preparation.failureWrite.reset();
    preparation.input.reset();
    RunningChild child(
        pid, std::move(preparation.outputRead), std::move(preparation.failureRead), limits);
    return child.watch(cancelled);
}

} // namespace llmemory::extract
