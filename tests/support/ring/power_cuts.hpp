// Runs rings on cards that lose their power: lives of a daemon, one after another on the same card, each with
// rounds of up to three retention classes, pins, failing extents and changing shares; of a sealed ring days
// are erased, and all of it. Behind each write and each sync the card is cut, many times over, a ring is
// started on what came back and checked; now and then a life ends with such a cut and the next one goes on
// from there. The same seed runs the same; keys are random. Shared by tests/fault/ring and
// tests/bench/ring/power_cuts.cpp. Header only. One thread.
#pragma once

#include "support/base/fake_clock.hpp"
#include "support/crypto/fake_key_sources.hpp"
#include "support/ring/cut_model.hpp"

namespace camgate::test {

/// What was written last before a cut.
enum class CrashStep { Start, Records, Open, Close, Zeros, Retire, Sync, AddKeys, Erase, Count };

struct CutCounts {
    std::uint64_t cuts = 0;
    std::uint64_t lives = 0;
    std::uint64_t records = 0;        ///< acknowledged
    std::uint64_t declared_lost = 0;  ///< by the collateral model only
    std::uint64_t erasures = 0;
    std::array<std::uint64_t, static_cast<std::size_t>(CrashStep::Count)> by_step{};
};

class PowerCuts {
  public:
    PowerCuts(CardModel model, bool sealed, std::uint64_t seed)
        : model_(model), sealed_(sealed), random_(seed) {}

    /// Until so many cuts were checked; what went wrong first, if anything did.
    std::optional<std::string> run(std::uint64_t cuts) {
        while (counts_.cuts < cuts && !wrong_) runCard(cuts);
        return wrong_;
    }
    const CutCounts& counts() const { return counts_; }
    /// Called when a card was worn through, some hundred cuts each.
    std::function<void(const CutCounts&)> on_card;

  private:
    static constexpr std::uint32_t kExtents = 10;
    static constexpr std::uint64_t kExtent_bytes = ring::kLeastExtent_bytes;
    static constexpr int kLivesOfACard = 12;
    static constexpr int kCutsPerStep = 3;

    void runCard(std::uint64_t cuts) {
        SimDisk disk = simDiskWithRing(kExtents, random_);
        key_source_ = FakeOtp();
        next_.clear();
        model_of_card_ = CutModel();
        bad_.clear();
        for (auto places = random_() % 3; places > 0; --places) {
            const std::uint64_t from =
                ring::kFront_bytes + random_() % (kExtents * kExtent_bytes) / 512 * 512;
            bad_.push_back({from, from + 512, random_() % 2 == 0});
        }
        for (int life = 0; life < kLivesOfACard && counts_.cuts < cuts && !wrong_; ++life) runLife(disk);
        counts_.declared_lost += model_of_card_.declared_lost;
        if (on_card && !wrong_) on_card(counts_);
    }

    void runLife(SimDisk& disk) {
        static constexpr std::array<ring::ClassShares, 3> kShares{{{{0, 0}}, {{30, 0}}, {{30, 30}}}};
        ++counts_.lives;
        shares_ = kShares[static_cast<std::size_t>(random_() % kShares.size())];
        classes_ = writtenClasses();
        std::unique_ptr<SimDisk> after;
        {
            SimCard card(disk, random_());
            card.bad = bad_;
            const auto opened = open(card);
            if (!opened) return say("the ring cannot be opened: " + opened.error().describe());
            ring::Ring& ring = **opened;
            if (auto wrong = model_of_card_.check(ring, cameras_, model_, random_)) return say(*wrong);
            model_of_card_.adopt(ring, cameras_);
            if (ring.stats().extents_retired > 0) giveUpBad();
            for (const auto camera : cameras_)
                next_[camera] = ring.nextSequence(camera, media::StreamKind::Main);
            step_ = CrashStep::Start;
            cutHere(card);
            card.on_step = [&](std::uint64_t offset, ByteView bytes) { onStep(card, offset, bytes); };
            for (auto rounds = 1 + random_() % 14; rounds > 0 && !wrong_; --rounds) {
                append(ring);
                if (random_() % 6 == 0) pinSomething(ring);
                if (sealed_ && random_() % 8 == 0) eraseSomething(ring);
            }
            card.on_step = nullptr;
            // An orderly end writes nothing either: the next life may start from a cut here or from all of
            // it.
            after = card.cut(random_() % 3 == 0 ? CardModel::Honest : model_, random_);
        }
        after->changeBelow(disk);
    }

    Result<std::unique_ptr<ring::Ring>> open(FileSystem& files) {
        ring::RingOptions options;
        options.gateway = kSimGateway;
        options.shares = shares_;
        options.sealing.seal = sealed_;
        if (sealed_) options.sealing.source = &key_source_;
        return ring::Ring::open(files, "ring", options, clock_);
    }

    std::vector<std::uint8_t> writtenClasses() {
        std::vector<std::uint8_t> classes{0};
        for (std::uint8_t i = 1; i < ring::kRetentionClasses; ++i) {
            if (shares_.percent[i - 1U] > 0) classes.push_back(i);
        }
        return classes;
    }

    ring::RecordDraft draft(std::uint64_t camera) {
        ring::RecordDraft made = draftOf({camera, counts_.lives, next_[camera]++});
        made.retention_class = classes_[static_cast<std::size_t>(camera % classes_.size())];
        return made;
    }

    void append(ring::Ring& ring) {
        std::vector<ring::RecordDraft> round;
        for (const auto camera : cameras_) {
            for (auto records = random_() % 3; records > 0; --records) round.push_back(draft(camera));
        }
        if (round.empty()) round.push_back(draft(cameras_.front()));
        const auto appended = ring.append(round);
        if (wrong_) return;
        if (!appended) return say("a round was refused: " + appended.error().describe());
        for (const ring::RecordInfo& info : appended->records) model_of_card_.acknowledge(info);
        counts_.records += appended->records.size();
    }

    void pinSomething(ring::Ring& ring) {
        const auto found =
            CutModel::list(ring, cameras_[static_cast<std::size_t>(random_() % cameras_.size())]);
        if (found.empty()) return;
        const auto& at = found[static_cast<std::size_t>(random_() % found.size())].at;
        (void)ring.pin(std::array{at}, clock_.bootNow() + std::chrono::seconds(1 + random_() % 5));
        clock_.advance(std::chrono::seconds(1));
    }

    /// Up to a day of a camera, all days of one, or everything.
    void eraseSomething(ring::Ring& ring) {
        const auto camera = cameras_[static_cast<std::size_t>(random_() % cameras_.size())];
        const auto found = CutModel::list(ring, camera);
        if (found.empty()) return;
        const auto kind = random_() % 8;
        ErasedDays erased{camera, {}};
        if (kind == 0) erased.camera.reset();
        if (kind > 1) {
            const auto& info = found[static_cast<std::size_t>(random_() % found.size())];
            erased.days.last = ring::dayOf(info.wallStart());
        }
        model_of_card_.beginErasing(erased);
        erasing_ = true;
        const Status done = erased.camera ? statusOf(ring.eraseDays(camera, erased.days)) : ring.eraseAll();
        erasing_ = false;
        if (!done) return say("erasing failed: " + done.error().describe());
        model_of_card_.endErasing(counts_.lives, next_);
        ++counts_.erasures;
    }
    static Status statusOf(const Result<std::uint32_t>& erased) {
        return erased ? Status() : Status(std::unexpected(erased.error()));
    }

    void onStep(SimCard& card, std::uint64_t offset, ByteView bytes) {
        step_ = kindOf(offset, bytes);
        if (step_ == CrashStep::Open) {
            model_of_card_.giveUp(extentOf(offset));
        }
        // What a retired extent holds is read until its turn comes; when that is, the model does not follow.
        if (step_ == CrashStep::Retire) giveUpBad();
        cutHere(card);
    }

    void giveUpBad() {
        for (const BadPlace& place : bad_) model_of_card_.giveUp(extentOf(place.from));
    }
    static std::uint32_t extentOf(std::uint64_t offset) {
        return static_cast<std::uint32_t>((offset - ring::kFront_bytes) / kExtent_bytes);
    }

    CrashStep kindOf(std::uint64_t offset, ByteView bytes) const {
        if (erasing_) return CrashStep::Erase;
        if (bytes.empty()) return CrashStep::Sync;
        if (offset < ring::kFront_bytes) return isKeySlots(offset) ? CrashStep::AddKeys : CrashStep::Retire;
        const std::uint64_t in_extent = (offset - ring::kFront_bytes) % kExtent_bytes;
        if (in_extent == kExtent_bytes - ring::kBlock_bytes) return CrashStep::Open;
        if (in_extent + bytes.size() == kExtent_bytes) return CrashStep::Close;
        return bytes[0] == 0 ? CrashStep::Zeros : CrashStep::Records;
    }

    static bool isKeySlots(std::uint64_t offset) {
        const std::uint64_t in_copy = offset % ring::kHeaderCopy_bytes;
        return in_copy >= ring::offsetOfSlotBlock(0, 0) &&
               in_copy <= ring::offsetOfSlotBlock(ring::kSlotBlocks - 1, 0);
    }

    void cutHere(const SimCard& card) {
        for (int i = 0; i < kCutsPerStep && !wrong_; ++i) {
            const auto disk = card.cut(model_, random_);
            checkCut(*disk);
            ++counts_.cuts;
            ++counts_.by_step[static_cast<std::size_t>(step_)];
        }
    }

    void checkCut(SimDisk& disk) {
        SimCard card(disk, random_());
        const auto opened = open(card);
        if (!opened) return say("the ring cannot be opened: " + opened.error().describe());
        ring::Ring& ring = **opened;
        if (auto wrong = model_of_card_.check(ring, cameras_, model_, random_)) return say(*wrong);
        goOn(ring);
    }

    /// A further round is taken and found.
    void goOn(ring::Ring& ring) {
        std::vector<ring::RecordDraft> round;
        for (const auto camera : cameras_) {
            const auto next = ring.nextSequence(camera, media::StreamKind::Main);
            ring::RecordDraft made = draftOf({camera, counts_.lives + 1, next});
            made.retention_class = classes_[static_cast<std::size_t>(camera % classes_.size())];
            round.push_back(std::move(made));
        }
        const auto appended = ring.append(round);
        if (!appended) return say("a ring that was cut takes nothing more: " + appended.error().describe());
        for (const ring::RecordInfo& info : appended->records) {
            if (!CutModel::isRight(ring, info))
                say(nameOf(info).text() + " of the round behind the cut is not right");
        }
    }

    void say(const std::string& what) {
        if (wrong_) return;
        wrong_ = what + " (life " + std::to_string(counts_.lives) + ", cut " + std::to_string(counts_.cuts) +
                 ", behind step " + std::to_string(static_cast<int>(step_)) + ")";
    }

    CardModel model_;
    bool sealed_;
    std::mt19937_64 random_;
    FakeClock clock_;
    std::vector<std::uint64_t> cameras_{10, 11, 12};
    ring::ClassShares shares_;
    std::vector<std::uint8_t> classes_{0};
    std::map<std::uint64_t, std::uint64_t> next_;
    CutModel model_of_card_;
    std::vector<BadPlace> bad_;
    FakeOtp key_source_;
    bool erasing_ = false;
    CrashStep step_ = CrashStep::Start;
    CutCounts counts_;
    std::optional<std::string> wrong_;
};

}  // namespace camgate::test
