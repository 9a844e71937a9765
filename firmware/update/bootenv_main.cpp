// camgate-bootenv: RAUC's way to the boot environment ([handlers] bootloader-custom-backend). Prints what is
// asked for; exit status: 0 done, 1 failed, 2 wrong use.
#include <iostream>
#include <span>
#include <string_view>

#include "update/boot_store.hpp"

namespace {

using namespace camgate;
using namespace camgate::update;

constexpr int kFailed = 1;
constexpr int kWrongUse = 2;
constexpr const char* kDevice = "/dev/disk/by-partlabel/bootenv";
constexpr const char* kUsage =
    "usage: camgate-bootenv [--device PATH] get-primary | set-primary SLOT | get-state SLOT | set-state SLOT "
    "good|bad | "
    "show\n";

int complain(const Error& error) {
    std::cerr << "camgate-bootenv: " << error.describe() << "\n";
    return error.kind == ErrorKind::InvalidArgument ? kWrongUse : kFailed;
}

void show(const BootState& state) {
    std::cout << "first " << nameOf(state.first) << ", tries left A " << state.triesLeft(Slot::A) << ", B "
              << state.triesLeft(Slot::B) << ", written " << state.sequence << " times\n";
}

Result<std::string_view> answer(BootStore& store, std::span<const std::string_view> words) {
    const std::string_view verb = words[0];
    if (verb == "get-primary") return nameOf(nextSlot(store.state()));
    if (words.size() < 2) return fail(ErrorKind::InvalidArgument, std::string(verb) + ": a slot is missing");
    const auto slot = slotNamed(words[1]);
    if (!slot) return std::unexpected(slot.error());
    if (verb == "get-state") return store.state().triesLeft(*slot) > 0 ? "good" : "bad";
    Status done = fail(ErrorKind::InvalidArgument, "unknown verb " + std::string(verb));
    if (verb == "set-primary") done = store.makePrimary(*slot);
    if (verb == "set-state" && words.size() == 3 && words[2] == "good") done = store.markGood(*slot);
    if (verb == "set-state" && words.size() == 3 && words[2] == "bad") done = store.markBad(*slot);
    if (!done) return std::unexpected(done.error());
    return std::string_view();
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string_view> words(argv + 1, argv + argc);
    std::string device = kDevice;
    if (words.size() > 2 && words[0] == "--device") {
        device = words[1];
        words.erase(words.begin(), words.begin() + 2);
    }
    if (words.empty()) {
        std::cerr << kUsage;
        return kWrongUse;
    }
    RealFileSystem files;
    auto store = BootStore::open(files, device);
    if (!store) return complain(store.error());
    if (words[0] == "show") {
        show(store->state());
        return 0;
    }
    const auto said = answer(*store, words);
    if (!said) return complain(said.error());
    if (!said->empty()) std::cout << *said << "\n";
    return 0;
}
