#include "app/cli/interrupt.h"

#include <QSocketNotifier>

#ifdef Q_OS_UNIX
#include <csignal>
#include <fcntl.h>
#include <unistd.h>
#endif

namespace tokenlab::cli {

#ifdef Q_OS_UNIX

namespace {

// A signal handler can reach nothing but this: the writing end of a pipe whose other end the event loop watches.
volatile sig_atomic_t writeEnd = -1;

void onSignal(int)
{
    const char byte = 1;
    if (writeEnd >= 0)
        (void)!write(writeEnd, &byte, 1);
}

} // namespace

struct Interrupt::Private {
    int pipe[2] = {-1, -1};
    struct sigaction oldInterrupt = {}, oldTerminate = {};
    bool installed = false;
};

Interrupt::Interrupt(QObject *parent) : QObject(parent), m_d(std::make_unique<Private>())
{
    if (::pipe(m_d->pipe) != 0)
        return; // the default still ends the process
    for (const int end : m_d->pipe)
        fcntl(end, F_SETFD, FD_CLOEXEC);
    writeEnd = m_d->pipe[1];
    auto *notifier = new QSocketNotifier(m_d->pipe[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this, notifier] {
        notifier->setEnabled(false);
        Q_EMIT caught();
    });
    struct sigaction action = {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &m_d->oldInterrupt);
    sigaction(SIGTERM, &action, &m_d->oldTerminate);
    m_d->installed = true;
}

Interrupt::~Interrupt()
{
    if (m_d->installed) {
        sigaction(SIGINT, &m_d->oldInterrupt, nullptr);
        sigaction(SIGTERM, &m_d->oldTerminate, nullptr);
    }
    writeEnd = -1;
    for (const int end : m_d->pipe) {
        if (end >= 0)
            close(end);
    }
}

#else

struct Interrupt::Private {
};
Interrupt::Interrupt(QObject *parent) : QObject(parent) {}
Interrupt::~Interrupt() = default;

#endif

} // namespace tokenlab::cli
