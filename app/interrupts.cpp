#include "app/interrupts.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace llmemory::app {

namespace {

constexpr std::array kSignals{SIGINT, SIGTERM};

// The handler's end of the pipe: the only thing it may touch.
std::atomic<int> g_writeEnd{-1};
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void passOnSignal(int signalNumber)
{
    const int savedErrno = errno;
    const char byte = static_cast<char>(signalNumber);
    [[maybe_unused]] const ssize_t written = ::write(g_writeEnd.load(), &byte, 1);
    errno = savedErrno;
}

} // namespace

Interrupts::Interrupts(QObject *parent) : QObject(parent)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return; // signals then end the program as they do by default
    m_readEnd = ends[0];
    g_writeEnd = ends[1];
    m_notifier = std::make_unique<QSocketNotifier>(m_readEnd, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &Interrupts::readSignal);

    struct sigaction action = {};
    action.sa_handler = passOnSignal;
    action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
    for (const int signalNumber : kSignals)
        ::sigaction(signalNumber, &action, nullptr);
}

Interrupts::~Interrupts()
{
    if (m_readEnd < 0)
        return;
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    for (const int signalNumber : kSignals)
        ::sigaction(signalNumber, &action, nullptr);
    m_notifier.reset();
    ::close(g_writeEnd.exchange(-1));
    ::close(m_readEnd);
}

void Interrupts::readSignal()
{
    char byte = 0;
    if (::read(m_readEnd, &byte, 1) != 1 || isInterrupted())
        return;
    m_signalNumber = byte;
    emit interrupted(m_signalNumber);
}

} // namespace llmemory::app
