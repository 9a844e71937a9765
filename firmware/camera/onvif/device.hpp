// Asks one ONVIF device what it is and which streams it offers. Blocking; one thread.
#pragma once

#include "base/clock.hpp"
#include "camera/onvif/http_client.hpp"
#include "ipc/finder_messages.hpp"

namespace camgate::onvif {

/// InvalidArgument: no http:// address. PermissionDenied: other credentials are wanted. Unavailable, Timeout,
/// Corruption: it does not answer, or with what makes no sense. FailedPrecondition: no stream is of use.
[[nodiscard]] Result<ipc::CameraDescription> describeDevice(Http& http, const Clock& clock,
                                                            const ipc::FinderDescribe& asked);

}  // namespace camgate::onvif
