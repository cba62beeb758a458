#include "app/cli/console.h"

#include <algorithm>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace llmemory::app {

namespace {

constexpr int kDefaultWidth = 80;
constexpr int kLeastWidth = 40;

void write(std::FILE *stream, const QByteArray &bytes)
{
    std::fwrite(bytes.constData(), 1, size_t(bytes.size()), stream);
    std::fflush(stream);
}

int terminalWidth()
{
    winsize size = {};
    for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
        if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
            return size.ws_col;
    }
    return kDefaultWidth;
}

const char *ansiCode(Style style)
{
    switch (style) {
    case Style::Bold:
        return "1";
    case Style::Dim:
        return "2";
    case Style::Highlight:
        return "1;33";
    case Style::Green:
        return "32";
    case Style::Yellow:
        return "33";
    case Style::Red:
        return "31";
    }
    return "0";
}

} // namespace

Console::Console()
    : m_inputIsTerminal(::isatty(STDIN_FILENO) == 1)
    , m_outputIsTerminal(::isatty(STDOUT_FILENO) == 1)
    , m_errorIsTerminal(::isatty(STDERR_FILENO) == 1)
    , m_useColours(m_outputIsTerminal && qEnvironmentVariableIsEmpty("NO_COLOR") &&
                   qgetenv("TERM") != QByteArrayLiteral("dumb"))
{
}

Console::~Console()
{
    clearStatus();
}

void Console::print(const QString &line)
{
    clearStatus();
    write(stdout, line.toUtf8() + '\n');
}

void Console::printJson(const Json &value)
{
    clearStatus();
    write(stdout, toUtf8(value) + '\n');
}

void Console::note(const QString &message)
{
    clearStatus();
    write(stderr, message.toUtf8() + '\n');
}

void Console::error(const QString &message)
{
    note(QLatin1String("llmemory: ") + message);
}

void Console::prompt(const QString &question)
{
    clearStatus();
    write(stderr, question.toUtf8());
}

void Console::showStatus(const QString &text)
{
    if (!m_errorIsTerminal)
        return;
    write(stderr, QByteArrayLiteral("\r\x1b[K") + text.left(width() - 1).toUtf8());
    m_statusShown = true;
}

void Console::clearStatus()
{
    if (!m_statusShown)
        return;
    write(stderr, QByteArrayLiteral("\r\x1b[K"));
    m_statusShown = false;
}

int Console::width() const
{
    return std::max(terminalWidth(), kLeastWidth);
}

QString Console::styled(const QString &text, Style style) const
{
    if (!m_useColours || text.isEmpty())
        return text;
    return QLatin1String("\x1b[") + QLatin1String(ansiCode(style)) + u'm' + text +
           QLatin1String("\x1b[0m");
}

bool isPrintable(char32_t codePoint)
{
    const bool overridesDirection = (codePoint >= 0x202A && codePoint <= 0x202E) ||
                                    (codePoint >= 0x2066 && codePoint <= 0x2069);
    return !overridesDirection && QChar::category(codePoint) != QChar::Other_Control;
}

QString printable(const QString &text)
{
    QString line;
    line.reserve(text.size());
    for (const QChar c : text) {
        if (c.isSpace())
            line += u' ';
        else if (isPrintable(c.unicode()))
            line += c;
    }
    return line;
}

} // namespace llmemory::app
