#include "base/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/dup_filter_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>

namespace camgate {
namespace {

spdlog::level::level_enum spdLevel(LogLevel level) {
    switch (level) {
        case LogLevel::Debug:
            return spdlog::level::debug;
        case LogLevel::Info:
            return spdlog::level::info;
        case LogLevel::Warning:
            return spdlog::level::warn;
        case LogLevel::Error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

void appendValue(std::string& line, std::string_view value) {
    const bool plain = !value.empty() && value.find_first_of(" \"=\n\r\t") == std::string_view::npos;
    if (plain) {
        line += value;
        return;
    }
    line += '"';
    for (const char c : value) {
        if (c == '"' || c == '\\') line += '\\';
        line += c == '\n' || c == '\r' ? ' ' : c;
    }
    line += '"';
}

}  // namespace

void logEvent(LogLevel level, std::string_view room, std::string_view event_id,
              std::initializer_list<LogField> fields) {
    if (!spdlog::should_log(spdLevel(level))) return;
    std::string line;
    line.append(room).append(" ").append(event_id);
    for (const auto& field : fields) {
        line.append(" ").append(field.key).append("=");
        appendValue(line, field.value);
    }
    spdlog::log(spdLevel(level), "{}", line);
}

void openLog(std::string_view process, LogLevel least) {
    auto repeats = std::make_shared<spdlog::sinks::dup_filter_sink_mt>(std::chrono::seconds(10));
    repeats->add_sink(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    auto logger = std::make_shared<spdlog::logger>(std::string(process), repeats);
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e %L %n %v");
    logger->set_level(spdLevel(least));
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(logger);
}

}  // namespace camgate
