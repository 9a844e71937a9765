#include <array>

#include "console/language.hpp"
#include "console/verb.hpp"
#include "console/verbs.hpp"

namespace camgate::console {
namespace {

constexpr std::array kEvents{
    VerbParameter{"camera", Takes::Camera, false, L("only this camera's")},
    VerbParameter{"limit", Takes::Number, false, L("how many, newest first (20)")},
};
constexpr std::array kAudit{
    VerbParameter{"limit", Takes::Number, false, L("how many, newest first (20)")},
    VerbParameter{"below", Takes::Number, false, L("only those with a lower number")},
};
constexpr std::array kSnapshot{
    VerbParameter{"CAMERA", Takes::Camera, true, L("whose picture")},
    VerbParameter{"FILE", Takes::File, true, L("JPEG file to write")},
};
constexpr std::array kExport{
    VerbParameter{"camera", Takes::Camera, true, L("whose footage")},
    VerbParameter{"from", Takes::Time, true, L("begin")},
    VerbParameter{"to", Takes::Time, true, L("end")},
    VerbParameter{"to-dir", Takes::Folder, true, L("folder to write to, for example a USB stick")},
    VerbParameter{"quality", Takes::Text, false, L("preview or full (full)")},
};
constexpr std::array kErase{
    VerbParameter{"camera", Takes::Camera, true, L("whose footage")},
    VerbParameter{"from", Takes::Time, false, L("in the first day in UTC (the oldest)")},
    VerbParameter{"to", Takes::Time, false, L("in the last day in UTC (today)")},
    VerbParameter{"yes", Takes::Flag, false, L("do not ask")},
};
constexpr std::array kReset{
    VerbParameter{"yes", Takes::Flag, false, L("do not ask")},
};
constexpr std::array kFormat{
    VerbParameter{"force", Takes::Flag, false, L("also what is another gateway's ring, or none at all")},
    VerbParameter{"yes", Takes::Flag, false, L("do not ask")},
};
constexpr std::array kShow{
    VerbParameter{"SETTING", Takes::Setting, false, L("only what lies there")},
    VerbParameter{"defaults", Takes::Flag, false, L("also what is as by default")},
    VerbParameter{"revision", Takes::Number, false, L("of this revision (the one in force)")},
};
constexpr std::array kSet{
    VerbParameter{"SETTING", Takes::Setting, true, L("which setting")},
    VerbParameter{"VALUE", Takes::Text, true, L("a text or JSON")},
};
constexpr std::array kUnset{
    VerbParameter{"SETTING", Takes::Setting, true, L("which setting, or which item of a list")},
};
constexpr std::array kLoad{
    VerbParameter{"FILE", Takes::File, true, L("a whole document")},
};
constexpr std::array kDiff{
    VerbParameter{"revision", Takes::Number, false, L("against this revision (the one in force)")},
};
constexpr std::array kConfirmedCommit{
    VerbParameter{"MINUTES", Takes::Number, true, L("time for config confirm, else it is reverted")},
};
constexpr std::array kRollback{
    VerbParameter{"REVISION", Takes::Number, true, L("one that config revisions lists")},
};
constexpr std::array kSecret{
    VerbParameter{"NAME", Takes::Text, true, L("a name that config report lists")},
};
constexpr std::array kUpdate{
    VerbParameter{"FILE", Takes::File, true, L("a bundle, or USB: the one on the stick")},
};
constexpr std::array kBundle{
    VerbParameter{"FILE", Takes::File, true, L("JSON file to write")},
};
constexpr std::array kEnrol{
    VerbParameter{"request", Takes::File, false, L("write the request for the hub's people here")},
    VerbParameter{"bundle", Takes::File, false, L("install the certificates in this file")},
    VerbParameter{"code", Takes::Text, false, L("over the network, with this one-time code")},
    VerbParameter{"host", Takes::Text, false, L("broker for enrolment (the hub's)")},
    VerbParameter{"port", Takes::Number, false, L("its port (8884)")},
    VerbParameter{"fingerprint", Takes::Text, false, L("of the hub's root, as it was told")},
};
constexpr std::array kNetwork{
    VerbParameter{"ADDRESS", Takes::Text, true, L("dhcp, or an address as 192.168.1.50/24")},
    VerbParameter{"router", Takes::Text, false, L("the router's address")},
    VerbParameter{"names", Takes::Text, false, L("name servers, by commas (the router)")},
};
constexpr std::array kLanguage{
    VerbParameter{"LANGUAGE", Takes::Text, true, L("vi or en")},
};
constexpr std::array kHelp{
    VerbParameter{"COMMAND", Takes::Text, false, L("a command's first word")},
    VerbParameter{"SECOND", Takes::Text, false, L("its second word")},
};

constexpr std::array kDiscover{
    VerbParameter{"interface", Takes::Text, false, L("network interface (all but loopback)")},
    VerbParameter{"seconds", Takes::Number, false, L("how long to wait for answers (3)")},
    VerbParameter{"scan", Takes::Flag, false, L("also try RTSP ports of the own subnet")},
};
constexpr std::array kAddCamera{
    VerbParameter{"CAMERA", Takes::Text, true, L("an id for it, kept for its life")},
    VerbParameter{"ADDRESS", Takes::Text, true,
                  L("its IP address, its ONVIF address, or an rtsp:// address")},
    VerbParameter{"name", Takes::Text, false, L("for people")},
    VerbParameter{"user", Takes::Text, false, L("its user; the password is asked for")},
    VerbParameter{"sub", Takes::Text, false, L("rtsp:// address of the small picture")},
};
constexpr std::array kOneCamera{
    VerbParameter{"CAMERA", Takes::Camera, true, L("which camera")},
};
constexpr std::array kRemoveCamera{
    VerbParameter{"CAMERA", Takes::Camera, true, L("which camera")},
    VerbParameter{"yes", Takes::Flag, false, L("do not ask")},
};
constexpr std::array kPause{
    VerbParameter{"CAMERA", Takes::Camera, true, L("which camera")},
    VerbParameter{"FOR", Takes::Text, false, L("the word for, in front of:")},
    VerbParameter{"DURATION", Takes::Text, false, L("30m, 2h, 3d (until resume)")},
};
constexpr std::array kSetZone{
    VerbParameter{"CAMERA", Takes::Camera, true, L("which camera")},
    VerbParameter{"ZONE", Takes::Text, true, L("the zone's name")},
    VerbParameter{"KIND", Takes::Text, true, L("include, ignore or line")},
    VerbParameter{"CORNERS", Takes::Text, true, L("pairs from the top left, in parts of the picture")},
};
constexpr std::array kLog{
    VerbParameter{"lines", Takes::Number, false, L("how many (50)")},
    VerbParameter{"follow", Takes::Flag, false, L("go on until Ctrl-C")},
};

constexpr std::array kSetup{
    VerbParameter{"interface", Takes::Text, false, L("where cameras are looked for (all but loopback)")},
    VerbParameter{"enrol-port", Takes::Number, false, L("the hub's port for enrolment (8884)")},
};
constexpr std::array kRole{
    VerbParameter{"ROLE", Takes::Text, true, L("technician or owner")},
};

constexpr std::array kVerbs{
    Verb{"status",
         L("Gateway, hub link, card, cameras and processes on one screen."),
         "status",
         {},
         verbs::status},
    Verb{"setup", L("Sets a gateway up, step by step."), "setup", kSetup, verbs::setup},
    Verb{"cameras", L("Each camera's state and counters."), "cameras", {}, verbs::cameras},
    Verb{"cameras list", L("Each camera's state and counters."), "cameras list", {}, verbs::cameras},
    Verb{"cameras discover", L("Looks for ONVIF cameras on the network."), "cameras discover", kDiscover,
         verbs::discoverCameras},
    Verb{"cameras add", L("Tries a camera, measures it, and puts it into the configuration on trial."),
         "cameras add gate 192.168.1.20 --user admin --name \"Front gate\"", kAddCamera, verbs::addCamera},
    Verb{"cameras test", L("Receives a camera for some seconds and measures it."), "cameras test gate",
         kOneCamera, verbs::testCamera},
    Verb{"cameras remove", L("Takes a camera out of the configuration."), "cameras remove gate",
         kRemoveCamera, verbs::removeCamera},
    Verb{"pause", L("Nothing of a camera is recorded, watched or sent: its owner's right."),
         "pause gate for 2h", kPause, verbs::pauseCamera},
    Verb{"resume", L("Ends the owner's pause of a camera."), "resume gate", kOneCamera, verbs::resumeCamera},
    Verb{"zones show", L("Where motion of a camera counts."), "zones show gate", kOneCamera,
         verbs::showZones},
    Verb{"zones set", L("Draws a zone of the candidate; config commit puts it in force."),
         "zones set gate street ignore \"0,0 1,0 1,0.3 0,0.3\"", kSetZone, verbs::setZone},
    Verb{"network show", L("Addresses, way out, name servers, hub."), "network show", {}, verbs::networkShow},
    Verb{"network test",
         L("Whether the way to the hub works, step by step."),
         "network test",
         {},
         verbs::networkTest},
    Verb{"network set", L("Sets the box's network."), "network set 192.168.1.50/24 --router 192.168.1.1",
         kNetwork, verbs::networkSet},
    Verb{"time", L("The clock, its time zone and how good it is."), "time", {}, verbs::showTime},
    Verb{"log", L("What the gateway's programs wrote down."), "log --follow", kLog, verbs::showLog},
    Verb{"update status",
         L("Which version runs, and how the newest update is or went."),
         "update status",
         {},
         verbs::updateStatus},
    Verb{"update install",
         L("Installs a bundle; the box restarts, and goes back if it does not prove itself."),
         "update install USB", kUpdate, verbs::updateInstall},
    Verb{"reboot", L("Starts the machine anew."), "reboot", {}, verbs::reboot},
    Verb{"factory-reset",
         L("Destroys all keys of footage and forgets all settings made here."),
         "factory-reset",
         {},
         verbs::factoryReset},
    Verb{"metrics",
         L("All figures as OpenMetrics text, for those who scrape."),
         "metrics",
         {},
         verbs::metrics},
    Verb{"events", L("What the gateway remembers having seen."), "events --camera gate --limit 5", kEvents,
         verbs::events},
    Verb{"audit", L("Who took or changed what, when and why."), "audit --limit 50", kAudit, verbs::audit},
    Verb{"cameras snapshot", L("A camera's newest picture into a file."),
         "cameras snapshot gate /media/usb/gate.jpg", kSnapshot, verbs::snapshot},
    Verb{"snapshot", L("A camera's newest picture into a file."), "snapshot gate /media/usb/gate.jpg",
         kSnapshot, verbs::snapshot},
    Verb{"clip export", L("Footage as MP4 with its signed manifest; an audit entry is kept."),
         "clip export --camera gate --from 2026-03-01T22:15:00+07:00 --to 2026-03-01T22:20:00+07:00 --to-dir "
         "/media/usb",
         kExport, verbs::exportFootage},
    Verb{"storage status",
         L("The card: footage kept, writes, stalls, wear."),
         "storage status",
         {},
         verbs::storageStatus},
    Verb{"storage check",
         L("Reads all footage and says what is damaged."),
         "storage check",
         {},
         verbs::storageCheck},
    Verb{"storage format", L("Erases all footage, measures the card, makes a new ring."), "storage format",
         kFormat, verbs::storageFormat},
    Verb{"footage erase", L("Makes whole days of a camera unreadable for good."),
         "footage erase --camera gate", kErase, verbs::eraseFootage},
    Verb{"footage reset", L("Makes all footage of all cameras unreadable for good."), "footage reset", kReset,
         verbs::resetFootage},
    Verb{"hub status", L("The connection to the hub."), "hub status", {}, verbs::hubStatus},
    Verb{"hub test",
         L("Waits until the hub is reached, or says why it is not."),
         "hub test",
         {},
         verbs::hubTest},
    Verb{"hub enrol",
         L("Gets the gateway's certificates: asks for all it needs, or takes it from these options."),
         "hub enrol --code ABCD-EFGH-JKMN-PQRS --fingerprint 3f1a...", kEnrol, verbs::hubEnrol},
    Verb{"config edit",
         L("Until exit set, diff, check, commit and the others stand without config."),
         "config edit",
         {},
         verbs::configEdit},
    Verb{"config show", L("The configuration in force."), "config show cameras/gate", kShow,
         verbs::configShow},
    Verb{"config set", L("Changes one setting of the candidate."),
         "config set cameras/gate/name \"Front gate\"", kSet, verbs::configSet},
    Verb{"config unset", L("One setting back to its default, or an item out of its list."),
         "config unset cameras/shed", kUnset, verbs::configUnset},
    Verb{"config load", L("A whole document as the candidate."), "config load /media/usb/camgate.json", kLoad,
         verbs::configLoad},
    Verb{"config diff", L("What the candidate changes."), "config diff", kDiff, verbs::configDiff},
    Verb{"config check", L("Every fault of the candidate."), "config check", {}, verbs::configCheck},
    Verb{"config commit",
         L("Puts the candidate in force; it is kept if all that worked works again."),
         "config commit",
         {},
         verbs::configCommit},
    Verb{"config commit confirm", L("The same, and reverted unless somebody confirms in time."),
         "config commit confirm 10", kConfirmedCommit, verbs::configCommit},
    Verb{"config confirm",
         L("Says that a change which waits for it works."),
         "config confirm",
         {},
         verbs::configConfirm},
    Verb{"config abandon",
         L("Ends a trial: back to the revision in force."),
         "config abandon",
         {},
         verbs::configAbandon},
    Verb{"config discard", L("Forgets the candidate."), "config discard", {}, verbs::configDiscard},
    Verb{"config rollback", L("An older revision as the candidate."), "config rollback 12", kRollback,
         verbs::configRollback},
    Verb{"config revisions",
         L("The revisions that are kept, with who and when."),
         "config revisions",
         {},
         verbs::configRevisions},
    Verb{"config report",
         L("What is in force, what became of the newest change, which secrets are set."),
         "config report",
         {},
         verbs::configReport},
    Verb{"secret set", L("A password; it is asked for, and cannot be read back."),
         "secret set cameras/gate/password", kSecret, verbs::secretSet},
    Verb{"support-bundle", L("What the support needs to see, without secrets and pictures, in one file."),
         "support-bundle /media/usb/camgate.json", kBundle, verbs::supportBundleFile},
    Verb{"login", L("Logs in with a PIN."), "login technician", kRole, verbs::login},
    Verb{"login set", L("Sets the PIN of technician or owner."), "login set technician", kRole,
         verbs::setPin},
    Verb{"login status",
         L("Which PINs are set, and who is logged in."),
         "login status",
         {},
         verbs::loginStatus},
    Verb{"logout", L("Ends the login."), "logout", {}, verbs::logout},
    Verb{"lang", L("The console's language."), "lang vi", kLanguage, verbs::chooseLanguage},
    Verb{"help", L("All commands, or how one is used."), "help config set", kHelp, verbs::help},
    Verb{"exit", L("Leaves the console."), "exit", {}, verbs::leave},
};

}  // namespace

std::span<const Verb> verbTable() {
    return kVerbs;
}

}  // namespace camgate::console
