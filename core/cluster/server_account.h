#pragma once

#include "core/base/result.h"

#include <QString>

#include <optional>
#include <sys/types.h>

namespace llmemory::cluster {

/// Under whom PostgreSQL runs: it refuses to run as root. A value.
class ServerAccount
{
public:
    enum class Kind {
        Same,      ///< the program's own user
        User,      ///< another account, entered by root
        Namespace, ///< root, seen by the server as `nobody` through a user namespace; files stay
                   ///< root's
    };

    /// The account for this process. When it runs as root: the owner of existing data, else @p
    /// setting, else `llmemory`, else `postgres`; where changing users is not permitted or there is
    /// none, a user namespace.
    /// @param setting    account name; empty = choose, "root" = a user namespace. Ignored unless
    /// root.
    /// @param dataOwner  who owns the existing cluster's files, if there is one.
    /// Error: Configuration when @p setting names nobody; Permission "db_root" when there is no
    /// way.
    static Result<ServerAccount> choose(const QString &setting, std::optional<uid_t> dataOwner);

    Kind kind() const { return m_kind; }
    /// Owner of the server's files as the file system shows it.
    uid_t uid() const { return m_uid; }
    gid_t gid() const { return m_gid; }
    /// For messages.
    const QString &name() const { return m_name; }

    /// Becomes the account for good; root cannot be regained. Only in a freshly forked child: makes
    /// system calls only. False when refused.
    bool enter() const noexcept;
    /// Whether the account may pass through @p directory and all its parents.
    bool canReach(const QString &directory) const;

private:
    ServerAccount(Kind kind, uid_t uid, gid_t gid, const QString &name);
    static Result<ServerAccount> chooseForRoot(const QString &setting,
                                               std::optional<uid_t> dataOwner);
    bool canBeEntered() const;

    Kind m_kind;
    uid_t m_uid;
    gid_t m_gid;
    QString m_name;
};

} // namespace llmemory::cluster
