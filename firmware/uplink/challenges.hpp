// Random words for the hub to sign while this gateway does not know the time: what holds one was made after
// it. Each serves once, for two minutes; at most eight are open, the oldest goes. Loop thread only.
// Implements docs/ref/evidence.md (Challenge).
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "uplink/new_id.hpp"

namespace camgate::uplink {

class Challenges {
  public:
    static constexpr std::size_t kMostOpen = 8;
    static constexpr Duration kLife = std::chrono::minutes(2);

    std::string issue(BootTime now) {
        if (given_.size() >= kMostOpen) given_.pop_front();
        given_.push_back({newId(), now + kLife});
        return given_.back().word;
    }
    std::vector<std::string> open(BootTime now) {
        std::erase_if(given_, [now](const Given& each) { return each.until <= now; });
        std::vector<std::string> words;
        for (const Given& each : given_) words.push_back(each.word);
        return words;
    }
    void spend(const std::string& word) {
        std::erase_if(given_, [&word](const Given& each) { return each.word == word; });
    }

  private:
    struct Given {
        std::string word;
        BootTime until;
    };
    std::deque<Given> given_;
};

}  // namespace camgate::uplink
