// What leaves the lab: the whole file, an endpoint, its signer or the validator that goes with it; and what must be there where it is
// deployed. Pure: nothing is read or written here.
#pragma once

#include "core/gateway/blocks.h"

namespace tokenlab::gateway {

enum class ExportKind { Gateway, Endpoint, Signer, Validator };
[[nodiscard]] std::optional<ExportKind> exportKindFromName(QByteArrayView name); // `gateway`, `endpoint`, `signer`, `validator`
[[nodiscard]] QByteArray name(ExportKind kind);

struct ExportWishes {
    ExportKind kind = ExportKind::Gateway;
    std::size_t endpoint = 0;
    // Hosts, key places, secret_url and cypher_key become `{{ env "NAME" }}`. The text is then a flexible-configuration template: the
    // gateway reads it with FC_ENABLE=1. The names never begin with KRAKEND_, which the gateway would overlay.
    bool placeholders = false;
    // Absolute paths as seen from this absolute folder, the gateway's working directory. Empty: as they are.
    QByteArray relativeTo;
    blocks::Wishes validator; // where the validator is made
};

struct Placeholder {
    QByteArray name;  // of the variable
    QByteArray value; // what stood there; for secrets too: never print it
    bool secret = false;
};

struct Exported {
    QByteArray text;
    bool isTemplate = false;          // has placeholders
    bool hasSecrets = false;          // secret_url, cypher_key or passwords in URLs stand in it: the file is for its owner alone
    bool madeValidator = false;       // the document had none: it was made for the signer
    blocks::ValidatorBlock validator; // that one
    std::vector<Placeholder> placeholders;
    std::vector<std::pair<QByteArray, QByteArray>> paths; // made relative: old, new
};

struct ExportError {
    enum Kind { NoEndpoint, NoSigner, NoValidator, NotInFile, NotJson } kind = NoEndpoint;
    QByteArray subject;                          // the endpoint's path, or the pointer
    std::optional<blocks::BlockError> validator; // NoValidator: why none can be made
};
// text: the document, `service` as it was loaded from it. Without wishes the bytes are the document's own, with its margin taken off.
[[nodiscard]] Result<Exported, ExportError> exported(const QByteArray &text, const ServiceConfig &service, const ExportWishes &wishes);

// What must be there where the gateway runs.
struct Requirement {
    enum Kind {
        KeyFile,       // jwk_local_path of a signer: private keys
        PublicKeyFile, // of a validator
        CaFile,
        CertificateFile,
        PrivateKeyFile,
        KeyUrl, // answers at the gateway's start, else the endpoint is 401 for ever (validators: at each request, or cached)
        BackendHost,
        Variable,
        SecretKeeper, // a service that opens the encrypted key file: awskms, hashivault …
        Port,
        PublicSet // the public halves, to be published before a made validator works
    };
    Kind kind = KeyFile;
    QByteArray subject;                // path, URL, host, name
    QByteArray pointer;                // of the first place that needs it
    std::vector<QByteArray> endpoints; // paths of those that need it; empty: the whole gateway
    bool relative = false;             // a path from the gateway's working directory
    bool secret = false;               // for the gateway's user alone
    bool encrypted = false;            // with secret_url: useless without it
};
[[nodiscard]] QByteArray name(Requirement::Kind kind); // `key-file`, `backend-host` …
// A file as the machine of the lab has it: often the gateway's own, else at least a hint. Open: secret, and readable for others.
enum class LocalState { Unknown, Present, Missing, Unreadable, Open };
[[nodiscard]] QByteArray name(LocalState state); // `present` …; empty: unknown
// In the order: variables, files, hosts, port. Each once.
[[nodiscard]] std::vector<Requirement> requirements(const ServiceConfig &service, const ExportWishes &wishes, const Exported &exported);

} // namespace tokenlab::gateway
