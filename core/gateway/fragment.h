// What a pasted or opened text is a part of; config.h completes it to a whole file.
#pragma once

#include <QByteArray>

namespace tokenlab::gateway {

enum class Fragment { Whole, Signer, Validator, Backend, Endpoint, EndpointList, ExtraConfig, NoVersion };
// Whole: a gateway file, or nothing that is recognised.
[[nodiscard]] Fragment fragmentOf(const QByteArray &text);

} // namespace tokenlab::gateway
