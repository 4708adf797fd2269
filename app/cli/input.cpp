#include "app/cli/input.h"

#include "app/cli/filename.h"
#include "app/cli/outcometext.h"
#include "app/cli/redact.h"
#include "app/cli/startgateway.h"
#include "app/cli/target.h"
#include "core/gateway/fragment.h"
#include "core/gateway/pathparams.h"
#include "core/gateway/routes.h"
#include "core/lab/servertls.h"
#include "core/playground/demo.h"
#include "core/text/exports.h"
#include "core/text/text.h"
#include "core/twin/clienthead.h"
#include "core/twin/query.h"
#include "core/twin/respond.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QProcessEnvironment>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>
#include <cstdio>

namespace tokenlab::cli {

namespace {

struct Input {
    Q_DECLARE_TR_FUNCTIONS(Input)
};

const QString demoName = QStringLiteral("demo");
constexpr qsizetype MiB = qsizetype{1024} * 1024;
constexpr qsizetype longestInput = 256 * MiB, readPiece = MiB;

QString fragmentNotice(const QString &name, const QByteArray &source, const gateway::Completed &completed)
{
    QString what;
    switch (gateway::fragmentOf(source)) {
    case gateway::Fragment::Whole:
        return {};
    case gateway::Fragment::Signer:
        what = Input::tr("is a signer object");
        break;
    case gateway::Fragment::Validator:
        what = Input::tr("is a validator object");
        break;
    case gateway::Fragment::Backend:
        what = Input::tr("is a backend");
        break;
    case gateway::Fragment::Endpoint:
        what = Input::tr("is an endpoint");
        break;
    case gateway::Fragment::EndpointList:
        what = Input::tr("is a list of endpoints");
        break;
    case gateway::Fragment::ExtraConfig:
        what = Input::tr("is an extra_config");
        break;
    case gateway::Fragment::NoVersion:
        what = Input::tr("is no complete gateway file");
        break;
    }
    QStringList added;
    for (const QByteArray &pointer : completed.added)
        added.append(text::inert(pointer));
    return added.isEmpty() ? Input::tr("%1 %2; taken as one").arg(name, what)
                           : Input::tr("%1 %2; completed with %3").arg(name, what, added.join(QLatin1String(", ")));
}

std::optional<std::pair<QByteArray, QByteArray>> nameAndValue(const QByteArray &text)
{
    const qsizetype at = text.indexOf('=');
    if (at <= 0)
        return std::nullopt;
    return std::pair{text.left(at), text.mid(at + 1)};
}

QByteArray encoded(const QByteArray &text)
{
    return text.toPercentEncoding();
}

// `/token/{id}` with the values of --param; what a client would put on the request line.
Result<QByteArray, QString> fillPath(const QByteArray &path, const std::vector<QByteArray> &params)
{
    QByteArray filled = path;
    for (const QByteArray &param : params) {
        const auto pair = nameAndValue(param);
        if (!pair)
            return fail(Input::tr("--param %1: wanted name=value").arg(text::inert(param)));
        const QByteArray place = '{' + pair->first + '}';
        if (!path.contains(place))
            return fail(
                Input::tr("--param %1: the endpoint %2 has no {%3}").arg(text::inert(param), text::inert(path), text::inert(pair->first)));
        filled.replace(place, gateway::pathText(pair->second));
    }
    const qsizetype open = filled.indexOf('{'), close = filled.indexOf('}', open);
    if (open >= 0 && close > open) {
        const QString missing = text::inert(filled.mid(open + 1, close - open - 1));
        return fail(Input::tr("the endpoint %1 needs --param %2=VALUE").arg(text::inert(path), missing));
    }
    return filled;
}

// Of a header's value; other white space is the gateway's to refuse.
QByteArray trimmedBlanks(QByteArray value)
{
    const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
    while (!value.isEmpty() && isBlank(value.back()))
        value.chop(1);
    while (!value.isEmpty() && isBlank(value.front()))
        value.remove(0, 1);
    return value;
}

Result<http::HeaderList, QString> parseHeaders(const std::vector<QByteArray> &texts)
{
    http::HeaderList headers;
    for (const QByteArray &header : texts) {
        const qsizetype colon = header.indexOf(':');
        const QByteArray name = header.left(qMax<qsizetype>(colon, 0));
        // A line break would make two headers of it, and a blank in front a part of the one before; all else is for the gateway to refuse.
        if (name.trimmed().isEmpty() || name.front() == ' ' || name.front() == '\t' || header.contains('\n') || header.contains('\r'))
            return fail(Input::tr("-H '%1': wanted 'Name: value'").arg(colon < 0 ? text::inert(header) : text::inert(name)));
        headers.append(name, trimmedBlanks(header.mid(colon + 1)));
    }
    return headers;
}

Result<QByteArray, QString> readData(const QByteArray &data)
{
    if (data != "-" && !data.startsWith('@'))
        return data;
    const auto bytes = readInput(data.startsWith('@') ? fileText(data.mid(1)) : QStringLiteral("-"));
    if (!bytes)
        return fail(Input::tr("--data: %1").arg(text::inert(bytes.error())));
    return bytes.value();
}

QString bindingText(const lab::Binding &binding)
{
    return text::inert(withoutPassword(binding.from) + '=' + withoutPassword(binding.to));
}

// `127.0.0.1:8400`, `localhost`, `backend.internal:80/path`: a URL but for its scheme.
bool lacksScheme(const QByteArray &to)
{
    static const QRegularExpression host(
        QStringLiteral("^(?:localhost|\\d+\\.\\d+\\.\\d+\\.\\d+|[A-Za-z0-9._-]+(?=:\\d))(?::\\d{1,5})?(?:/.*)?$"));
    return host.match(QString::fromUtf8(to)).hasMatch();
}

// Why nothing can be reached at the binding's right side; empty when something may be.
QString wrongTarget(const lab::Binding &binding)
{
    const QString to = QString::fromUtf8(binding.to);
    if (to.startsWith(QLatin1String("http://"), Qt::CaseInsensitive) || to.startsWith(QLatin1String("https://"), Qt::CaseInsensitive)) {
        const QUrl url(to, QUrl::StrictMode);
        if (url.isValid() && !url.host().isEmpty())
            return {};
        return Input::tr("--bind %1: %2 is no URL with a host").arg(bindingText(binding), text::inert(withoutPassword(binding.to)));
    }
    const QFileInfo info(to);
    if (info.exists() && !info.isDir() && binding.from != "demo")
        return {};
    const QString sentence = Input::tr("--bind %1: %2 is neither a URL with a host nor an existing file")
                                 .arg(bindingText(binding), text::inert(withoutPassword(binding.to)));
    return lacksScheme(binding.to) ? Input::tr("%1; did you mean http://%2?").arg(sentence, text::inert(binding.to)) : sentence;
}

// What the file names and a binding could stand for.
struct Names {
    std::vector<QByteArray> urls, paths;
};

Names namesIn(const gateway::ServiceConfig &service)
{
    Names names;
    const auto add = [](std::vector<QByteArray> &to, const QByteArray &name) {
        if (!name.isEmpty() && std::find(to.begin(), to.end(), name) == to.end())
            to.push_back(name);
    };
    for (const gateway::EndpointConfig &endpoint : service.endpoints) {
        for (const gateway::BackendConfig &backend : endpoint.backends) {
            for (const QByteArray &host : backend.hosts)
                add(names.urls, host);
        }
        if (endpoint.validator) {
            if (const auto *validator = std::get_if<gateway::ValidatorConfig>(&*endpoint.validator)) {
                add(names.urls, validator->jwkUrl);
                add(names.paths, validator->localPath);
                add(names.paths, validator->localCa);
            }
        }
        if (!endpoint.signer)
            continue;
        if (const auto *signer = std::get_if<gateway::SignerConfig>(&*endpoint.signer)) {
            add(names.urls, signer->jwkUrl);
            add(names.paths, signer->localPath);
            add(names.paths, signer->localCa);
        }
    }
    for (const QByteArray &path : service.clientTls.caCerts)
        add(names.paths, path);
    for (const auto &[certificate, key] : service.clientTls.clientCerts) {
        add(names.paths, certificate);
        add(names.paths, key);
    }
    for (const auto &[certificate, key] : service.serverTls.value_or(std::vector<std::pair<QByteArray, QByteArray>>())) {
        add(names.paths, certificate);
        add(names.paths, key);
    }
    return names;
}

// A misspelt binding would go unnoticed: the real host would be asked.
void warnOfIdleBindings(const Configuration &configuration, const lab::Bindings &bindings, std::size_t given, Session &session)
{
    const Names names = namesIn(*configuration.service);
    for (std::size_t i = 0; i < given; ++i) {
        const lab::Binding &binding = bindings.all()[i];
        lab::Bindings alone;
        alone.add(binding);
        const auto acts = [&](const QByteArray &name) {
            // The left side may go on into a backend's path.
            return alone.forUrl(name) || alone.forFile(name) || binding.from.startsWith(name + '/');
        };
        if (std::any_of(names.urls.begin(), names.urls.end(), acts) || std::any_of(names.paths.begin(), names.paths.end(), acts))
            continue;
        QStringList there;
        for (const std::vector<QByteArray> *list : {&names.urls, &names.paths}) {
            for (const QByteArray &name : *list)
                there.append(there.size() < 8 ? text::inert(withoutPassword(name)) : QStringLiteral("…"));
        }
        there.removeDuplicates();
        const QString sentence = Input::tr("--bind %1 acts on nothing in %2").arg(bindingText(binding), configuration.name);
        session.remark(there.isEmpty() ? sentence : Input::tr("%1, which names %2").arg(sentence, there.join(QLatin1String(", "))));
    }
}

// The gateway starts all the same and knows no path.
void answerWithoutEndpoints(const Configuration &configuration, const RequestOptions &options, Session &session)
{
    const auto bindings = parseBindings(options.binds, configuration.isDemo);
    if (!bindings)
        return session.fail(Unusable, bindings.error());
    gateway::EndpointConfig none;
    none.path = options.endpoint.startsWith('/') ? options.endpoint : '/' + options.endpoint;
    none.method = options.method.isEmpty() ? QByteArrayLiteral("GET") : options.method.toUpper();
    twin::ClientRequest request;
    request.method = none.method;
    request.target = none.path;
    twin::SignerState signer;
    signer.listenError = lab::serverTlsError(*configuration.service, bindings.value());
    report(twin::respond(*configuration.service, none, signer, std::nullopt, request, systemNow(), {}), options, session);
}

} // namespace

gateway::Environment gatewayEnvironment()
{
    gateway::Environment environment;
    const QProcessEnvironment system = QProcessEnvironment::systemEnvironment();
    for (const QString &key : system.keys()) {
        if (key.startsWith(QLatin1String("KRAKEND_")))
            environment[key.toLocal8Bit()] = system.value(key).toLocal8Bit();
    }
    return environment;
}

Result<lab::Bindings, QString> parseBindings(const std::vector<QByteArray> &texts, bool isDemo)
{
    lab::Bindings bindings;
    QByteArray playground = "http://127.0.0.1:8400";
    for (const QByteArray &text : texts) {
        if (isDemo && text.startsWith("demo=")) {
            playground = text.mid(5);
            if (const QString wrong = wrongTarget({"demo", playground}); !wrong.isEmpty())
                return fail(wrong);
            continue;
        }
        const auto binding = lab::parseBinding(text);
        if (!binding)
            return fail(Input::tr("--bind %1: wanted FROM=TO, as in https://backend=http://127.0.0.1:8400")
                            .arg(text::inert(withoutPassword(text))));
        if (const QString wrong = wrongTarget(binding.value()); !wrong.isEmpty())
            return fail(wrong);
        bindings.add(binding.value());
    }
    if (isDemo) {
        for (const auto &[from, to] : playground::demoBindings(playground)) {
            const auto &all = bindings.all();
            if (std::none_of(all.begin(), all.end(), [&](const lab::Binding &b) { return b.from == from; }))
                bindings.add({from, to});
        }
    }
    return bindings;
}

QString displayName(const QString &name)
{
    return name == QLatin1String("-") ? Input::tr("standard input") : hasOddBytes(name) ? text::inert(fileBytes(name)) : name;
}

Result<QByteArray, QByteArray> readInput(const QString &name)
{
    QFile file;
    const bool isStandard = name == QLatin1String("-");
    const QByteArray path = isStandard ? QByteArrayLiteral("standard input") : fileBytes(name);
    if (isStandard) {
        if (!file.open(stdin, QIODevice::ReadOnly))
            return fail(QByteArray("read standard input: " + file.errorString().toUtf8()));
    } else {
        if (name.isEmpty() || !fileExists(name))
            return fail(QByteArray("open " + path + ": no such file or directory"));
        if (QFileInfo(name).isDir())
            return fail(QByteArray("read " + path + ": is a directory"));
        if (const QString reason = openFile(file, name); !reason.isEmpty())
            return fail(QByteArray("open " + path + ": " + reason.toUtf8().toLower()));
    }
    QByteArray bytes;
    // By the piece: devices and pipes tell no size, and some have no end.
    for (QByteArray piece = file.read(readPiece); !piece.isEmpty(); piece = file.read(readPiece)) {
        if (bytes.size() + piece.size() > longestInput)
            return fail(QByteArray("read " + path + ": larger than " + QByteArray::number(longestInput / MiB) + " MiB"));
        bytes += piece;
    }
    if (file.error() != QFileDevice::NoError)
        return fail(QByteArray("read " + path + ": " + file.errorString().toUtf8().toLower()));
    return bytes;
}

Result<Configuration, ConfigurationError> loadConfiguration(const QString &name, bool gatewayEnv, Session &session)
{
    Configuration result;
    result.isDemo = name == demoName;
    result.name = displayName(name);
    QByteArray source;
    if (result.isDemo) {
        source = playground::demoConfiguration();
    } else if (const Session::Source *given = session.source(name)) {
        source = given->text;
        result.rendered = given->rendered;
    } else {
        const auto bytes = readInput(name);
        if (!bytes) {
            const gateway::ConfigError error{gateway::ConfigError::Unreadable, bytes.error(), {}, -1};
            return fail(ConfigurationError{text::sentence(error, result.name, {}), error, true});
        }
        source = bytes.value();
    }
    const gateway::Completed completed = gateway::completeFragment(source);
    if (completed.kind != gateway::Completed::Whole)
        session.remark(fragmentNotice(result.name, source, completed));
    result.text = completed.kind == gateway::Completed::Whole ? source : completed.text;

    // Standard input has no ending, and is JSON, as for the gateway any unknown ending is.
    const bool isJson = name == QLatin1String("-") || result.isDemo || result.rendered;
    const QString format = isJson ? QStringLiteral("krakend.json") : name;
    auto service = gateway::load(result.text, format, gatewayEnv ? gatewayEnvironment() : gateway::Environment());
    if (!service) {
        const gateway::ConfigError &error = service.error();
        const bool unusable = error.kind == gateway::ConfigError::Unreadable || error.kind == gateway::ConfigError::NotReadYet ||
                              error.offset >= 0 || source.trimmed().isEmpty();
        return fail(ConfigurationError{text::sentence(error, result.name, result.text), error, unusable});
    }
    result.service = std::make_shared<const gateway::ServiceConfig>(std::move(service).value());
    if (const QString other = text::schemaReleaseNotice(gateway::schemaRelease(result.text), result.name); !other.isEmpty())
        session.remark(other);
    return result;
}

std::optional<Prepared> prepare(const RequestOptions &options, Session &session, Refusal refusal)
{
    const auto refuse = [&](const QString &sentence) {
        session.fail(Unusable, sentence);
        return std::nullopt;
    };
    if (options.config == QLatin1String("-") && options.data == QByteArrayLiteral("-"))
        return refuse(Input::tr("--config - and --data - cannot both be standard input"));

    auto configuration = loadConfiguration(options.config, options.gatewayEnv, session);
    if (!configuration) {
        const ConfigurationError &error = configuration.error();
        if (refusal != Refusal::AsOutcome) {
            session.fail(error.unusable ? Unusable : Negative, error.sentence);
            return std::nullopt;
        }
        twin::Outcome outcome = twin::outcomeOfConfigError(error.error);
        for (const QString &remark : session.remarks())
            outcome.notes.push_back(remark.toUtf8());
        if (options.json)
            session.out(outcomeJson(outcome) + '\n');
        else if (!error.unusable)
            session.out(text::verdict(outcome).toUtf8() + '\n');
        session.notice(error.sentence);
        session.finish(error.unusable ? Unusable : Negative);
        return std::nullopt;
    }
    Prepared prepared;
    prepared.configuration = std::move(configuration).value();
    const gateway::ServiceConfig &service = *prepared.configuration.service;

    if (service.endpoints.empty() && refusal == Refusal::AsOutcome) {
        answerWithoutEndpoints(prepared.configuration, options, session);
        return std::nullopt;
    }
    const auto target = chooseTarget(prepared.configuration, options, refusal, session);
    if (!target)
        return std::nullopt;
    prepared.endpoint = target->endpoint;
    prepared.unmatched = target->unmatched;
    const gateway::EndpointConfig &chosen = service.endpoints[target->endpoint];

    auto bindings = parseBindings(options.binds, prepared.configuration.isDemo);
    if (!bindings)
        return refuse(bindings.error());
    prepared.bindings = std::move(bindings).value();
    const auto forDemo = [](const QByteArray &text) { return text.startsWith("demo="); };
    const auto generic = prepared.configuration.isDemo ? std::count_if(options.binds.begin(), options.binds.end(), forDemo) : 0;
    warnOfIdleBindings(prepared.configuration, prepared.bindings, options.binds.size() - std::size_t(generic), session);

    // A path as a client asks for it stands as it is; the endpoint's own is filled.
    const QByteArray asked = options.endpoint.isEmpty() || options.endpoint.contains('{') ? chosen.path : options.endpoint;
    const bool own = asked == chosen.path || '/' + asked == chosen.path;
    auto path = own ? fillPath(gateway::encodedPath(chosen.path), options.params)
                    : fillPath(asked.startsWith('/') ? asked : '/' + asked, options.params);
    if (!path)
        return refuse(path.error());
    twin::ClientRequest &request = prepared.request;
    request.method = !options.method.isEmpty() ? options.method.toUpper() : target->method.isEmpty() ? chosen.method : target->method;
    request.target = path.value();
    // `/i/{id}` filled with what another endpoint has as fixed text is that one's request.
    const auto parsed = twin::parseTarget(request.target);
    if (const gateway::EndpointConfig *taking = parsed ? gateway::endpointTaking(service, request.method, parsed->path) : nullptr;
        taking && taking != &chosen) {
        prepared.endpoint = std::size_t(taking - service.endpoints.data());
        session.remark(
            Input::tr("%1 with these parameters is taken by the endpoint %2").arg(text::inert(chosen.path), text::inert(taking->path)));
    }
    QByteArray separator = "?";
    for (const QByteArray &query : options.query) {
        const qsizetype equals = query.indexOf('=');
        request.target += separator + (equals < 0 ? encoded(query) : encoded(query.left(equals)) + '=' + encoded(query.mid(equals + 1)));
        separator = "&";
    }
    request.host = "localhost:" + QByteArray::number(service.port);

    auto headers = parseHeaders(options.headers);
    if (!headers)
        return refuse(headers.error());
    request.headers = std::move(headers).value();
    twin::settleHost(request);
    if (options.data) {
        auto data = readData(*options.data);
        if (!data)
            return refuse(data.error());
        request.body = std::move(data).value();
    } else if (prepared.configuration.isDemo && chosen.path == "/token") {
        request.body = playground::demoRequestBody();
    }
    if ((options.data || !request.body.isEmpty()) && !request.headers.contains("Content-Type"))
        request.headers.append("Content-Type", "application/json");
    return prepared;
}

} // namespace tokenlab::cli
