// What each row of the verb table does: asks camgated and shows the answer. Exit statuses as in
// docs/ref/cli.md. One thread.
#pragma once

#include <functional>
#include <string>

#include "console/session.hpp"
#include "console/verb.hpp"

namespace camgate::console::verbs {

int status(Session& session, const Arguments& arguments);
int metrics(Session& session, const Arguments& arguments);
int cameras(Session& session, const Arguments& arguments);
int events(Session& session, const Arguments& arguments);
int audit(Session& session, const Arguments& arguments);
/// `write`, with the stick that `path` is on held meanwhile; its exit status, or 1 where the stick is not
/// fit.
int withStick(Session& session, const std::string& path, const std::function<int()>& write);
int snapshot(Session& session, const Arguments& arguments);
int exportFootage(Session& session, const Arguments& arguments);
int eraseFootage(Session& session, const Arguments& arguments);
int resetFootage(Session& session, const Arguments& arguments);
int storageStatus(Session& session, const Arguments& arguments);
int storageCheck(Session& session, const Arguments& arguments);
int storageFormat(Session& session, const Arguments& arguments);

int discoverCameras(Session& session, const Arguments& arguments);
int addCamera(Session& session, const Arguments& arguments);
int testCamera(Session& session, const Arguments& arguments);
int pauseCamera(Session& session, const Arguments& arguments);
int resumeCamera(Session& session, const Arguments& arguments);
int removeCamera(Session& session, const Arguments& arguments);
int showZones(Session& session, const Arguments& arguments);
int setZone(Session& session, const Arguments& arguments);

/// As show(), and the exit status tells of faults.
int showCandidate(Session& session, const Result<std::string>& answer);
int configEdit(Session& session, const Arguments& arguments);
int configShow(Session& session, const Arguments& arguments);
int configSet(Session& session, const Arguments& arguments);
int configUnset(Session& session, const Arguments& arguments);
int configLoad(Session& session, const Arguments& arguments);
int configDiff(Session& session, const Arguments& arguments);
int configCheck(Session& session, const Arguments& arguments);
int configCommit(Session& session, const Arguments& arguments);
int configConfirm(Session& session, const Arguments& arguments);
int configAbandon(Session& session, const Arguments& arguments);
int configDiscard(Session& session, const Arguments& arguments);
int configRollback(Session& session, const Arguments& arguments);
int configRevisions(Session& session, const Arguments& arguments);
int configReport(Session& session, const Arguments& arguments);
int secretSet(Session& session, const Arguments& arguments);

int hubStatus(Session& session, const Arguments& arguments);
int hubTest(Session& session, const Arguments& arguments);
int hubEnrol(Session& session, const Arguments& arguments);

int networkShow(Session& session, const Arguments& arguments);
int networkTest(Session& session, const Arguments& arguments);
int networkSet(Session& session, const Arguments& arguments);
int showTime(Session& session, const Arguments& arguments);
int showLog(Session& session, const Arguments& arguments);
int updateStatus(Session& session, const Arguments& arguments);
int updateInstall(Session& session, const Arguments& arguments);
int reboot(Session& session, const Arguments& arguments);
int factoryReset(Session& session, const Arguments& arguments);

int setup(Session& session, const Arguments& arguments);
int login(Session& session, const Arguments& arguments);
int setPin(Session& session, const Arguments& arguments);
int loginStatus(Session& session, const Arguments& arguments);
int logout(Session& session, const Arguments& arguments);

int supportBundleFile(Session& session, const Arguments& arguments);
int chooseLanguage(Session& session, const Arguments& arguments);
int help(Session& session, const Arguments& arguments);
int leave(Session& session, const Arguments& arguments);

}  // namespace camgate::console::verbs
