// Start-up of a signer with the gateway's order of checks (specification §1.5, §2, §3). Pure: what it needs from outside it returns as a
// value and is called again with what came.
#pragma once

#include "core/gateway/config.h"
#include "core/http/message.h"
#include "core/jose/jws.h"

#include <optional>
#include <variant>

namespace tokenlab::twin {

struct NeedCaFile {
    QByteArray path;
};
struct NeedKeyFile {
    QByteArray path;
};
struct NeedDownload { // GET url; TLS as §3
    QByteArray url;
    bool verify = true;
    std::vector<QByteArray> pins;
    std::vector<quint16> cipherSuites;
    std::vector<QByteArray> extraRoots; // contents of jwk_local_ca
};
using Need = std::variant<NeedCaFile, NeedKeyFile, NeedDownload>;

// A file's content, or Go's words for why not (`open PATH: no such file or directory`).
using FileSupply = Result<QByteArray, QByteArray>;
using DownloadSupply = Result<http::Reply, http::TransportError>;
struct Supplies {
    std::optional<FileSupply> caFile, keyFile;
    std::optional<DownloadSupply> download;
    bool downloadHangs = false; // the key host stayed silent past the lab's deadline
    bool keyFileIsOpen = false; // a set that stands in for an encrypted one: secret_url and cypher_key are for the other
};

enum class StartStep { ConfigTypes, Url, Fingerprints, Ca, KeyFile, KeySet, Download, KeyLookup, Algorithm };

struct StartError {
    StartStep step = StartStep::ConfigTypes;
    QByteArray text;      // what follows `Unable to create the signer: `
    bool crash = false;   // the whole gateway panics
    bool hangs = false;   // the whole gateway waits for ever
    bool unknown = false; // what the gateway would get from the key host cannot be seen from here; `text` says why and is ours
    QByteArray member;    // signer member at fault, `jwk_url`
    QByteArray rule;      // section of the specification, `§1.5.2`
};

struct SignerState { // as loaded at the gateway's start
    gateway::SignerConfig config;
    std::optional<jose::Signer> signer; // none: error is set
    std::optional<StartError> error;
    jose::KeySet keys;    // the loaded set, for display
    bool enabled = false; // the endpoint has a signer at all
    // Why the whole gateway ends when it wants to listen, in its words; buildSigner() leaves it to its caller.
    QByteArray listenError;
};

using BuildStep = std::variant<Need, SignerState>;
// jwk_url as it may be shown, without a password.
[[nodiscard]] QByteArray keyUrlForDisplay(const gateway::EndpointConfig &endpoint);
[[nodiscard]] BuildStep buildSigner(const gateway::EndpointConfig &endpoint, const Supplies &supplies);

} // namespace tokenlab::twin
