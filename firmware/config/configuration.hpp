// The gateway's configuration as plain values; what each means, its range and default stand in the tables of
// configuration.cpp and in docs/ref/config.md, which is made from them. Any thread.
#pragma once

#include <string>
#include <vector>

#include "config/field.hpp"

namespace camgate::config {

enum class ZoneKind : std::uint8_t { Include, Ignore, Line };
enum class Crossing : std::uint8_t { Either, ToLeft, ToRight };
enum class Transport : std::uint8_t { Tcp, Udp };
enum class RecordMode : std::uint8_t { Continuous, Off };
/// How long footage is kept: shares of the ring that do not overwrite one another.
enum class RetentionClass : std::uint8_t { Normal, Preview, Long };
enum class ClipPolicy : std::uint8_t { None, Alarms, All };

struct ZoneConfig {
    std::string name;
    ZoneKind kind = ZoneKind::Include;
    Polygon polygon;
    Crossing crossing = Crossing::Either;
    std::int64_t sensitivity_percent = 0;
    double min_height = 0;
    std::string hours;

    bool operator==(const ZoneConfig&) const = default;
};

struct MotionConfig {
    bool enabled = true;
    bool alarm = true;
    std::int64_t sensitivity_percent = 50;
    std::int64_t analysis_fps = 10;
    bool decode_gate = false;
    double min_height = 0.03;
    std::int64_t pre_roll_s = 5;
    std::int64_t post_roll_s = 5;
    std::int64_t merge_gap_s = 5;
    std::int64_t max_event_s = 120;
    std::vector<ZoneConfig> zones;

    bool operator==(const MotionConfig&) const = default;
};

struct CameraConfig {
    std::string id;
    std::string name;
    std::string main;
    std::string sub;
    std::string user;
    std::string password;
    Transport transport = Transport::Tcp;
    RecordMode record = RecordMode::Continuous;
    RetentionClass main_class = RetentionClass::Normal;
    RetentionClass sub_class = RetentionClass::Normal;
    std::int64_t bitrate_kbps = 4000;
    std::int64_t keep_days = 0;
    std::string pause_hours;
    MotionConfig motion;

    bool operator==(const CameraConfig&) const = default;
};

struct CapHours {
    std::string hours;
    std::int64_t kbps = 512;

    bool operator==(const CapHours&) const = default;
};

struct HubConfig {
    std::string host;
    std::int64_t port = 8883;
    std::string server_name;
    std::string ca_file;
    std::string certificate_file;
    std::string key_file;
    std::string signers_file;
    std::string receive_certificate_file;
    ClipPolicy clips = ClipPolicy::Alarms;
    std::int64_t cap_kbps = 512;
    std::vector<CapHours> cap_hours;

    bool operator==(const HubConfig&) const = default;
};

struct EvidenceConfig {
    std::string certificate_file;
    std::string key_file;

    bool operator==(const EvidenceConfig&) const = default;
};

struct StorageConfig {
    std::int64_t ring_mib = 1024;
    std::int64_t extent_mib = 16;
    std::int64_t preview_percent = 0;
    std::int64_t long_percent = 0;
    bool seal = true;
    std::string key_file;
    std::string release_certificate_file;

    bool operator==(const StorageConfig&) const = default;
};

struct TrialConfig {
    std::int64_t confirm_timeout_s = 120;

    bool operator==(const TrialConfig&) const = default;
};

/// Of the document's layout: docs/ref/config.md (Versions).
constexpr int kDocumentVersion = 2;

struct Configuration {
    std::int64_t version = kDocumentVersion;
    std::string gateway;
    std::string time_zone = "Asia/Ho_Chi_Minh";
    HubConfig hub;
    EvidenceConfig evidence;
    StorageConfig storage;
    TrialConfig trial;
    std::vector<CameraConfig> cameras;

    bool operator==(const Configuration&) const = default;
};

const Table& configurationTable();
/// Of a camera; zones alone are its row "zones".
const Table& motionTable();

}  // namespace camgate::config
