// The commands: each begins its work, and ends through the session.
#pragma once

#include "app/cli/options.h"
#include "app/cli/session.h"

namespace tokenlab::cli {

void run(const DemoOptions &options, Session &session);
void run(const SendOptions &options, Session &session);
void run(const SimulateOptions &options, Session &session);
void run(const SignOptions &options, Session &session);
void run(const DecodeOptions &options, Session &session);
void run(const PinsOptions &options, Session &session);
void run(const PlaygroundOptions &options, Session &session);
void run(const ExportOptions &options, Session &session);
void run(const CompareOptions &options, Session &session);
void run(const CheckOptions &options, Session &session);
void run(const KeysOptions &options, Session &session);
void run(const VerifyOptions &options, Session &session);
void run(const ValidateOptions &options, Session &session);

} // namespace tokenlab::cli
