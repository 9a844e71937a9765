// The process is in a time zone while it lives, in UTC after it.
#pragma once

#include "base/local_time.hpp"

namespace camgate::test {

class InTimeZone {
  public:
    explicit InTimeZone(const std::string& name) { setTimeZone(TimeZone::load(name).value()); }
    InTimeZone(const InTimeZone&) = delete;
    InTimeZone& operator=(const InTimeZone&) = delete;
    ~InTimeZone() { setTimeZone({}); }
};

}  // namespace camgate::test
