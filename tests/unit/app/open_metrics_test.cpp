#include "app/open_metrics.hpp"

#include <catch2/catch.hpp>
#include <regex>
#include <set>
#include <sstream>

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;

namespace {

Metrics sample() {
    Metrics metrics;
    metrics.gateway = "cg-1";
    metrics.firmware = "0.1.0";
    metrics.configuration_revision = 12;
    metrics.link_up = true;
    metrics.round_trip = 41ms;
    metrics.cameras = {{"gate", "Front gate", "ok", "", {}}, {"a\"b\\", "", "no-link", "", {}}};
    metrics.storage.state = "ok";
    metrics.figures.cameras.resize(2);
    metrics.figures.cameras[0].id = "gate";
    metrics.figures.cameras[0].frames = 9'007'199'254'740'991;
    metrics.figures.cameras[1].id = "a\"b\\";
    metrics.figures.processes = {{"camgated", 1.5, 14'000}, {"camera gate", std::nullopt, std::nullopt}};
    metrics.uplink.refused["expired"] = 2;
    return metrics;
}

bool has(const std::string& text, const std::string& line) {
    return text.find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("metrics: figures with their labels; what is not known has no line", "[app][metrics]") {
    const std::string text = openMetrics(sample());
    INFO(text);
    CHECK(has(text, "camgate_camera_frames_total{camera=\"gate\"} 9007199254740991"));
    CHECK(has(text, "camgate_camera_state_info{camera=\"a\\\"b\\\\\",state=\"no-link\"} 1"));
    CHECK(has(text, "camgate_link_round_trip_seconds 0.041"));
    CHECK(has(text, "camgate_process_cpu_seconds_total{process=\"camgated\"} 1.5"));
    CHECK(has(text, "camgate_refused_total{reason=\"expired\"} 2"));
    CHECK(text.find("camera_bytes") == std::string::npos);
    CHECK(text.find("uptime") == std::string::npos);
    CHECK(text.find("process=\"camera gate\"") == std::string::npos);
}

TEST_CASE("metrics: the text is OpenMetrics: families once, samples behind their type, an end",
          "[app][metrics]") {
    std::istringstream lines(openMetrics(sample()));
    const std::regex type("# TYPE (camgate_[a-z_]+) (gauge|counter|info)");
    const std::regex value(
        R"((camgate_[a-z_]+)(\{[a-z]+="(\\.|[^"\\])*"(,[a-z]+="(\\.|[^"\\])*")*\})? [-+.0-9e]+)");
    std::set<std::string> families;
    std::string family, last;
    for (std::string line; std::getline(lines, line); last = line) {
        CAPTURE(line);
        std::smatch match;
        if (std::regex_match(line, match, type)) {
            family = match[1];
            CHECK(families.insert(family).second);
        } else if (line.starts_with("# HELP ")) {
            CHECK(line.starts_with("# HELP " + family + " "));
        } else if (line != "# EOF") {
            REQUIRE(std::regex_match(line, match, value));
            CHECK(match[1].str().starts_with(family));
        }
    }
    CHECK(last == "# EOF");
}
