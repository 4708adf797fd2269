// What password managers do at their start, before a key is in memory: no core file, and no debugger or other process of the same user that
// reads this one's memory.
#pragma once

namespace tokenlab {

enum class Hardening {
    Done,
    Allowed,     // the environment asked for a debugger: TOKENLAB_ALLOW_DEBUGGER=1
    Sanitized,   // a sanitizer is built in, and the leak check attaches to its own process
    Unsupported, // nothing is known for this system
    Failed,      // the system refused
};
[[nodiscard]] Hardening hardenProcess();

// Whether others of the same user may attach and a crash may leave a core: what hardenProcess() takes away.
[[nodiscard]] bool isDumpable();

} // namespace tokenlab
