// What a checklist asks for, looked at on this machine.
#pragma once

#include "core/gateway/exports.h"

#include <QString>

namespace tokenlab::lab {

// folder: what relative paths are seen from. Only files are looked at.
[[nodiscard]] gateway::LocalState localState(const gateway::Requirement &requirement, const QString &folder);

} // namespace tokenlab::lab
