// A good answer made bad, as the faults of the key host and of the login have it.
#pragma once

#include "core/playground/fault.h"
#include "core/playground/server.h"

#include <QElapsedTimer>

namespace tokenlab::playground {

class FaultyReplies
{
public:
    void setPace(int slowMs, int dripMs, int rotateMs)
    {
        m_slowMs = slowMs;
        m_dripMs = dripMs;
        m_rotateMs = rotateMs;
    }
    void forget() { m_firstDownload.invalidate(); } // the keys have their first names again
    // Whoever asks for a key set now gets the renamed keys.
    [[nodiscard]] bool keysRotated(const FaultSet &faults) const
    {
        return faults.contains(Fault::RotatedKey) && m_firstDownload.isValid() && m_firstDownload.elapsed() >= m_rotateMs;
    }

    // plainOrigin: where a redirect to http leads; empty where the request itself came over http.
    [[nodiscard]] Script ofKeyHost(const FaultSet &faults, const ServerRequest &request, Script good, const QByteArray &plainOrigin);
    [[nodiscard]] Script ofLogin(const FaultSet &faults, Script good) const;

private:
    int m_slowMs = 2000, m_dripMs = 100, m_rotateMs = 1000;
    QElapsedTimer m_firstDownload;
};

} // namespace tokenlab::playground
