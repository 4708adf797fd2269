// A comparison as one JSON object for scripts (design §5) and side by side for people.
#pragma once

#include "core/lab/compare.h"

namespace tokenlab::cli {

[[nodiscard]] QByteArray compareJson(const lab::CompareResult &result, const QStringList &remarks, bool showSecrets);
// log: the gateway's whole log, else only the lines of the endpoint.
[[nodiscard]] QByteArray compareText(const lab::CompareResult &result, bool wholeLog, bool showSecrets);

} // namespace tokenlab::cli
