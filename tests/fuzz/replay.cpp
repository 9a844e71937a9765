// usage: fuzz_replay_TARGET CORPUS_FOLDER | --write-seeds FOLDER
// Runs a fuzz target without a fuzzer: over its seeds, which it has to take for sound, each of them cut short
// and changed at every byte, and over the files of its corpus. Exit status 0: no promise was broken.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "fuzz/fuzz_target.hpp"

namespace fs = std::filesystem;
using namespace camgate;

namespace {

/// Longer seeds are changed at every so many bytes only: each change costs a reading of all.
constexpr std::size_t kChanges = 2000;

void cutAndChange(const Bytes& seed) {
    const std::size_t step = seed.size() / kChanges + 1;
    for (std::size_t at = 0; at < seed.size(); at += step) {
        fuzz::readHostile(ByteView(seed).first(at));
        Bytes changed = seed;
        changed[at] = static_cast<std::uint8_t>(~changed[at]);
        fuzz::readHostile(changed);
    }
}

void replaySeeds() {
    for (const Bytes& seed : fuzz::seeds()) {
        fuzz::require(fuzz::readHostile(seed), "a seed is sound");
        cutAndChange(seed);
    }
}

std::size_t replayCorpus(const fs::path& folder) {
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        std::ifstream in(entry.path(), std::ios::binary);
        const Bytes input{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
        fuzz::readHostile(input);
        ++files;
    }
    return files;
}

void writeSeeds(const fs::path& folder) {
    fs::create_directories(folder);
    int number = 0;
    for (const Bytes& seed : fuzz::seeds()) {
        std::ofstream out(folder / ("seed-" + std::to_string(++number)), std::ios::binary);
        out.write(reinterpret_cast<const char*>(seed.data()), static_cast<std::streamsize>(seed.size()));
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 3 && std::string_view(argv[1]) == "--write-seeds") {
        writeSeeds(argv[2]);
        return 0;
    }
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " CORPUS_FOLDER | --write-seeds FOLDER\n";
        return 2;
    }
    replaySeeds();
    std::cout << replayCorpus(argv[1]) << " corpus files replayed\n";
}
