#include "core/lab/deployment.h"

#include <QDir>
#include <QFileInfo>

namespace tokenlab::lab {

gateway::LocalState localState(const gateway::Requirement &requirement, const QString &folder)
{
    using State = gateway::LocalState;
    using Kind = gateway::Requirement;
    switch (requirement.kind) {
    case Kind::KeyFile:
    case Kind::PublicKeyFile:
    case Kind::CaFile:
    case Kind::CertificateFile:
    case Kind::PrivateKeyFile:
        break;
    default:
        return State::Unknown;
    }
    const QFileInfo info(QDir(folder).filePath(QString::fromUtf8(requirement.subject)));
    if (!info.isFile())
        return State::Missing;
    if (!info.isReadable())
        return State::Unreadable;
    const auto others = QFileDevice::ReadGroup | QFileDevice::ReadOther;
    return requirement.secret && (info.permissions() & others) ? State::Open : State::Present;
}

} // namespace tokenlab::lab
