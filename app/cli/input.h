// What comes in from files, standard input and the arguments of send, simulate and export.
#pragma once

#include "app/cli/options.h"
#include "app/cli/session.h"
#include "core/gateway/config.h"
#include "core/lab/run.h"

#include <memory>
#include <optional>

namespace tokenlab::cli {

// A file, or standard input for `-`. The error is why not, in the gateway's manner (`open FILE: no such file or directory`).
[[nodiscard]] Result<QByteArray, QByteArray> readInput(const QString &name);
[[nodiscard]] QString displayName(const QString &name); // `standard input` for `-`

struct Configuration {
    QString name;    // for messages
    QByteArray text; // completed, when it was a fragment
    std::shared_ptr<const gateway::ServiceConfig> service;
    bool isDemo = false;
    bool rendered = false; // from a template: read-only
};
struct ConfigurationError {
    QString sentence;
    gateway::ConfigError error;
    bool unusable = false; // no readable JSON at all: exit 2; else the gateway read it and would not start
};
// KRAKEND_ variables of the process.
[[nodiscard]] gateway::Environment gatewayEnvironment();
// The error is a sentence. isDemo: with the playground's own.
[[nodiscard]] Result<lab::Bindings, QString> parseBindings(const std::vector<QByteArray> &texts, bool isDemo);
// Completes fragments, with a notice.
[[nodiscard]] Result<Configuration, ConfigurationError> loadConfiguration(const QString &name, bool gatewayEnv, Session &session);

// Index in service->endpoints, of this path and method; none: the session has been told.
[[nodiscard]] std::optional<std::size_t> chooseEndpoint(const Configuration &configuration, const QByteArray &path,
                                                        const QByteArray &method, Session &session);

struct Prepared {
    Configuration configuration;
    std::size_t endpoint = 0;
    bool unmatched = false; // no endpoint takes the request; this one only stands for the gateway
    twin::ClientRequest request;
    lab::Bindings bindings;
};
// What is told of a file that the gateway would not take, or that has no endpoint: an outcome like any other, for the commands that print
// outcomes, or the error of a command that could not begin. OneEndpoint: an error also where the router alone would answer.
enum class Refusal { AsOutcome, AsError, OneEndpoint };
// Everything a run needs. None: the session has been told and has ended.
[[nodiscard]] std::optional<Prepared> prepare(const RequestOptions &options, Session &session, Refusal refusal = Refusal::AsOutcome);

} // namespace tokenlab::cli
