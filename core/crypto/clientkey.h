// Client certificates and their keys as files hold them: what Qt's TLS cannot tell or read by itself.
#pragma once

#include <QByteArray>

#include <Qt>

namespace tokenlab::crypto {

// Whether the first private key of a PEM text belongs to the first certificate of another. Keys under a passphrase do not.
[[nodiscard]] bool keyFitsCertificate(QByteArrayView certificatePem, QByteArrayView keyPem);

// The key as a handle for QSslKey, which reads RSA, EC and DSA alone; null where there is none. The caller owns it.
[[nodiscard]] Qt::HANDLE privateKeyHandle(QByteArrayView keyPem);

} // namespace tokenlab::crypto
