#include "core/http/token_store.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QRandomGenerator>
#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace llmemory::http {

namespace {

/// Longer than any token with its line end; more is no token file.
constexpr qsizetype kLargestFile = 256;
constexpr auto kCannotCreate =
    QT_TRANSLATE_NOOP("llmemory::http::TokenStore", "The token file %1 cannot be created: %2.");
constexpr auto kCannotRead =
    QT_TRANSLATE_NOOP("llmemory::http::TokenStore", "The token file %1 cannot be read: %2.");

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::http::TokenStore", text);
}

Error configuration(const QString &message)
{
    return {
        .kind = ErrorKind::Configuration, .message = message, .code = QStringLiteral("token_file")};
}

Error systemError(const char *text, const QString &path, int number)
{
    const bool denied = number == EACCES || number == EPERM || number == EROFS;
    return {.kind = denied ? ErrorKind::Permission : ErrorKind::Unavailable,
            .message = tr(text).arg(path, qt_error_string(number)),
            .code = QStringLiteral("token_file")};
}

/// Closes the descriptor at the end of its scope.
class FileDescriptor
{
public:
    explicit FileDescriptor(int fd) : m_fd(fd) {}
    ~FileDescriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Q_DISABLE_COPY_MOVE(FileDescriptor)
    int get() const { return m_fd; }

private:
    int m_fd;
};

bool writeAll(int fd, const QByteArray &bytes)
{
    qsizetype done = 0;
    while (done < bytes.size()) {
        const ssize_t written = ::write(fd, bytes.constData() + done, size_t(bytes.size() - done));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        done += written;
    }
    return ::fsync(fd) == 0;
}

/// The file appears under its name only when it is whole: two programs may start at once.
Result<> createFile(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    const QByteArray partName = name + ".new-" + QByteArray::number(::getpid());
    const FileDescriptor file(
        ::open(partName.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.get() < 0)
        return systemError(kCannotCreate, path, errno);
    const bool written = writeAll(file.get(), TokenStore::createToken() + '\n');
    const bool linked = written && ::link(partName.constData(), name.constData()) == 0;
    const int number = errno;
    ::unlink(partName.constData());
    if (!linked && number != EEXIST)
        return systemError(kCannotCreate, path, number);
    return {};
}

Result<QByteArray> readFile(const QString &path, int fd)
{
    struct stat status = {};
    if (::fstat(fd, &status) != 0)
        return systemError(kCannotRead, path, errno);
    if (!S_ISREG(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 077) != 0) {
        return configuration(tr("The token file %1 must be a plain file that belongs to you and "
                                "that only you can read. "
                                "Run: chmod 600 %1")
                                 .arg(path));
    }
    std::array<char, kLargestFile> buffer{};
    const ssize_t size = ::read(fd, buffer.data(), buffer.size());
    return QByteArray(buffer.data(), std::max<ssize_t>(size, 0)).trimmed();
}

} // namespace

TokenStore::TokenStore(QString path, QByteArray token)
    : m_path(std::move(path)), m_token(std::move(token))
{
}

QByteArray TokenStore::createToken()
{
    std::array<quint32, 8> bits{};
    QRandomGenerator::system()->fillRange(bits.data(), bits.size());
    const QByteArray bytes(reinterpret_cast<const char *>(bits.data()), sizeof bits);
    return "llm_" + bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray TokenStore::sha256() const
{
    return QCryptographicHash::hash(m_token, QCryptographicHash::Sha256);
}

Result<TokenStore> TokenStore::open(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    int fd = ::open(name.constData(), flags);
    if (fd < 0 && errno == ENOENT) {
        if (auto created = createFile(path); !created)
            return created.error();
        fd = ::open(name.constData(), flags);
    }
    const FileDescriptor file(fd);
    if (fd < 0)
        return systemError(kCannotRead, path, errno);
    const auto text = readFile(path, fd);
    if (!text)
        return text.error();
    static const QRegularExpression shape(QStringLiteral("\\Allm_[A-Za-z0-9_-]{43}\\z"));
    if (!shape.match(QString::fromLatin1(*text)).hasMatch()) {
        return configuration(
            tr("The token file %1 holds no token. Delete it and a new one is made.").arg(path));
    }
    return TokenStore(path, *text);
}

} // namespace llmemory::http
