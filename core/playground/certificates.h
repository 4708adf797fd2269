// The playground's own CA and what its HTTPS port shows under each fault. Throw-away keys, made at the start and kept in memory alone.
#pragma once

#include "core/crypto/tlsidentity.h"
#include "core/playground/fault.h"

#include <QSslConfiguration>

namespace tokenlab::playground {

class Certificates
{
public:
    [[nodiscard]] static Result<Certificates, crypto::TlsIdentityError> make();
    [[nodiscard]] Result<QSslConfiguration, crypto::TlsIdentityError> configuration(const FaultSet &faults) const;

    [[nodiscard]] const QByteArray &caPem() const { return m_ca.certificatePem; }
    // As jwk_fingerprints takes them. Both match: the CA's certificate is sent along.
    [[nodiscard]] QByteArray leafPin() const { return pin(m_leaf); }
    [[nodiscard]] QByteArray caPin() const { return pin(m_ca); }

private:
    [[nodiscard]] static QByteArray pin(const crypto::TlsIdentity &identity);
    crypto::TlsIdentity m_ca, m_leaf;
};

} // namespace tokenlab::playground
