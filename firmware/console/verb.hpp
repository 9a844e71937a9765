// The console's commands as a table: parsing, help, completion and the reference page come from it. A row's
// texts are English and marked for the catalogue. Any thread. Implements docs/ref/cli.md.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace camgate::console {

class Session;

enum class Takes { Text, Camera, Setting, Time, Number, Folder, File, Flag };

struct VerbParameter {
    std::string_view name;  ///< "camera" is --camera VALUE, "SETTING" stands in its place without a name
    Takes takes = Takes::Text;
    bool required = false;
    const char* help = "";

    bool inPlace() const { return name[0] >= 'A' && name[0] <= 'Z'; }
};

class Arguments {
  public:
    bool has(std::string_view name) const { return values_.contains(name); }
    /// Empty: not given.
    std::string text(std::string_view name) const {
        const auto found = values_.find(name);
        return found == values_.end() ? std::string() : found->second;
    }
    std::uint64_t number(std::string_view name, std::uint64_t otherwise) const;
    void set(std::string_view name, std::string value) { values_[std::string(name)] = std::move(value); }

  private:
    std::map<std::string, std::string, std::less<>> values_;
};

struct Verb {
    std::string_view words;  ///< "config set"
    const char* help;
    const char* example;
    std::span<const VerbParameter> parameters;
    int (*run)(Session& session, const Arguments& arguments);  ///< exit status
};

std::span<const Verb> verbTable();

/// The verb that `words` begin with, the longest; null: none.
const Verb* verbOf(std::span<const std::string> words);
/// The same. NotFound offers the nearest.
[[nodiscard]] Result<const Verb*> findVerb(std::span<const std::string> words);
/// What stands behind the verb. InvalidArgument names every parameter that is missing, unknown or of the
/// wrong kind.
[[nodiscard]] Result<Arguments> parseArguments(const Verb& verb, std::span<const std::string> words);

/// "config set SETTING VALUE"
std::string usageOf(const Verb& verb);

}  // namespace camgate::console
