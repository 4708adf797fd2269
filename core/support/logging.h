// All logging categories of the program. Never log bodies, keys, tokens or passwords.
#pragma once

#include <QLoggingCategory>

namespace tokenlab {

Q_DECLARE_LOGGING_CATEGORY(logNet)
Q_DECLARE_LOGGING_CATEGORY(logCrypto)
Q_DECLARE_LOGGING_CATEGORY(logPlayground)
Q_DECLARE_LOGGING_CATEGORY(logLab)
Q_DECLARE_LOGGING_CATEGORY(logUi)

} // namespace tokenlab
