#include "core/base/logging.h"

#include <QRegularExpression>

#include <array>
#include <memory>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <utility>

namespace llmemory::logging {

namespace {

/// Our own: a program that embeds the library may use spdlog's default one for itself.
spdlog::logger &logger()
{
    static const std::unique_ptr<spdlog::logger> ours = [] {
        auto made = std::make_unique<spdlog::logger>(
            "llmemory", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
        made->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
        made->set_level(spdlog::level::warn);
        return made;
    }();
    return *ours;
}

void write(spdlog::level::level_enum level, const QString &message)
{
    if (logger().should_log(level))
        logger().log(level, "{}", redacted(message).toStdString());
}

} // namespace

void initialize(const QString &level)
{
    const std::string name = level.toStdString();
    const auto parsed = spdlog::level::from_str(name);
    const bool known = parsed != spdlog::level::off || name == "off";
    logger().set_level(known ? parsed : spdlog::level::warn);
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
