// The logins of one gateway: control::Login with the keys, the card and the audit of this daemon. Loop thread
// only. Implements docs/ref/cli.md (Login).
#pragma once

#include <functional>
#include <string>

#include "app/clip_desk.hpp"
#include "base/file_system.hpp"
#include "control/login.hpp"

namespace camgate::app {

/// `later`: runs a job on a thread that may wait for the card.
control::LoginPorts loginPorts(const Clock& clock, FileSystem& files, const std::string& data_folder,
                               std::function<bool(std::function<void()>)> later, ClipDesk::Audit audit);
/// What loginPorts' save kept; empty at the first start.
std::string loginBook(FileSystem& files, const std::string& data_folder);

}  // namespace camgate::app
