#include "update/boot_environment.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace camgate::update {
namespace {

constexpr std::size_t kChecksum_bytes = 4;
constexpr int kHexadecimal = 16;  // as U-Boot's setexpr counts

/// CRC-32 of IEEE 802.3, which U-Boot puts in front of its variables.
std::uint32_t checksum(ByteView bytes) {
    constexpr std::uint32_t kPolynomial = 0xEDB88320U;
    std::uint32_t crc = ~0U;
    for (const std::uint8_t byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? kPolynomial : 0U);
    }
    return ~crc;
}

/// Of "NAME=VALUE\0NAME=VALUE\0\0".
std::optional<std::string_view> valueOf(std::string_view variables, std::string_view name) {
    while (!variables.empty() && variables.front() != '\0') {
        const std::string_view row = variables.substr(0, variables.find('\0'));
        if (row.starts_with(name) && row.substr(name.size()).starts_with('='))
            return row.substr(name.size() + 1);
        variables.remove_prefix(std::min(row.size() + 1, variables.size()));
    }
    return std::nullopt;
}

template <class Number>
bool readNumber(std::string_view variables, std::string_view name, Number& into) {
    const auto text = valueOf(variables, name);
    if (!text) return false;
    const char* end = text->data() + text->size();
    const auto [rest, error] = std::from_chars(text->data(), end, into, kHexadecimal);
    return error == std::errc() && rest == end;
}

std::string hexadecimal(std::uint32_t number) {
    std::array<char, 8> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number, kHexadecimal).ptr;
    return {text.data(), end};
}

}  // namespace

std::string_view nameOf(Slot slot) {
    return slot == Slot::A ? "A" : "B";
}

Result<Slot> slotNamed(std::string_view name) {
    if (name == "A") return Slot::A;
    if (name == "B") return Slot::B;
    return fail(ErrorKind::InvalidArgument, "slot " + std::string(name) + ": expected A or B");
}

Slot other(Slot slot) {
    return slot == Slot::A ? Slot::B : Slot::A;
}

Slot nextSlot(const BootState& state) {
    return state.triesLeft(state.first) == 0 && state.triesLeft(other(state.first)) > 0 ? other(state.first)
                                                                                        : state.first;
}

Bytes printBlock(const BootState& state) {
    std::string variables = state.first == Slot::A ? "BOOT_ORDER=A B" : "BOOT_ORDER=B A";
    const auto add = [&](std::string_view name, std::uint32_t value) {
        variables.append(1, '\0').append(name).append(1, '=').append(hexadecimal(value));
    };
    add("BOOT_A_LEFT", static_cast<std::uint32_t>(state.triesLeft(Slot::A)));
    add("BOOT_B_LEFT", static_cast<std::uint32_t>(state.triesLeft(Slot::B)));
    add("BOOT_SEQUENCE", state.sequence);
    variables.resize(kBootBlock_bytes - kChecksum_bytes, '\0');
    ByteWriter block;
    block.put(checksum(asBytes(variables)));
    block.putBytes(asBytes(variables));
    return std::move(block).take();
}

Result<BootState> readBlock(ByteView block) {
    if (block.size() != kBootBlock_bytes)
        return fail(ErrorKind::Corruption, "boot environment: not 4096 bytes");
    ByteReader reader(block);
    const auto expected = reader.get<std::uint32_t>();
    const ByteView rest = block.subspan(kChecksum_bytes);
    if (checksum(rest) != expected) return fail(ErrorKind::Corruption, "boot environment: wrong checksum");

    const std::string_view variables = asText(rest);
    const auto order = valueOf(variables, "BOOT_ORDER");
    BootState state;
    const bool known_order = order == "A B" || order == "B A";
    if (!known_order || !readNumber(variables, "BOOT_A_LEFT", state.triesLeft(Slot::A)) ||
        !readNumber(variables, "BOOT_B_LEFT", state.triesLeft(Slot::B)) ||
        !readNumber(variables, "BOOT_SEQUENCE", state.sequence))
        return fail(ErrorKind::Corruption, "boot environment: a variable is missing or no number");
    const auto [fewest, most] = std::ranges::minmax(state.tries_left);
    if (fewest < 0 || most > kProvenTries)
        return fail(ErrorKind::Corruption, "boot environment: tries out of range");
    state.first = *order == "A B" ? Slot::A : Slot::B;
    return state;
}

}  // namespace camgate::update
