// A sound document that says something about every setting, for what tests change in it.
#pragma once

#include <string>

#include "config/reader.hpp"

namespace camgate::test {

inline const config::Board& sampleBoard() {
    static const config::Board board{.name = "test"};
    return board;
}

inline const std::string& sampleDocument() {
    static const std::string text = R"({
      "version": 2, "gateway": "cg-1",
      "hub": {"host": "hub.example", "ca_file": "ca.crt", "certificate_file": "a.crt", "key_file": "a.key"},
      "storage": {"preview_percent": 20},
      "cameras": [
        {"id": "gate", "main": "rtsp://10.0.0.2/main", "sub": "rtsp://10.0.0.2/sub", "user": "camgate",
         "sub_class": "preview", "motion": {"zones": [
            {"name": "path", "polygon": [[0, 0.5], [1, 0.5], [1, 1], [0, 1]], "hours": "22:00-06:00"},
            {"name": "fence", "kind": "line", "polygon": [[0, 0.2], [1, 0.2]], "crossing": "to-left"}]}},
        {"id": "yard", "main": "rtsp://10.0.0.3/main"}]})";
    return text;
}

/// The same, with `to` where it says `from`.
inline std::string sampleWith(const std::string& from, const std::string& to) {
    std::string text = sampleDocument();
    text.replace(text.find(from), from.size(), to);
    return text;
}

}  // namespace camgate::test
