// What the Connection window changes in the document: each a single splice, so that one undo takes it back.
#pragma once

#include "ui/connection/connectionlook.h"

namespace tokenlab::ui {

// Why the document cannot take a change for this look; empty: it can.
[[nodiscard]] QString whyNoEdit(const LabSession &session, const LookRequest &request);

// Names the file in jwk_local_ca of the signer, or in client_tls/ca_certs. Nothing where it is named there already.
[[nodiscard]] std::optional<json::Splice> trustEdit(const LabSession &session, const LookRequest &request, const QString &path);
// Adds a pin to jwk_fingerprints.
[[nodiscard]] std::optional<json::Splice> pinEdit(const LabSession &session, const LookRequest &request, const QByteArray &pin);

// What "trust" writes: the certificate, behind those that the other hops of the same look need from the file that was named before.
struct TrustFile {
    QByteArray pem;
    int kept = 0; // certificates of the old file
};
[[nodiscard]] TrustFile trustFile(const Seen &seen, std::size_t hop, const net::SeenCertificate &certificate);
[[nodiscard]] QString trustFileName(const net::SeenHop &hop, const net::SeenCertificate &certificate); // `keys.example-ca.pem`

// What the pin of this certificate makes the gateway do once it is added.
[[nodiscard]] QString meaningAsPin(const Seen &seen, std::size_t hop, std::size_t certificate);
[[nodiscard]] bool isPinned(const Seen &seen, const net::SeenCertificate &certificate);

} // namespace tokenlab::ui
