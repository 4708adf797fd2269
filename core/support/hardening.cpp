#include "core/support/hardening.h"

#include <QByteArray>

#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#include <sys/resource.h>
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TOKENLAB_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define TOKENLAB_SANITIZED
#endif
#endif

namespace tokenlab {

Hardening hardenProcess()
{
#if defined(TOKENLAB_SANITIZED)
    return Hardening::Sanitized;
#elif defined(Q_OS_LINUX)
    if (qgetenv("TOKENLAB_ALLOW_DEBUGGER") == "1")
        return Hardening::Allowed;
    // The limit is inherited by the gateways that are started here, which hold the same keys; the flag is not.
    const rlimit none{0, 0};
    const bool noCore = setrlimit(RLIMIT_CORE, &none) == 0;
    const bool noTrace = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
    return noCore && noTrace ? Hardening::Done : Hardening::Failed;
#else
    return Hardening::Unsupported;
#endif
}

bool isDumpable()
{
#ifdef Q_OS_LINUX
    rlimit core{};
    return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0 || getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 || core.rlim_max != 0;
#else
    return true;
#endif
}

} // namespace tokenlab
