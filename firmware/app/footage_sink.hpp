// Where one camera's footage goes. Loop thread only.
#pragma once

#include "base/result.hpp"
#include "media/access_unit.hpp"

namespace camgate::app {

class FootageSink {
  public:
    virtual ~FootageSink() = default;
    virtual void onStreamConfig(media::StreamKind stream, media::DecoderConfig config) = 0;
    /// An error: the worker sent what no camera sends.
    [[nodiscard]] virtual Status onAccessUnit(media::AccessUnit unit) = 0;
    /// The worker is gone; what follows comes after a gap.
    virtual void onInterrupted() = 0;
    /// The owner wants nothing recorded, or does again: the reason of the gap.
    virtual void onPause(bool paused) = 0;
};

}  // namespace camgate::app
