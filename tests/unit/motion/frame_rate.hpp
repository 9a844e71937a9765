// How fast the frames of these tests follow one another: 15 a second. Header only.
#pragma once

namespace camgate::motion::test {

constexpr int kFrame_ms = 66;

}  // namespace camgate::motion::test
