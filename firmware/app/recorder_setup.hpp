// How a configuration becomes what the recorder is to do: who is recorded, where the ring lies, how it is
// shared and sealed. Any thread.
#pragma once

#include <string>
#include <vector>

#include "app/recorder.hpp"
#include "config/configuration.hpp"

namespace camgate::app {

struct Credentials;
struct DaemonOptions;

std::string ringPath(const DaemonOptions& options);
std::vector<RecordedCamera> recordedCameras(const config::Configuration& configuration);
RecorderOptions recorderOptions(const DaemonOptions& options, const Credentials& credentials);

}  // namespace camgate::app
