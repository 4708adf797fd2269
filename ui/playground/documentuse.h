// How the open document reaches the playground, and what leads it there: bindings, which are never written to the file, and the members
// with which a gateway would trust the playground's CA. Each step is one undo.
#pragma once

#include "ui/session.h"

namespace tokenlab::ui {

enum class HostsLead { AsWritten, Http, Https, Several };

struct PlaygroundReach {
    // What a binding can lead to the playground: the origins of the chosen endpoint; of the demonstration, all.
    std::vector<QByteArray> origins;
    HostsLead lead = HostsLead::AsWritten;                                                // where bindings take them
    Playground::Side keys = Playground::Side::Neither, login = Playground::Side::Neither; // of the chosen endpoint
    bool verifiesKeys = false; // the key host's certificate is looked at: https without disable_jwk_security
    bool namesCa = false;      // jwk_local_ca of the chosen endpoint is a file with the playground's CA
};
// caFile: where the CA lies, beside its file in the private folder; may be empty.
[[nodiscard]] PlaygroundReach playgroundReach(const LabSession &session, const QString &caFile);

// As one binding step; the document stays as it is.
void leadHosts(LabSession &session, HostsLead lead);

struct HttpsUse {
    int keySources = 0;     // signers and validators that get jwk_local_ca
    bool clientTls = false; // client_tls.ca_certs as well, for the login
};
// What useHttps() would change; none: nothing of the document has a key URL, or it cannot be edited.
[[nodiscard]] std::optional<HttpsUse> httpsUse(const LabSession &session, const QString &caFile);
// jwk_local_ca wherever the document's keys come from the playground, over https and verified; client_tls.ca_certs where the login does;
// and the bindings over to the HTTPS side. A document that leads nowhere near it gets jwk_local_ca at the chosen endpoint alone.
void useHttps(LabSession &session, const QString &caFile);

} // namespace tokenlab::ui
