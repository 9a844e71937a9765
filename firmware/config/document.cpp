#include "config/document.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "base/nesting.hpp"
#include "base/utf8.hpp"

namespace camgate::config {
namespace {

using nlohmann::json;

constexpr int kMostDepth = 32;
constexpr std::size_t kMostToken_bytes = 40;

/// "line 3, column 12", both from 1, of a byte.
std::string placeOf(std::string_view text, std::size_t byte) {
    const std::string_view before = text.substr(0, std::min(byte, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto start = before.rfind('\n');
    const std::size_t column = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

bool endsInsideText(std::string_view json_text) {
    bool inside = false;
    for (std::size_t i = 0; i < json_text.size(); ++i) {
        if (inside && json_text[i] == '\\') {
            ++i;
        } else if (json_text[i] == '"') {
            inside = !inside;
        }
    }
    return inside;
}

/// What the parser stumbled over when it had read so many bytes. A text may be a password: it is not
/// repeated.
std::string wordAt(std::string_view text, std::size_t read) {
    if (read == 0 || endsInsideText(text.substr(0, read - 1))) return "a broken text";
    if (read > text.size()) return "the end of the text";
    constexpr std::string_view kEnds = " \t\r\n,:[]{}\"";
    std::size_t from = read - 1;
    std::size_t to = read;
    if (kEnds.find(text[from]) == std::string_view::npos) {
        while (from > 0 && kEnds.find(text[from - 1]) == std::string_view::npos) --from;
        to = std::min(text.find_first_of(kEnds, read), text.size());
    }
    return '"' + std::string(utf8Prefix(text.substr(from, to - from), kMostToken_bytes)) + '"';
}

/// Builds the value as the parser reads it, and knows its place meanwhile.
class Builder final : public nlohmann::json_sax<json> {
  public:
    Builder(std::string_view text, json& root, std::vector<Fault>& faults)
        : text_(text), root_(root), faults_(faults) {}

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    bool number_float(number_float_t value, const string_t&) override { return put(value); }
    bool string(string_t& value) override { return put(std::move(value)); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(json::object()); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        keys_.back() = name;
        if (open_.back()->contains(name))
            faults_.push_back({here(), "each setting once", "it a second time"});
        return true;
    }

    bool parse_error(std::size_t position, const std::string& token, const json::exception& error) override {
        constexpr int kNumberTooLarge = 406;
        if (error.id == kNumberTooLarge) {
            faults_.push_back(
                {here(), "a number that fits", std::string(utf8Prefix(token, kMostToken_bytes))});
        } else {
            faults_.push_back(
                {here(), "JSON", wordAt(text_, position) + " at " + placeOf(text_, position - 1)});
        }
        return false;
    }

  private:
    bool put(json value) {
        place(std::move(value));
        return true;
    }
    bool open(json value) {
        json* at = place(std::move(value));
        open_.push_back(at);
        keys_.emplace_back();
        return true;
    }
    bool close() {
        open_.pop_back();
        keys_.pop_back();
        return true;
    }
    json* place(json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        json& parent = *open_.back();
        if (parent.is_object()) return &(parent[keys_.back()] = std::move(value));
        parent.push_back(std::move(value));
        return &parent.back();
    }

    /// The value that is being read.
    std::string here() const {
        std::string pointer = "/";
        for (std::size_t i = 0; i < open_.size(); ++i) {
            const json& level = *open_[i];
            if (level.is_array()) {
                const bool inside = i + 1 < open_.size();
                pointer = childPointer(pointer, std::to_string(level.size() - (inside ? 1 : 0)));
            } else if (!keys_[i].empty()) {
                pointer = childPointer(pointer, keys_[i]);
            }
        }
        return pointer;
    }

    std::string_view text_;
    json& root_;
    std::vector<Fault>& faults_;
    std::vector<json*> open_;
    std::vector<std::string> keys_;  // of each open object, the one that is being read
};

bool looksWide(std::string_view text) {
    return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
           text.substr(0, 4).find('\0') != std::string_view::npos;
}

bool readable(std::string_view text, std::vector<Fault>& faults) {
    const auto refuse = [&faults](std::string expected, std::string found) {
        faults.push_back({"/", std::move(expected), std::move(found)});
        return false;
    };
    if (text.size() > kMostDocument_bytes) {
        return refuse("at most " + std::to_string(kMostDocument_bytes) + " bytes",
                      std::to_string(text.size()));
    }
    if (looksWide(text)) return refuse("UTF-8", "UTF-16 or UTF-32");
    if (const auto bad = findIllFormedUtf8(text))
        return refuse("UTF-8", "other bytes at " + placeOf(text, *bad));
    if (nestsDeeperThan(text, kMostDepth))
        return refuse("at most " + std::to_string(kMostDepth) + " levels", "more of them");
    return true;
}

}  // namespace

std::optional<json> parseDocument(std::string_view text, std::vector<Fault>& faults) {
    if (!readable(text, faults)) return std::nullopt;
    json root;
    Builder builder(text, root, faults);
    if (!json::sax_parse(text, &builder)) return std::nullopt;
    return root;
}

}  // namespace camgate::config
