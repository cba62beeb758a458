#include "app/cli/command_context.h"

#include "core/base/logging.h"

#include <array>
#include <unistd.h>

namespace llmemory::app {

CommandContext::CommandContext(const settings::Settings &settings,
                               Console &console,
                               Interrupts &interrupts)
    : m_settings(settings), m_console(console), m_interrupts(interrupts)
{
}

CommandContext::~CommandContext()
{
    if (m_memory)
        m_memory->close();
}

Result<Memory *> CommandContext::openMemory(Workers workers)
{
    Q_ASSERT(!m_memory);
    const auto config = memoryConfig(m_settings, workers);
    if (!config)
        return config.error();
    m_memory = std::make_unique<Memory>(*config);
    QObject::connect(m_memory.get(),
                     &Memory::startupStep,
                     &m_interrupts,
                     [this](const QString &step) { m_console.showStatus(step); });
    const auto showLoss = [this](const QString &reason) {
        if (!reason.isEmpty())
            m_console.note(printable(reason));
    };
    QObject::connect(m_memory.get(), &Memory::databaseUnavailable, &m_interrupts, showLoss);
    // Cancelling the future alone does not end the wait for a server that starts.
    const auto stopOpening = QObject::connect(
        &m_interrupts, &Interrupts::interrupted, m_memory.get(), [this] { m_memory->close(); });
    auto opened = await(m_memory->initialize());
    QObject::disconnect(stopOpening);
    m_console.clearStatus();
    if (!opened)
        return opened.error();
    return m_memory.get();
}

std::optional<QString> CommandContext::ask(const QString &question)
{
    m_console.prompt(question);
    QByteArray line;
    bool complete = false;
    QEventLoop loop;
    QSocketNotifier notifier(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&notifier, &QSocketNotifier::activated, &loop, [&] {
        std::array<char, 4096> buffer{};
        const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (count > 0)
            line.append(buffer.data(), count);
        complete = line.endsWith('\n');
        if (complete || count <= 0)
            loop.quit();
    });
    QObject::connect(&m_interrupts, &Interrupts::interrupted, &loop, &QEventLoop::quit);
    if (!m_interrupts.isInterrupted())
        loop.exec();
    if (!complete && (line.isEmpty() || m_interrupts.isInterrupted()))
        return std::nullopt;
    return QString::fromUtf8(line).trimmed();
}

ExitCode CommandContext::fail(const Error &error)
{
    m_console.error(printable(error.message));
    if (!error.detail.isEmpty())
        logging::info(error.detail);
    return exitCodeFor(error);
}

} // namespace llmemory::app
