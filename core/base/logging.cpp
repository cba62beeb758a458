#include "core/base/logging.h"

#include <QRegularExpression>

#include <array>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <utility>

namespace llmemory::logging {

namespace {

void write(spdlog::level::level_enum level, const QString &message)
{
    if (spdlog::should_log(level))
        spdlog::log(level, "{}", redacted(message).toStdString());
}

} // namespace

void initialize(const QString &level)
{
    auto logger = spdlog::stderr_color_mt("llmemory");
    logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
    spdlog::set_default_logger(logger);
    const std::string name = level.toStdString();
    const auto parsed = spdlog::level::from_str(name);
    const bool known = parsed != spdlog::level::off || name == "off";
    spdlog::set_level(known ? parsed : spdlog::level::warn);
}

void debug(const QString &message)
{
    write(spdlog::level::debug, message);
}

void info(const QString &message)
{
    write(spdlog::level::info, message);
}

void warning(const QString &message)
{
    write(spdlog::level::warn, message);
}

void error(const QString &message)
{
    write(spdlog::level::err, message);
}

QString redacted(QString text)
{
    static const std::array<std::pair<QRegularExpression, QString>, 5> rules{{
        {QRegularExpression(QStringLiteral("Bearer\\s+\\S+"),
                            QRegularExpression::CaseInsensitiveOption),
         QStringLiteral("Bearer ***")},
        {QRegularExpression(QStringLiteral("\\bsk-[A-Za-z0-9_-]+")), QStringLiteral("sk-***")},
        {QRegularExpression(QStringLiteral("\\bllm_[A-Za-z0-9_-]+")), QStringLiteral("llm_***")},
        {QRegularExpression(QStringLiteral("password\\s*=\\s*('[^']*'|[^\\s&;]+)"),
                            QRegularExpression::CaseInsensitiveOption),
         QStringLiteral("password=***")},
        {QRegularExpression(QStringLiteral("://[^/@\\s]+@")), QStringLiteral("://***@")},
    }};
    for (const auto &[pattern, replacement] : rules)
        text.replace(pattern, replacement);
    return text;
}

} // namespace llmemory::logging
