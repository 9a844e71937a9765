// The card as people read it: status and what formatting measured. Input is the JSON text of docs/ref/cli.md;
// what is absent was not measured and shows as "-". Any thread.
#pragma once

#include <string>

namespace camgate::console {

std::string renderStorage(const std::string& result);
/// What formatting would erase: one sentence.
std::string whatIsLost(const std::string& storage_status);
std::string renderFormat(const std::string& job);
std::string renderCheck(const std::string& job);
/// The check found footage that is not as it was recorded.
bool foundDamage(const std::string& job);

}  // namespace camgate::console
