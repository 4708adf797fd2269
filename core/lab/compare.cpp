#include "core/lab/compare.h"

#include "core/lab/clientexchange.h"
#include "core/lab/files.h"
#include "core/lab/gatewaylog.h"
#include "core/lab/privatecopy.h"
#include "core/lab/realgateway.h"
#include "core/playground/server.h"
#include "core/support/url.h"

#include <QDir>
#include <QRegularExpression>

#include <map>

namespace tokenlab::lab {

namespace {

constexpr std::chrono::milliseconds answerReserve{10000}; // beyond the endpoint's own timeout

// A reply as a backend would send it again. None: what the lab keeps of it does not tell all that went over the wire.
std::optional<playground::Script> scriptOf(const twin::BackendExchange &exchange)
{
    if (!exchange.reply || !exchange.reply->ok())
        return std::nullopt;
    const http::Reply &reply = exchange.reply->value();
    if (!reply.bodyError.isEmpty() && !reply.cut)
        return std::nullopt;
    playground::Script script;
    script.status = reply.status;
    script.reason = reply.reason;
    script.body = reply.body;
    const bool chunked = reply.headers.contains("Transfer-Encoding");
    if (chunked && reply.cut)
        return std::nullopt;
    script.chunked = chunked;
    for (const http::Header &header : reply.headers) {
        const QByteArray name = header.name.toLower();
        if (name == "transfer-encoding" || name == "connection" || name == "keep-alive")
            continue;
        if (name == "content-length" &&
            (chunked || (!reply.cut && header.value.trimmed() != QByteArray::number(reply.body.size()) && exchange.sent.method != "HEAD")))
            continue;
        script.headers.append(header.name, header.value);
    }
    return script;
}

QByteArray releaseOf(const QByteArray &log, const http::HeaderList &headers)
{
    static const QRegularExpression starting(QStringLiteral(R"(Starting KrakenD v(\S+))"));
    if (const auto match = starting.match(QString::fromUtf8(log.left(64 * 1024))); match.hasMatch())
        return match.captured(1).toUtf8();
    const QByteArray header = headers.first("X-Krakend").value_or(QByteArray());
    return header.startsWith("Version ") ? header.mid(8).trimmed() : QByteArray();
}

} // namespace

struct Compare::Private {
    Compare *q = nullptr;
    CompareInput input;
    CompareResult result;
    std::vector<std::unique_ptr<playground::Server>> standIns; // by backend; nullptr: none
    std::unique_ptr<playground::Server> keyFiles;
    std::map<QByteArray, QByteArray> servedFiles; // target, path
    PrivateCopy copy;
    RealGateway *gateway = nullptr;
    bool done = false;

    [[nodiscard]] const gateway::EndpointConfig &endpoint() const { return input.run.service->endpoints[input.run.endpoint]; }

    void fails(const twin::GatewayTrouble &trouble)
    {
        if (std::exchange(done, true))
            return;
        Q_EMIT q->failed(trouble);
    }

    void begin()
    {
        if (done)
            return;
        if (input.lab)
            return labAnswered(*input.lab);
        Q_EMIT q->phase(AskingLab);
        auto *run = new Run(input.run, q);
        QObject::connect(run, &Run::finished, q, [this, run](const twin::Outcome &outcome) {
            run->deleteLater();
            labAnswered(outcome);
        });
        run->start();
    }

    void labAnswered(const twin::Outcome &outcome)
    {
        if (done)
            return;
        result.lab = outcome;
        if (!outcome.wholeLog.empty()) // the copy of the file has no level of its own
            result.lab.log = outcome.wholeLog;
        for (const QByteArray &component : outcome.notSimulated)
            result.notes.push_back({twin::CompareNote::NotSimulated, component});
        if (const auto *url = std::get_if<QByteArray>(&input.gateway))
            askElsewhere(*url);
        else
            startGateway(std::get<GatewayProgram>(input.gateway));
    }

    // --- a gateway of ours

    void startGateway(const GatewayProgram &program)
    {
        result.gatewayName = program.displayName();
        result.sameReplies = true;
        std::vector<StandIn> places;
        const auto &backends = endpoint().backends;
        standIns.resize(backends.size());
        for (std::size_t i = 0; i < backends.size(); ++i) {
            const bool isStatic = backends[i].sd.isEmpty() || backends[i].sd == "static";
            const bool asked = i < result.lab.backends.size() && result.lab.backends[i].reply.has_value();
            if (!isStatic || !standIn(i, places)) {
                if (!asked)
                    continue;
                result.sameReplies = false;
                result.notes.push_back({twin::CompareNote::NotReplayed, QByteArray::number(qulonglong(i + 1))});
            }
        }
        const QString directory = input.workingDirectory.isEmpty() ? QDir::currentPath() : input.workingDirectory;
        copy = privateCopy(input.document, *input.run.service, input.run.endpoint, input.run.bindings, places, directory,
                           [this](const QByteArray &path) { return serve(path); });
        GatewaySetup setup;
        setup.program = program;
        setup.document = copy.text;
        setup.workingDirectory = directory;
        setup.files = copy.files;
        setup.gatewayEnvironment = input.gatewayEnvironment;
        setup.startDeadline = input.startDeadline;
        setup.folderParent = input.folderParent;
        Q_EMIT q->phase(StartingGateway);
        gateway = new RealGateway(setup, q);
        QObject::connect(gateway, &RealGateway::failed, q, [this](const twin::GatewayTrouble &trouble) { fails(trouble); });
        QObject::connect(gateway, &RealGateway::listening, q, [this] { askOurs(); });
        QObject::connect(gateway, &RealGateway::ended, q, [this](const RealGateway::End &end) { onEnded(end); });
        gateway->start();
    }

    bool standIn(std::size_t index, std::vector<StandIn> &places)
    {
        std::optional<playground::Script> script;
        if (index < result.lab.backends.size()) {
            script = scriptOf(result.lab.backends[index]);
            if (!script && result.lab.backends[index].reply)
                return false;
            // With this limit it matters how long the backend took.
            if (script && input.run.service->limits.writeNs > 0)
                script->delayMs = int(std::min(60'000.0, result.lab.backends[index].durationMs));
        }
        // A backend that the lab did not ask is not to be asked by the gateway either: watched too.
        if (!script) {
            script.emplace();
            script->status = 500;
        }
        auto server = std::make_unique<playground::Server>([script = *script](const playground::ServerRequest &) { return script; });
        if (!server->listen())
            return false;
        places.push_back({index, server->origin()});
        standIns[index] = std::move(server);
        return true;
    }

    // A jwk_url that is bound to a file: as the lab answers it.
    QByteArray serve(const QByteArray &path)
    {
        if (!keyFiles) {
            keyFiles = std::make_unique<playground::Server>([this](const playground::ServerRequest &request) {
                playground::Script script;
                script.headers.append("Content-Type", "application/json");
                const auto file = servedFiles.find(request.target);
                const auto content = file == servedFiles.end() ? twin::FileSupply(fail(QByteArray())) : readFile(file->second, {});
                script.status = content ? 200 : 404;
                script.body = content ? *content : QByteArray();
                return script;
            });
            if (!keyFiles->listen())
                return path;
        }
        const QByteArray target = "/keys/" + QByteArray::number(qulonglong(servedFiles.size() + 1));
        servedFiles[target] = path;
        return keyFiles->origin() + target;
    }

    [[nodiscard]] std::chrono::milliseconds answerLimit() const
    {
        const auto own = std::chrono::milliseconds(std::max<qint64>(0, endpoint().timeoutNs / 1'000'000));
        return own + answerReserve;
    }

    [[nodiscard]] net::ExchangePolicy answerPolicy() const
    {
        net::ExchangePolicy policy;
        policy.timeout = answerLimit();
        policy.maxBody = input.run.limits.maxBody;
        return policy;
    }

    void askOurs()
    {
        if (done)
            return;
        if (result.lab.verdict == twin::Verdict::DoesNotStart || !result.lab.startError.isEmpty()) {
            gateway->stop(); // that it listens is the difference
            return;
        }
        Q_EMIT q->phase(AskingGateway);
        Url ours;
        ours.scheme = input.run.service->serverTls ? "https" : "http";
        ours.host = "127.0.0.1:" + QByteArray::number(gateway->port());
        net::ExchangePolicy policy = answerPolicy();
        policy.tls.verify = false; // its certificate is for another name, and it is our own child
        auto *exchange = new ClientExchange(ours, input.run.request, policy, q);
        QObject::connect(exchange, &ClientExchange::finished, q, [this, exchange](const net::ExchangeResult &answer) {
            exchange->deleteLater();
            if (done)
                return;
            take(answer);
            Q_EMIT q->phase(StoppingGateway);
            gateway->stop();
        });
        exchange->start();
    }

    void take(const net::ExchangeResult &answer)
    {
        result.gateway.durationMs = answer.durationMs;
        result.gateway.answered = answer.reply.ok();
        if (!answer.reply)
            return;
        const http::Reply &reply = answer.reply.value();
        result.gateway.response.status = reply.status;
        result.gateway.response.headers = reply.headers;
        result.gateway.response.body = copy.restored(reply.body);
        result.gateway.brokenOff = reply.cut;
    }

    void onEnded(const RealGateway::End &end)
    {
        if (done)
            return;
        twin::Observed &seen = result.gateway;
        const QByteArray log = copy.restored(gateway->log());
        seen.wholeLog = log;
        seen.logKnown = true;
        seen.log = endpointLines(log, endpoint().route);
        seen.exitCode = end.exitCode;
        if (!end.listened) {
            seen.start = end.timedOut ? twin::Observed::Silent : end.crashed ? twin::Observed::Crashed : twin::Observed::Ended;
            seen.startText = endText(log);
        }
        for (const auto &server : standIns) {
            twin::BackendSeen &backend = seen.backends.emplace_back();
            if (!server)
                continue;
            backend.watched = true;
            for (const playground::ServerRequest &request : server->received())
                backend.requests.push_back({request.method, request.target, request.headers, request.body});
        }
        if (!end.listened && !log.contains("KRAKEND") && !log.contains("configuration file"))
            return askWhetherKrakend();
        finish();
    }

    // What says nothing as a gateway does may be any program; then there is nothing to compare with.
    void askWhetherKrakend()
    {
        auto *query = new ReleaseQuery(std::get<GatewayProgram>(input.gateway), q);
        QObject::connect(query, &ReleaseQuery::finished, q, [this, query](const Release &release) {
            query->deleteLater();
            if (release)
                return finish();
            twin::GatewayTrouble trouble = release.error();
            if (trouble.kind == twin::GatewayTrouble::NoRelease)
                trouble.kind = twin::GatewayTrouble::NoKrakend;
            fails(trouble);
        });
        query->start();
    }

    // --- a gateway elsewhere

    void askElsewhere(const QByteArray &text)
    {
        const auto url = Url::parse(text);
        if (!url || url->hostName().isEmpty() || url->port() <= 0 || (url->scheme != "http" && url->scheme != "https"))
            return fails({twin::GatewayTrouble::BadUrl, url ? url->redacted() : text, url ? QByteArray() : url.error().reason});
        result.gatewayName = QString::fromUtf8(url->redacted());
        result.notes.push_back({twin::CompareNote::OwnFile, {}});
        if (!result.lab.backends.empty())
            result.notes.push_back({twin::CompareNote::TwoCalls, {}});
        Q_EMIT q->phase(AskingGateway);
        twin::ClientRequest request = input.run.request;
        if (!request.hostGiven)
            request.host = url->host;
        QByteArray base = url->escapedPath();
        while (base.endsWith('/'))
            base.chop(1);
        request.target = base + request.target;
        auto *exchange = new ClientExchange(*url, request, answerPolicy(), q);
        const QByteArray name = url->redacted();
        QObject::connect(exchange, &ClientExchange::finished, q, [this, exchange, name](const net::ExchangeResult &answer) {
            exchange->deleteLater();
            if (done)
                return;
            take(answer);
            const bool reached = answer.reply.ok() || answer.reply.error().kind == http::TransportError::ClosedEarly ||
                                 answer.reply.error().kind == http::TransportError::NotHttp;
            if (!reached) {
                const http::TransportError &error = answer.reply.error();
                return fails({twin::GatewayTrouble::NoAnswer, name,
                              error.kind == http::TransportError::Timeout ? QByteArray("timeout") : error.text});
            }
            finish();
        });
        exchange->start();
    }

    void finish()
    {
        if (std::exchange(done, true))
            return;
        twin::Observed &seen = result.gateway;
        seen.release = releaseOf(seen.wholeLog, seen.response.headers);
        if (!seen.release.isEmpty() && seen.release != "2.13.8")
            result.notes.push_back({twin::CompareNote::OtherRelease, seen.release});
        result.comparison = twin::compare(result.lab, input.run.signer, seen, result.sameReplies);
        Q_EMIT q->finished(result);
    }
};

Compare::Compare(CompareInput input, QObject *parent) : QObject(parent), m_d(std::make_unique<Private>())
{
    m_d->q = this;
    m_d->input = std::move(input);
}

Compare::~Compare()
{
    m_d->done = true;
    delete m_d->gateway; // its signals reach into m_d
}

void Compare::start()
{
    QMetaObject::invokeMethod(
        this, [this] { m_d->begin(); }, Qt::QueuedConnection);
}

void Compare::cancel()
{
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (m_d->done)
                return;
            for (QObject *child : children())
                child->deleteLater();
            m_d->gateway = nullptr;
            m_d->fails({twin::GatewayTrouble::Cancelled, {}, {}});
        },
        Qt::QueuedConnection);
}

Result<std::variant<GatewayProgram, QByteArray>, twin::GatewayTrouble> chooseGateway(const QString &name)
{
    using Chosen = std::variant<GatewayProgram, QByteArray>;
    if (name.startsWith(QLatin1String("http://"), Qt::CaseInsensitive) || name.startsWith(QLatin1String("https://"), Qt::CaseInsensitive))
        return Chosen(name.toUtf8());
    auto program = findGateway(name);
    if (!program)
        return fail(program.error());
    return Chosen(std::move(program).value());
}

} // namespace tokenlab::lab
