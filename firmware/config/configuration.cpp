#include "config/configuration.hpp"

namespace camgate::config {
namespace {

constexpr Range kAnyLength{0, 1024};
constexpr Range kSourceUrl{1, 1024};
constexpr Range kId{1, 32};

constexpr std::array<std::string_view, 3> kZoneKinds{"include", "ignore", "line"};
constexpr std::array<std::string_view, 3> kCrossings{"either", "to-left", "to-right"};
constexpr std::array<std::string_view, 2> kTransports{"tcp", "udp"};
constexpr std::array<std::string_view, 2> kRecordModes{"continuous", "off"};
constexpr std::array<std::string_view, 3> kRetentionClasses{"normal", "preview", "long"};
constexpr std::array<std::string_view, 3> kClipPolicies{"none", "alarms", "all"};

constexpr std::array kZoneFields{
    required(field<&ZoneConfig::name>("name", "", kId, "Shown with each event that touches the zone.")),
    choiceField<&ZoneConfig::kind>(
        "kind", kZoneKinds,
        "Motion counts in include zones and across lines only, if there are any, and never in ignore zones."),
    required(field<&ZoneConfig::polygon>(
        "polygon", "", {2, 64},
        "Corners in parts of the picture, from the top left; of a line its two ends.")),
    choiceField<&ZoneConfig::crossing>(
        "crossing", kCrossings, "Which way across a line counts, looking from its first end to its second."),
    field<&ZoneConfig::sensitivity_percent>(
        "sensitivity_percent", "%", {0, 100},
        "How little counts as motion here. 0: the camera's; in an ignore zone: nothing is seen."),
    field<&ZoneConfig::min_height>("min_height", "picture heights", {0, 1},
                                   "Height of the smallest object that counts here. 0: the camera's."),
    field<&ZoneConfig::hours>("hours", "", {0, 200},
                              "When the zone counts, by local time, for example \"mon-fri 22:00-06:00, sun "
                              "00:00-24:00\". Empty: always."),
};
constexpr Table kZoneTable{"zone", kZoneFields, defaultsOf<ZoneConfig>};

constexpr std::array kMotionFields{
    field<&MotionConfig::enabled>("enabled", "", {}, "Look for motion."),
    field<&MotionConfig::alarm>("alarm", "", {}, "Events of this camera are alarms."),
    field<&MotionConfig::sensitivity_percent>("sensitivity_percent", "%", {1, 100},
                                              "How little counts as motion."),
    field<&MotionConfig::analysis_fps>("analysis_fps", "1/s", {2, 30}, "Pictures that are looked at."),
    field<&MotionConfig::decode_gate>("decode_gate", "", {},
                                      "Of a still scene decode keyframes only; sizes of frames wake it."),
    field<&MotionConfig::min_height>("min_height", "picture heights", {0.01, 1},
                                     "Height of the smallest object that counts."),
    field<&MotionConfig::pre_roll_s>("pre_roll_s", "s", {0, 60},
                                     "Footage in front of an event's first motion."),
    field<&MotionConfig::post_roll_s>("post_roll_s", "s", {0, 60}, "Footage after its last motion."),
    field<&MotionConfig::merge_gap_s>("merge_gap_s", "s", {1, 60},
                                      "Motion again within this time is the same event."),
    field<&MotionConfig::max_event_s>("max_event_s", "s", {10, 600},
                                      "A longer event is closed and another begun."),
    listField<&MotionConfig::zones>("zones", kZoneTable, {0, 16}, "None: the whole picture counts."),
};
constexpr Table kMotionTable{"motion", kMotionFields, defaultsOf<MotionConfig>};

constexpr std::array kCameraFields{
    required(field<&CameraConfig::id>("id", "", kId,
                                      "Lower-case letters, digits and \"-\"; stays for the camera's life.")),
    field<&CameraConfig::name>("name", "", {0, 100}, "For people."),
    required(field<&CameraConfig::main>(
        "main", "", kSourceUrl, "Full picture: an rtsp:, v4l2:, file: or test: URL without password.")),
    field<&CameraConfig::sub>("sub", "", kAnyLength,
                              "Small picture of the same view, for motion and preview. Empty: none."),
    field<&CameraConfig::user>("user", "", {0, 100}, "RTSP user."),
    secret(field<&CameraConfig::password>("password", "", {0, 100}, "RTSP password.")),
    choiceField<&CameraConfig::transport>("transport", kTransports, "How RTSP brings the pictures."),
    choiceField<&CameraConfig::record>("record", kRecordModes, "What goes to the ring."),
    choiceField<&CameraConfig::main_class>("main_class", kRetentionClasses,
                                           "In whose share of the ring the full picture is kept."),
    choiceField<&CameraConfig::sub_class>("sub_class", kRetentionClasses, "The same for the small picture."),
    field<&CameraConfig::bitrate_kbps>("bitrate_kbps", "kbit/s", {64, 40'000},
                                       "Both streams together, as planned for; more is cut off."),
    field<&CameraConfig::keep_days>(
        "keep_days", "d", {0, 3650},
        "Whole days in UTC that footage is kept beside today; needs a sealed ring. "
        "0: until it is overwritten."),
    field<&CameraConfig::pause_hours>(
        "pause_hours", "", {0, 200},
        "When the camera pauses, by local time, for example \"mon-fri 17:00-22:00\": nothing of it is "
        "recorded, watched or sent. Empty: never."),
    objectField<&CameraConfig::motion>("motion", kMotionTable, "Motion detection and events."),
};
constexpr Table kCameraTable{"camera", kCameraFields, defaultsOf<CameraConfig>};

constexpr Range kCapRange{32, 1'000'000};
constexpr std::array kCapHoursFields{
    required(field<&CapHours::hours>("hours", "", {1, 200},
                                     "When it counts, by local time, for example \"mon-fri 17:00-22:00\".")),
    required(field<&CapHours::kbps>("kbps", "kbit/s", kCapRange, "The cap then.")),
};
constexpr Table kCapHoursTable{"cap_hours", kCapHoursFields, defaultsOf<CapHours>};

constexpr std::array kHubFields{
    required(field<&HubConfig::host>("host", "", {1, 253}, "Name or address of the MQTT broker.")),
    field<&HubConfig::port>("port", "", {1, 65'535}, "Its port."),
    field<&HubConfig::server_name>("server_name", "", {0, 253},
                                   "Name in the broker's certificate. Empty: host."),
    field<&HubConfig::ca_file>("ca_file", "", kAnyLength,
                               "PEM file of the CA that signed the broker and the hub's signers. Empty: the "
                               "gateway is enrolled (camgatectl hub enrol), and has it from there."),
    field<&HubConfig::certificate_file>(
        "certificate_file", "", kAnyLength,
        "PEM file of the gateway's transport certificate. What was enrolled goes before it."),
    field<&HubConfig::key_file>("key_file", "", kAnyLength, "PEM file of its key."),
    field<&HubConfig::signers_file>(
        "signers_file", "", kAnyLength,
        "PEM file of the certificates whose commands are obeyed. Empty: none are."),
    field<&HubConfig::receive_certificate_file>(
        "receive_certificate_file", "", kAnyLength,
        "PEM file of the hub's receive certificate: clips and pictures are sealed to its key. "
        "Empty: they go in clear, for hubs that cannot open them."),
    choiceField<&HubConfig::clips>("clips", kClipPolicies, "Previews of which events are sent unasked."),
    field<&HubConfig::cap_kbps>("cap_kbps", "kbit/s", kCapRange, "What camgate may take of the line."),
    listField<&HubConfig::cap_hours>("cap_hours", kCapHoursTable, {0, 16},
                                     "Other caps at some hours; the first that fits counts."),
};
constexpr Table kHubTable{"hub", kHubFields, defaultsOf<HubConfig>};

constexpr std::array kEvidenceFields{
    field<&EvidenceConfig::certificate_file>("certificate_file", "", kAnyLength,
                                             "PEM file. Empty: manifests are not signed."),
    field<&EvidenceConfig::key_file>("key_file", "", kAnyLength, "PEM file of its key."),
};
constexpr Table kEvidenceTable{"evidence", kEvidenceFields, defaultsOf<EvidenceConfig>};

constexpr std::array kStorageFields{
    field<&StorageConfig::ring_mib>("ring_mib", "MiB", {32, 4'194'304},
                                    "Size of the footage ring; a change begins a new ring."),
    field<&StorageConfig::extent_mib>("extent_mib", "MiB", {4, 1024},
                                      "What is overwritten at once, a multiple of 4."),
    field<&StorageConfig::preview_percent>("preview_percent", "%", {0, 90},
                                           "Of the ring, for streams of class preview; normal has the rest."),
    field<&StorageConfig::long_percent>("long_percent", "%", {0, 90},
                                        "Of the ring, for streams of class long."),
    field<&StorageConfig::seal>("seal", "", {}, "Seal footage on the card."),
    field<&StorageConfig::key_file>("key_file", "", kAnyLength,
                                    "The secret that opens it, made if there is none; on another medium than "
                                    "the ring. Empty: in the data folder."),
    field<&StorageConfig::release_certificate_file>("release_certificate_file", "", kAnyLength,
                                                    "PEM file of the hub's release certificate, whose key "
                                                    "opens a card without the key file. Empty: none."),
};
constexpr Table kStorageTable{"storage", kStorageFields, defaultsOf<StorageConfig>};

constexpr std::array kTrialFields{
    field<&TrialConfig::confirm_timeout_s>(
        "confirm_timeout_s", "s", {30, 900},
        "Within this time all that worked before a change must work again, or it is reverted."),
};
constexpr Table kTrialTable{"trial", kTrialFields, defaultsOf<TrialConfig>};

constexpr std::array kConfigurationFields{
    required(field<&Configuration::version>("version", "", {kDocumentVersion, kDocumentVersion},
                                            "Of this layout. Older ones are read too; none: 1.")),
    required(field<&Configuration::gateway>("gateway", "", kId,
                                            "The gateway's id, the common name of its certificate.")),
    field<&Configuration::time_zone>(
        "time_zone", "", {1, 64},
        "Of every hour in this document and of the times that the console shows, "
        "by its IANA name, for example \"Asia/Ho_Chi_Minh\"."),
    required(objectField<&Configuration::hub>("hub", kHubTable, "The commune's hub.")),
    objectField<&Configuration::evidence>("evidence", kEvidenceTable, "The key that signs manifests."),
    objectField<&Configuration::storage>("storage", kStorageTable, "The footage ring."),
    objectField<&Configuration::trial>("trial", kTrialTable, "How a change of this document is tried."),
    listField<&Configuration::cameras>("cameras", kCameraTable, {0, 64}, "The cameras lent."),
};
constexpr Table kConfigurationTable{"configuration", kConfigurationFields, defaultsOf<Configuration>};

}  // namespace

const Table& configurationTable() {
    return kConfigurationTable;
}

const Table& motionTable() {
    return kMotionTable;
}

}  // namespace camgate::config
