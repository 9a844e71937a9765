// RAUC, the restart and what a bundle is, on a disk in memory: bundles of one sector that say what they are,
// slots that are written sector by sector, the real boot environment. Answers at once. One thread.
#pragma once

#include <optional>

#include "crypto/hash.hpp"
#include "support/update/boot_model.hpp"
#include "update/installer.hpp"

namespace camgate::test {

constexpr const char* kFakeBoard = "camgate-test";

/// The version whose slot is filled with that byte.
inline std::string versionName(std::uint8_t version) {
    return "0." + std::to_string(version) + ".0";
}

struct FakeBundle {
    std::uint8_t version = 2;
    bool trusted = true;
    std::string compatible = kFakeBoard;

    Bytes bytes() const {
        ByteWriter out;
        out.put(version);
        out.put(static_cast<std::uint8_t>(trusted ? 1 : 0));
        out.putSized(compatible);
        Bytes all = std::move(out).take();
        all.resize(kSector_bytes * 3, version);
        return all;
    }
    std::string sha256() const { return toHex(crypto::sha256(bytes())); }
};

class FakeRauc final : public update::Installer {
  public:
    FakeRauc(MemoryFileSystem& disk, update::Slot running) : disk_(disk), running_(running) {}

    void slots(std::function<void(Result<update::Slots>)> answer) override {
        const auto boot = update::BootStore::open(disk_, kBootDevice);
        if (!boot || away) return answer(fail(ErrorKind::Unavailable, "nothing here changes slots"));
        update::Slots out{running_, boot->state().first, boot->state().tries_left, {}, kFakeBoard, false};
        for (const auto slot : {update::Slot::A, update::Slot::B}) {
            if (const auto version = versionIn(disk_, slot))
                out.versions.at(static_cast<std::size_t>(slot)) = versionName(*version);
        }
        answer(out);
    }
    void inspect(const std::string& path, std::function<void(Result<update::BundleInfo>)> answer) override {
        const Bytes bundle = disk_.contentOf(path);
        ByteReader in(bundle);
        const auto version = in.get<std::uint8_t>();
        if (in.get<std::uint8_t>() != 1)
            return answer(fail(ErrorKind::PermissionDenied, "signature verification failed"));
        answer(update::BundleInfo{in.getText(kSector_bytes), versionName(version)});
    }
    void install(const std::string& path, std::function<void(int)> progress, Done done) override {
        ++installations;
        progress(0);
        if (on_install) on_install();
        if (!fails_with.empty()) return done(fail(ErrorKind::Internal, fails_with));
        done(write(disk_.contentOf(path).at(0)));
    }
    void activate(update::Slot slot, Done done) override {
        done(with([slot](update::BootStore& store) { return store.makePrimary(slot); }));
    }
    void markGood(Done done) override {
        if (away) return done(fail(ErrorKind::Unavailable, "nothing here changes slots"));
        ++marked_good;
        done(with([this](update::BootStore& store) { return store.markGood(running_); }));
    }
    void restart(Done done) override {
        restarted = true;
        done({});
    }

    bool away = false;
    std::string fails_with;            ///< an installation; empty: it does not
    std::function<void()> on_install;  ///< while it is under way
    int installations = 0;
    int marked_good = 0;
    bool restarted = false;

  private:
    Status with(const std::function<Status(update::BootStore&)>& deed) {
        auto store = update::BootStore::open(disk_, kBootDevice);
        return store ? deed(*store) : std::unexpected(store.error());
    }
    /// In RAUC's order; its own state file is written beside and renamed.
    Status write(std::uint8_t version) {
        const update::Slot target = update::other(running_);
        if (auto done = with([=](update::BootStore& store) { return store.markBad(target); }); !done)
            return done;
        auto file = disk_.open(slotFile(target), OpenMode::CreateOrOpen);
        if (!file) return std::unexpected(file.error());
        for (std::size_t at = 0; at < kSlot_bytes; at += kSector_bytes)
            if (auto done = (*file)->writeAt(at, Bytes(kSector_bytes, version)); !done) return done;
        if (auto done = (*file)->sync(); !done) return done;
        return replaceFile(disk_, "/disk/rauc.status", versionName(version));
    }

    MemoryFileSystem& disk_;
    update::Slot running_;
};

}  // namespace camgate::test
