// Lets an event loop deliver what is queued, without waiting for any length of time.
#pragma once

#include <QTestEventLoop>
#include <QTimer>

namespace tokenlab::test {

// All that was queued when it was called, and what that queued, has been delivered when it returns true.
inline bool turnOfTheLoop()
{
    QTestEventLoop loop;
    bool turned = false;
    QTimer::singleShot(0, &loop, [&] {
        QTimer::singleShot(0, &loop, [&] {
            turned = true;
            loop.exitLoop();
        });
    });
    loop.enterLoopMSecs(60000);
    return turned;
}

} // namespace tokenlab::test
