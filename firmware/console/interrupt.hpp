// Ctrl-C ends what a command waits for, not the console: system calls come back, and whoever loops asks. One
// thread beside the signal.
#pragma once

namespace camgate::console {

/// From now on Ctrl-C is noted instead of ending the program.
void noteInterrupts();
/// Since the last clearInterrupt().
bool interrupted();
void clearInterrupt();
/// Waits until there is something to read; false: interrupted, also if that was before the wait began.
bool waitForInput(int fd);

}  // namespace camgate::console
