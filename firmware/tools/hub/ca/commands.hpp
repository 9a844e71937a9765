// `camgate-hub ca ...`: what a person does with an authority. Results go to standard output, faults to
// standard error; the exit status is 0 or 1. One thread. Implements docs/ref/hub.md (Certificates).
#pragma once

#include <string>
#include <vector>

namespace camgate::hub {

struct CaOptions {
    std::string folder;
    std::string name;
    int root_days = 20 * 365;
    int issuing_days = 5 * 365;
    std::string role;
    std::vector<std::string> addresses;
    int days = 0;              ///< 0: as the role has it
    std::string request_file;  ///< empty: the keys are made here
    std::string out_folder;
    std::string certificate;  ///< a serial or a fingerprint
    std::string reason;
    int hours = 24;  ///< that a code is good for
    bool json = false;
};

int caInit(const CaOptions& options);
/// `role` may be `gateway`: its three certificates at once.
int caIssue(const CaOptions& options);
/// A one-time code for the gateway `name`, and the root's fingerprint: to be told to the technician.
int enrolCode(const CaOptions& options);
/// One certificate, or all of the gateway `name`; the revocation lists follow.
int caRevoke(const CaOptions& options);
/// Makes the revocation lists anew.
int caLists(const CaOptions& options);
int caList(const CaOptions& options);
/// What `caIssue` takes for a role.
std::vector<std::string> issuableRoles();

}  // namespace camgate::hub
