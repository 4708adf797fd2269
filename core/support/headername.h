// Names of header fields (RFC 9110 §5.1), as messages and configurations spell them.
#pragma once

#include <QByteArray>

namespace tokenlab {

// A byte that a name may have.
[[nodiscard]] bool isTokenByte(char c);

// Go's textproto.CanonicalMIMEHeaderKey: `x-forwarded-for` becomes `X-Forwarded-For`; a name with other bytes stays as it is.
[[nodiscard]] QByteArray canonicalHeaderName(QByteArrayView name);

} // namespace tokenlab
