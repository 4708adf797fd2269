// The groups of rules; each stands in its own file and only adds to the list.
#pragma once

#include "core/problems/check.h"

namespace tokenlab::problems {

using List = std::vector<Problem>;

void checkStart(const Input &input, List &list); // routes, ports: the gateway does not start
// A configuration error: the file is not even read to its end.
void checkRefused(const Input &input, const gateway::ConfigError &error, List &list);
void checkSigner(const Input &input, List &list);   // members of auth/signer: URL, flag, path, alg, kid, typ, keys_to_sign, unknown members
void checkKeys(const Input &input, List &list);     // what the keys say: kid, type, size, public-only, encrypted files
void checkTls(const Input &input, List &list);      // pins, CA, cipher suites
void checkEndpoint(const Input &input, List &list); // what a signing endpoint loses, backends, hosts, error details, no-op
void checkPayload(const Input &input, List &list);  // claims of the last payload, names that are not there
void checkValidator(const Input &input, List &list); // validators, and whether signer and validator fit
void checkSchema(const Input &input, List &list);    // what only the official schema objects to
void checkSecrets(const Input &input, List &list);   // secrets in the file
void checkVersion(const Input &input, List &list);   // $schema of another release, legacy namespaces, templates

} // namespace tokenlab::problems
