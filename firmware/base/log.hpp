// The log, for three readers: an event id that docs/ref/log-events.md explains, the room it comes from, and
// key=value fields. Repeats within 10 s are counted, not repeated. No secret and no URL with a password
// goes in. Any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/error.hpp"

namespace camgate {

enum class LogLevel { Debug, Info, Warning, Error };

struct LogField {
    std::string_view key;
    std::string value;

    LogField(std::string_view k, std::string v) : key(k), value(std::move(v)) {}
    LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
    LogField(std::string_view k, const char* v) : key(k), value(v) {}
    LogField(std::string_view k, const Error& v) : key(k), value(v.describe()) {}
    template <class T>
    requires std::is_arithmetic_v<T> LogField(std::string_view k, T v) : key(k), value(std::to_string(v)) {}
};

/// logEvent(LogLevel::Info, "camera", "camera-up", {{"camera", id}, {"codec", "h264"}});
void logEvent(LogLevel level, std::string_view room, std::string_view event_id,
              std::initializer_list<LogField> fields = {});

/// Standard error, one line each; `process` is put in front. Call once, before threads start.
void openLog(std::string_view process, LogLevel least);

}  // namespace camgate
