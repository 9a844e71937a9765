// camgate-rtsp-camera as a child of a test, ready to be watched. Needs the compile definition
// the build folder. One thread.
#pragma once

#include <string>
#include <vector>

#include "support/camera/child_program.hpp"
#include "support/places/places.hpp"

namespace camgate::test {

class SimulatedCamera {
  public:
    /// `arguments` as on the command line; the port is picked.
    explicit SimulatedCamera(const std::vector<std::string>& arguments) : program_(command(arguments)) {
        const auto line = program_.readLine(std::chrono::seconds(20));
        const std::string ready = "ready ";
        if (line && line->starts_with(ready)) main_url_ = line->substr(ready.size());
    }
    bool ready() const { return !main_url_.empty(); }
    const std::string& mainUrl() const { return main_url_; }
    std::string subUrl() const { return main_url_.substr(0, main_url_.rfind('/')) + "/sub"; }
    ChildProgram& program() { return program_; }

  private:
    static std::vector<std::string> command(const std::vector<std::string>& arguments) {
        std::vector<std::string> out{places::programFolder() + "/camgate-rtsp-camera"};
        out.insert(out.end(), arguments.begin(), arguments.end());
        return out;
    }
    ChildProgram program_;
    std::string main_url_;
};

}  // namespace camgate::test
