// The configuration's document: what the hub, a console and an editor hand in.
#include "fuzz/fuzz_target.hpp"
#include "support/config/documents.hpp"

namespace camgate::fuzz {

bool readHostile(ByteView input) {
    const auto loaded = config::loadConfiguration(asText(input), test::sampleBoard());
    for (const auto& fault : loaded.faults) {
        require(fault.pointer.starts_with('/'), "a fault has a place");
        require(!fault.expected.empty() && !fault.found.empty(), "a fault says what was expected and found");
    }
    if (!loaded.faults.empty()) return false;
    const std::string printed = config::printConfiguration(loaded.configuration);
    const auto again = config::loadConfiguration(printed, test::sampleBoard());
    require(again.faults.empty(), "what is printed holds");
    require(config::printConfiguration(again.configuration) == printed, "and reads back");
    return true;
}

std::vector<Bytes> seeds() {
    const auto bytes = [](std::string_view text) { return Bytes(text.begin(), text.end()); };
    const std::string old =
        R"({"gateway":"cg-1","hub":{"host":"h","ca_file":"a","certificate_file":"b","key_file":"c"},
            "cameras":[{"id":"gate","main":"test:walk","password":"pw"}]})";
    return {bytes(test::sampleDocument()), bytes(old)};
}

}  // namespace camgate::fuzz
