#include "core/testing/crash_guard.h"

#include "core/cluster/files.h"

#include <QCoreApplication>
#include <QFile>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace llmemory::testing {

namespace {

constexpr int kLineFd = 3;

/// $1 is the directory, descriptor 3 our line. In the background, so that it belongs to init and
/// nobody has to wait for it. Processes are found by where they work, which is right after a kill
/// as well, when a file with a process id may be gone or name another one. The data is thrown away:
/// an immediate shutdown is enough, and force only where that takes more than 5 s.
constexpr const char *kScript = R"({
    read -r word <&3 && exit 0
    for signal in QUIT KILL; do
        tries=0
        while [ "$tries" -lt 50 ]; do
            running=
            for process in /proc/[0-9]*; do
                case "$(readlink "$process/cwd")/" in
                "$1"/*)
                    kill -s "$signal" "${process#/proc/}"
                    running=yes
                    ;;
                esac
            done
            [ -n "$running" ] || break 2
            sleep 0.1
            tries=$((tries + 1))
        done
    done
    rm -rf -- "$1"
} &)";

/// How the shell begins: in a new session, with nothing of ours but the line.
class SpawnSettings
{
public:
    explicit SpawnSettings(int line)
    {
        ::posix_spawn_file_actions_init(&m_actions);
        // First: the line may have the number of one of the others.
        ::posix_spawn_file_actions_adddup2(&m_actions, line, kLineFd);
        for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
            ::posix_spawn_file_actions_addopen(&m_actions, fd, "/dev/null", O_RDWR, 0);
        ::posix_spawn_file_actions_addclosefrom_np(&m_actions, kLineFd + 1);

        ::posix_spawnattr_init(&m_attributes);
        sigset_t all;
        sigset_t none;
        ::sigfillset(&all);
        ::sigemptyset(&none);
        ::posix_spawnattr_setsigdefault(&m_attributes, &all);
        ::posix_spawnattr_setsigmask(&m_attributes, &none);
        ::posix_spawnattr_setflags(
            &m_attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    ~SpawnSettings()
    {
        ::posix_spawn_file_actions_destroy(&m_actions);
        ::posix_spawnattr_destroy(&m_attributes);
    }
    Q_DISABLE_COPY_MOVE(SpawnSettings)

    const posix_spawn_file_actions_t *actions() const { return &m_actions; }
    const posix_spawnattr_t *attributes() const { return &m_attributes; }

private:
    posix_spawn_file_actions_t m_actions{};
    posix_spawnattr_t m_attributes{};
};

} // namespace

Result<CrashGuard> CrashGuard::watch(const QString &directory)
{
    const QString action = QCoreApplication::translate("llmemory::testing", "Cannot watch over %1");
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return cluster::files::systemError(action, directory, errno);
    const cluster::UniqueFd reading(ends[0]);
    cluster::UniqueFd writing(ends[1]);

    QByteArray script(kScript);
    QByteArray path = QFile::encodeName(directory);
    std::array<char, 3> shell{"sh"};
    std::array<char, 3> option{"-c"};
    const std::array<char *, 6> arguments{
        shell.data(), option.data(), script.data(), shell.data(), path.data(), nullptr};
    QByteArray searchPath("PATH=/usr/bin:/bin");
    const std::array<char *, 2> environment{searchPath.data(), nullptr};

    const SpawnSettings settings(reading.get());
    pid_t child = 0;
    const int failure = ::posix_spawn(&child,
                                      "/bin/sh",
                                      settings.actions(),
                                      settings.attributes(),
                                      arguments.data(),
                                      environment.data());
    if (failure != 0)
        return cluster::files::systemError(action, directory, failure);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return CrashGuard(std::move(writing));
}

void CrashGuard::disarm()
{
    if (m_line.isOpen() && ::write(m_line.get(), "done\n", 5) == 5)
        m_line.reset();
}

} // namespace llmemory::testing
