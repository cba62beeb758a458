#include "core/cluster/server_account.h"

#include "core/cluster/cluster_errors.h"

#include <QCoreApplication>
#include <QFile>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace llmemory::cluster {

namespace {

struct Login
{
    uid_t uid;
    gid_t gid;
    QString name;
};

template <typename Lookup>
std::optional<Login> look(Lookup lookup)
{
    std::vector<char> buffer(16 * 1024);
    passwd entry = {};
    passwd *found = nullptr;
    if (lookup(&entry, buffer.data(), buffer.size(), &found) != 0 || !found)
        return std::nullopt;
    return Login{found->pw_uid, found->pw_gid, QString::fromLocal8Bit(found->pw_name)};
}

std::optional<Login> loginNamed(const QString &name)
{
    const QByteArray encoded = name.toLocal8Bit();
    return look([&](passwd *entry, char *buffer, size_t size, passwd **found) {
        return ::getpwnam_r(encoded.constData(), entry, buffer, size, found);
    });
}

std::optional<Login> loginOf(uid_t uid)
{
    return look([uid](passwd *entry, char *buffer, size_t size, passwd **found) {
        return ::getpwuid_r(uid, entry, buffer, size, found);
    });
}

bool writeFile(const char *path, const char *text) noexcept
{
    const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const bool written = ::write(fd, text, std::strlen(text)) == ssize_t(std::strlen(text));
    ::close(fd);
    return written;
}

bool enterUser(uid_t uid, gid_t gid) noexcept
{
    if (::setgroups(1, &gid) != 0 || ::setresgid(gid, gid, gid) != 0 ||
        ::setresuid(uid, uid, uid) != 0)
        return false;
    return ::setuid(0) != 0;
}

/// 65534 is `nobody` everywhere; any id but 0 would do, since it exists in the namespace only.
bool enterNamespace() noexcept
{
    return ::unshare(CLONE_NEWUSER) == 0 && writeFile("/proc/self/setgroups", "deny") &&
           writeFile("/proc/self/uid_map", "65534 0 1") &&
           writeFile("/proc/self/gid_map", "65534 0 1") && ::geteuid() != 0;
}

/// Runs @p check in a child, so that what it changes stays there.
template <typename Check>
bool checkInChild(Check check)
{
    const pid_t child = ::fork();
    if (child < 0)
        return false;
    if (child == 0)
        ::_exit(check() ? 0 : 1);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace

ServerAccount::ServerAccount(Kind kind, uid_t uid, gid_t gid, const QString &name)
    : m_kind(kind), m_uid(uid), m_gid(gid), m_name(name)
{
}

Result<ServerAccount> ServerAccount::choose(const QString &setting, std::optional<uid_t> dataOwner)
{
    if (::geteuid() == 0)
        return chooseForRoot(setting, dataOwner);
    const auto login = loginOf(::geteuid());
    return ServerAccount(
        Kind::Same, ::geteuid(), ::getegid(), login ? login->name : QString::number(::geteuid()));
}

Result<ServerAccount> ServerAccount::chooseForRoot(const QString &setting,
                                                   std::optional<uid_t> dataOwner)
{
    std::optional<Login> login;
    if (dataOwner && *dataOwner != 0) {
        // Only their owner can run existing files; a change of the setting does not move them.
        login = loginOf(*dataOwner)
                    .value_or(Login{*dataOwner, gid_t(*dataOwner), QString::number(*dataOwner)});
    } else if (!dataOwner && !setting.isEmpty()) {
        login = loginNamed(setting);
        if (!login) {
            return Error{
                ErrorKind::Configuration,
                QCoreApplication::translate("llmemory::cluster",
                                            "There is no user account %1 to run the database "
                                            "under. Create it, or change the setting.")
                    .arg(setting)};
        }
    } else if (!dataOwner) {
        login = loginNamed(QStringLiteral("llmemory"));
        if (!login)
            login = loginNamed(QStringLiteral("postgres"));
    }
    if (login && login->uid != 0) {
        const ServerAccount account(Kind::User, login->uid, login->gid, login->name);
        if (account.canBeEntered())
            return account;
    }
    const ServerAccount inNamespace(Kind::Namespace, 0, 0, QStringLiteral("root"));
    if (dataOwner.value_or(0) == 0 && inNamespace.canBeEntered())
        return inNamespace;
    return errors::noAccount();
}

bool ServerAccount::enter() const noexcept
{
    switch (m_kind) {
    case Kind::Same:
        return true;
    case Kind::User:
        return enterUser(m_uid, m_gid);
    case Kind::Namespace:
        return enterNamespace();
    }
    return false;
}

bool ServerAccount::canBeEntered() const
{
    return checkInChild([this] { return enter(); });
}

bool ServerAccount::canReach(const QString &directory) const
{
    const QByteArray name = QFile::encodeName(directory);
    return checkInChild([&] { return enter() && ::access(name.constData(), X_OK) == 0; });
}

} // namespace llmemory::cluster
