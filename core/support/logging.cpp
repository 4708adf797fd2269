#include "core/support/logging.h"

namespace tokenlab {

Q_LOGGING_CATEGORY(logNet, "tokenlab.net", QtWarningMsg)
Q_LOGGING_CATEGORY(logCrypto, "tokenlab.crypto", QtWarningMsg)
Q_LOGGING_CATEGORY(logPlayground, "tokenlab.playground", QtWarningMsg)
Q_LOGGING_CATEGORY(logLab, "tokenlab.lab", QtWarningMsg)
Q_LOGGING_CATEGORY(logUi, "tokenlab.ui", QtWarningMsg)

} // namespace tokenlab
