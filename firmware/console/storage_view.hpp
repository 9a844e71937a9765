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
/// What footage.erase is about to do; empty times: without an end on that side.
std::string whatIsErased(const std::string& camera, const std::string& from, const std::string& to);
std::string renderErased(const std::string& result);
std::string renderReset(const std::string& result);

}  // namespace camgate::console
