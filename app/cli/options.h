// What the arguments ask for, as plain values: commands know nothing of the parser. Names of files are as fileText() has them.
#pragma once

#include "core/jose/jws.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QString>
#include <QStringList>

#include <optional>
#include <variant>
#include <vector>

namespace tokenlab::cli {

struct RequestOptions { // send and simulate
    QString config;     // a file, `-`, or `demo`
    QByteArray endpoint, method;
    std::optional<QByteArray> data; // TEXT, @FILE or -
    std::vector<QByteArray> headers, query, params, binds;
    bool gatewayEnv = false, whole = false, allowUnsigned = false, showSecrets = false, json = false;
};
struct DemoOptions {
    bool json = false;
};
struct SendOptions {
    RequestOptions request;
};
struct SimulateOptions {
    RequestOptions request;
    std::vector<QString> responses;
};
struct SignOptions {
    QString jwks; // a file or a URL
    QByteArray kid, alg, typ;
    bool full = false, insecure = false, json = false;
    QString ca;
    std::vector<QByteArray> pins;
    QString input = QStringLiteral("-");
};
struct DecodeOptions {
    QString input = QStringLiteral("-"); // a token, a file, or -
    bool json = false;
};
struct VerifyOptions {
    QString jwks; // a file, a URL, or -
    QString ca;
    std::vector<QByteArray> pins;
    std::vector<jose::Algorithm> algs; // none: all that the keys can do
    bool insecure = false, json = false;
    QString input = QStringLiteral("-"); // a token, a file, or -
};
struct PlaygroundOptions {
    std::optional<quint16> port, httpsPort; // 0: any free one
    std::vector<QByteArray> faults;         // names; `list` among them: as listFaults
    bool listFaults = false, json = false;
};
struct ExportOptions {
    QString config, kind = QStringLiteral("gateway"), output;
    QByteArray endpoint, method;
    QString relativeTo;   // empty: paths as they are
    QByteArray publicSet; // URL or path of the public halves, for a validator that is made
    QString added;        // what the file gets: validator, protected, refresh; empty: nothing
    QByteArray into;      // validator: the endpoint that gets it, `/account` or `PUT /account`
    bool environment = false, checklist = false, difference = false, json = false;
};
struct CompareOptions {
    RequestOptions request;
    QString gateway; // an executable, docker:VERSION or a URL; empty: the known binary
    bool log = false;
};
struct ValidateOptions {
    RequestOptions request; // config, endpoint, method, headers, binds
    std::optional<QString> at;
    std::optional<QByteArray> cookie; // NAME=VALUE, or the NAME that the token goes into
    std::optional<QString> token;     // or `-`; none: standard input, unless a header or cookie brings it
    bool json = false;
};
struct CheckOptions {
    QString config, format = QStringLiteral("text"); // text, json, github
    QByteArray endpoint, method;                     // empty: all
    std::vector<QByteArray> binds;
    std::optional<QString> explain; // a code, or empty for all; no file then
    QString krakend;                // an executable to ask as well; empty: the known one
    bool offline = false, fix = false, gatewayEnv = false, json = false;
    bool all = false; // text: problems of one kind are not summed up
};
struct KeysOptions {
    enum Action { Generate, Import, Public, Private, Show, Thumbprint, Encrypt, Decrypt, Rekey };
    Action action = Show;
    QByteArray kty = "oct", curve; // of a new key
    int size = 0;                  // 0: the usual one
    std::optional<QByteArray> kid, alg, use;
    QByteArray kidFrom;                  // thumbprint, date; empty: as usual
    std::vector<QString> inputs;         // files or -
    QString as = QStringLiteral("auto"); // how a bare secret is read
    QString passphraseFile, append, output, params, save, secretUrlFile;
    QByteArray passphraseEnv, cypherKey;
    bool replace = false, pem = false, showPrivate = false, keepSecretUrl = false, json = false;
};
struct PinsOptions {
    QString input; // a URL or a file with certificates; empty where `config` says what
    QString ca;
    std::vector<QByteArray> pins;
    QString config;
    QByteArray endpoint, method, backend; // backend: a host of the endpoint's backends, instead of its key host
    std::vector<QByteArray> binds;
    bool insecure = false, gatewayEnv = false, json = false;
};
using Command = std::variant<PinsOptions, KeysOptions, DemoOptions, SendOptions, SimulateOptions, SignOptions, DecodeOptions,
                             PlaygroundOptions, ExportOptions, CompareOptions, ValidateOptions, CheckOptions, VerifyOptions>;

struct Stop { // nothing to run: help, version, or wrong usage
    int code = 0;
    QByteArray out, err;
    QByteArray message; // of err, without the program's name
};
[[nodiscard]] const QStringList &commandNames();
[[nodiscard]] std::variant<Stop, Command> parse(const QByteArrayList &arguments); // without the program's name

} // namespace tokenlab::cli
