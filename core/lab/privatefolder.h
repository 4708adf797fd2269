// A folder for one started gateway: closed to others, removed at its end. Where the program was killed, the next start sweeps it, with the
// gateway that may still run in it.
#pragma once

#include "core/support/childprocess.h"

#include <QByteArray>
#include <QString>

namespace tokenlab::lab {

class PrivateFolder
{
public:
    // parent: where the folders lie; empty: the user's run-time folder, else the system's for temporary files.
    [[nodiscard]] static std::unique_ptr<PrivateFolder> create(const QString &parent = {});
    ~PrivateFolder();
    PrivateFolder(const PrivateFolder &) = delete;
    PrivateFolder &operator=(const PrivateFolder &) = delete;

    [[nodiscard]] const QString &path() const { return m_path; }
    [[nodiscard]] QString filePath(const QString &name) const { return m_path + QLatin1Char('/') + name; }
    // For its owner alone. Nothing but the error's words where it fails.
    [[nodiscard]] QByteArray write(const QString &name, const QByteArray &content) const;
    // `TOKENLAB_GATEWAY_FOLDER=PATH`: stands in the environment of what is started here, so that it can be found again.
    [[nodiscard]] QByteArray marker() const { return markerOf(m_path); }
    // A Docker container is no child of ours: its name is kept for the sweep.
    void noteContainer(const QString &docker, const QString &name) const;

    [[nodiscard]] static QString standardParent();
    // Folders whose owner is dead, and their gateways. How many.
    static int sweep(const QString &parent = {});

private:
    PrivateFolder(const QString &path, std::unique_ptr<FileLock> lock) : m_path(path), m_lock(std::move(lock)) {}
    [[nodiscard]] static QByteArray markerOf(const QString &path);
    QString m_path;
    std::unique_ptr<FileLock> m_lock;
};

} // namespace tokenlab::lab
