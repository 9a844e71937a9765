// What the card is doing, as status and alarms say it. Names: docs/ref/mqtt.md (status). Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/error.hpp"

namespace camgate::app {

enum class StorageState : std::uint8_t {
    Opening,
    Ok,
    Full,
    ReadOnly,
    Missing,
    CardStalled,
    Error,
    Formatting,
    Worn,
    Count
};

constexpr std::string_view toString(StorageState state) {
    constexpr std::array<std::string_view, static_cast<std::size_t>(StorageState::Count)> names{
        "opening", "ok", "full", "read-only", "missing", "card-stalled", "error", "formatting", "worn"};
    return names.at(static_cast<std::size_t>(state));
}

constexpr StorageState storageStateOf(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::NoSpace:
            return StorageState::Full;
        case ErrorKind::PermissionDenied:
            return StorageState::ReadOnly;
        case ErrorKind::NotFound:
            return StorageState::Missing;
        default:
            return StorageState::Error;
    }
}

}  // namespace camgate::app
