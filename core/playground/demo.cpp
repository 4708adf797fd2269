#include "core/playground/demo.h"

#include "core/playground/certificates.h"
#include "core/playground/faultyreplies.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>
#include <QUrlQuery>
#include <QUuid>

// Q_INIT_RESOURCE declares a function of the global namespace.
static void initDemoResources()
{
    Q_INIT_RESOURCE(demo);
}

namespace tokenlab::playground {

namespace {

constexpr qint64 TokenLifetime = 3600;
constexpr qint64 RefreshLifetime = 30 * 24 * 3600;

QByteArray resource(const char *name)
{
    initDemoResources();
    QFile file(QStringLiteral(":/tokenlab/demo/") + QLatin1String(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Script json(int status, const QByteArray &body)
{
    Script script;
    script.status = status;
    script.headers.append("Content-Type", "application/json");
    script.body = body;
    return script;
}

Script error(int status, const QByteArray &text)
{
    return json(status, "{\"error\":\"" + text + "\"}");
}

Script text(const QByteArray &body)
{
    Script script;
    script.headers.append("Content-Type", "text/plain; charset=utf-8");
    script.body = body;
    return script;
}

// Members of a JSON object or of a form. The manual's curl call posts JSON under a form's content type, so the body decides.
std::optional<QHash<QString, QString>> fields(const QByteArray &body)
{
    QHash<QString, QString> out;
    if (body.trimmed().startsWith('{')) {
        const QJsonDocument document = QJsonDocument::fromJson(body);
        if (!document.isObject())
            return std::nullopt;
        const QJsonObject object = document.object();
        for (auto it = object.begin(); it != object.end(); ++it)
            out.insert(it.key(), it.value().toString());
        return out;
    }
    const QList<QByteArray> pairs = body.split('&');
    for (QByteArray pair : pairs) {
        pair.replace('+', ' ');
        const qsizetype equals = pair.indexOf('=');
        if (equals > 0)
            out.insert(QString::fromUtf8(QByteArray::fromPercentEncoding(pair.first(equals))),
                       QString::fromUtf8(QByteArray::fromPercentEncoding(pair.sliced(equals + 1))));
    }
    return out;
}

QByteArray claims(Instant now, qint64 lifetime, bool withRoles)
{
    const QByteArray jti = QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
    QByteArray out = "{\n    \"aud\": \"https://your.krakend.io\",\n    \"iss\": \"https://your-backend\",\n"
                     "    \"sub\": \"1234567890qwertyuio\",\n    \"jti\": \"" +
                     jti + "\",\n";
    if (withRoles)
        out += "    \"roles\": [\"role_a\", \"role_b\"],\n";
    return out + "    \"iat\": " + QByteArray::number(now.secondsSinceEpoch) +
           ",\n    \"exp\": " + QByteArray::number(now.secondsSinceEpoch + lifetime) + "\n  }";
}

Script tokens(Instant now)
{
    return json(200, "{\n  \"access_token\": " + claims(now, TokenLifetime, true) +
                         ",\n  \"refresh_token\": " + claims(now, RefreshLifetime, false) +
                         ",\n  \"exp\": " + QByteArray::number(now.secondsSinceEpoch + TokenLifetime) + "\n}\n");
}

Script session()
{
    Script script = json(200, "{\"message\":\"Welcome, john. Your session is in the cookie.\"}");
    script.headers.append("Set-Cookie",
                          "session=" + QUuid::createUuid().toByteArray(QUuid::WithoutBraces) + "; Path=/; HttpOnly; SameSite=Lax");
    return script;
}

enum class LoginAnswer { Tokens, Cookie };

Script login(const ServerRequest &request, LoginAnswer answer, Instant now)
{
    const auto given = fields(request.body);
    if (!given)
        return error(400, "the body is neither a JSON object nor a form");
    if (given->value(QStringLiteral("user")) != QLatin1String("john") || given->value(QStringLiteral("pass")) != QLatin1String("doe"))
        return error(401, "wrong user or password");
    return answer == LoginAnswer::Tokens ? tokens(now) : session();
}

Script refresh(const ServerRequest &request, Instant now)
{
    // Whether the token is good is the gateway's business (auth/validator); without any there is nothing to refresh.
    const auto given = fields(request.body);
    const QByteArray authorization = request.headers.first("Authorization").value_or(QByteArray());
    if ((!given || given->value(QStringLiteral("refresh_token")).isEmpty()) && !authorization.toLower().startsWith("bearer "))
        return error(401, "no refresh_token in the body and no bearer token");
    return tokens(now);
}

QByteArray overview(const QByteArray &origin)
{
    return "Token Lab playground: a login backend for trying the signer\n"
           "\n"
           "POST /token-issuer          {\"user\":\"john\",\"pass\":\"doe\"} (JSON or form): token payload\n"
           "POST /token-issuer?token=false, POST /login: the classic answer, a session cookie\n"
           "POST /login?token=true      token payload\n"
           "POST /refresh               refresh_token in the body, or a bearer token: new token payload\n"
           "GET  /account               something for auth/validator to guard\n"
           "GET  /jwk/symmetric.json    the manual's key sim2\n"
           "GET  /jwk/private.json      throw-away keys: RSA, P-256, P-384, P-521, Ed25519, oct\n"
           "GET  /jwk/public.json       their public halves\n"
           "\n"
           "curl -d '{\"user\":\"john\",\"pass\":\"doe\"}' " +
           origin + "/token-issuer\n";
}

// For its owner alone; the system's words where it fails.
QString written(const QString &name, const QByteArray &content)
{
    QFile file(name);
    if (file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
        file.write(content) == content.size() && file.flush())
        return {};
    return file.errorString();
}

} // namespace

struct DemoBackend::Private {
    // Both families: `localhost` may lead to either.
    struct Listener {
        std::unique_ptr<Server> v4, v6;

        explicit Listener(const Server::Handler &handler) : v4(std::make_unique<Server>(handler)), v6(std::make_unique<Server>(handler)) {}
        // tls: nullptr, plain HTTP.
        [[nodiscard]] Result<quint16, Server::ListenError> listen(quint16 port, const QSslConfiguration *tls) const
        {
            auto opened = tls ? v4->listenTls(*tls, port) : v4->listen(port);
            if (!opened)
                return opened;
            const QHostAddress six(QHostAddress::LocalHostIPv6);
            // A machine without IPv6, or whose port is taken there, has the other.
            (void)(tls ? v6->listenTls(*tls, *opened, six) : v6->listen(*opened, six));
            return opened;
        }
        void close() const
        {
            v4->close();
            v6->close();
        }
        void setHangsUp(bool hangsUp) const
        {
            v4->setHangsUp(hangsUp);
            v6->setHangsUp(hangsUp);
        }
    };

    std::function<Instant()> clock;
    FaultSet faults;
    FaultyReplies replies;
    std::unique_ptr<Listener> http, https;
    quint16 httpPort = 0, httpsPort = 0; // 0: not started
    std::optional<Certificates> certificates;
    std::optional<PlaygroundTls> tls;

    [[nodiscard]] Script answer(const ServerRequest &request, bool overTls)
    {
        const QString path = QUrl::fromEncoded(request.target).path();
        if (path.startsWith(QLatin1String("/jwk/")))
            return replies.ofKeyHost(faults, request, goodAnswer(request), overTls ? http->v4->origin() : QByteArray());
        if (path == QLatin1String("/token-issuer") || path == QLatin1String("/login") || path == QLatin1String("/refresh"))
            return replies.ofLogin(faults, goodAnswer(request));
        return goodAnswer(request);
    }

    [[nodiscard]] Script goodAnswer(const ServerRequest &request) const
    {
        const QUrl target = QUrl::fromEncoded(request.target);
        const QString path = target.path();
        const QString wish = QUrlQuery(target).queryItemValue(QStringLiteral("token"));
        const bool post = request.method == "POST";
        const bool get = request.method == "GET" || request.method == "HEAD";
        const auto only = [](bool fits, const char *allowed, const std::function<Script()> &make) {
            if (fits)
                return make();
            Script script = error(405, QByteArray("use ") + allowed);
            script.headers.append("Allow", allowed);
            return script;
        };
        const Instant now = clock ? clock() : systemNow();
        if (path == QLatin1String("/token-issuer"))
            return only(post, "POST",
                        [&] { return login(request, wish == QLatin1String("false") ? LoginAnswer::Cookie : LoginAnswer::Tokens, now); });
        if (path == QLatin1String("/login"))
            return only(post, "POST",
                        [&] { return login(request, wish == QLatin1String("true") ? LoginAnswer::Tokens : LoginAnswer::Cookie, now); });
        if (path == QLatin1String("/refresh"))
            return only(post, "POST", [&] { return refresh(request, now); });
        if (path == QLatin1String("/account"))
            return only(get, "GET", [] { return json(200, "{\"user\":\"john\",\"sub\":\"1234567890qwertyuio\",\"plan\":\"demo\"}"); });
        for (const char *name : {"symmetric.json", "private.json", "public.json"}) {
            if (path == QLatin1String("/jwk/") + QLatin1String(name))
                return only(get, "GET", [&] { return json(200, resource(name)); });
        }
        if (path.isEmpty() || path == QLatin1String("/"))
            return only(get, "GET", [&] { return text(overview(http->v4->origin())); });
        return error(404, "nothing is here; GET / lists what there is");
    }

    [[nodiscard]] Result<void, Server::ListenError> openHttps()
    {
        if (httpsPort == 0)
            return {};
        const auto configuration = certificates->configuration(faults);
        if (!configuration)
            return fail(Server::ListenError{QString::fromLatin1(configuration.error().step)});
        const bool plain = faults.contains(Fault::NotTls) || faults.contains(Fault::HangUp);
        https->setHangsUp(faults.contains(Fault::HangUp));
        if (const auto opened = https->listen(httpsPort, plain ? nullptr : &*configuration); !opened)
            return fail(opened.error());
        return {};
    }

    // As the faults have it; false where a port could not be opened again.
    [[nodiscard]] bool isOpen() const
    {
        const auto fits = [this](quint16 port, const Listener &listener) {
            return port == 0 || listener.v4->isListening() || faults.contains(Fault::KeyHostDown);
        };
        return fits(httpPort, *http) && fits(httpsPort, *https);
    }

    // Everything anew: a listener cannot change between TLS and none, and a port that stays open would show its old certificate on the
    // connections that stand.
    [[nodiscard]] Result<void, Server::ListenError> reopen()
    {
        https->close();
        if (faults.contains(Fault::KeyHostDown)) {
            http->close();
            return {};
        }
        if (httpPort != 0 && !http->v4->isListening()) {
            if (const auto opened = http->listen(httpPort, nullptr); !opened)
                return fail(opened.error());
        }
        return openHttps();
    }
};

DemoBackend::DemoBackend(std::function<Instant()> clock, QObject *parent) : QObject(parent), m_d(std::make_unique<Private>())
{
    m_d->clock = std::move(clock);
    m_d->http = std::make_unique<Private::Listener>([d = m_d.get()](const ServerRequest &request) { return d->answer(request, false); });
    m_d->https = std::make_unique<Private::Listener>([d = m_d.get()](const ServerRequest &request) { return d->answer(request, true); });
}

DemoBackend::~DemoBackend() = default;

Result<quint16, Server::ListenError> DemoBackend::start(quint16 port, bool orAnyFree)
{
    auto started = m_d->http->listen(port, nullptr);
    if (!started && orAnyFree && port != 0)
        started = m_d->http->listen(0, nullptr);
    if (!started)
        return started;
    m_d->httpPort = *started;
    if (m_d->faults.contains(Fault::KeyHostDown))
        m_d->http->close();
    return started;
}

QByteArray DemoBackend::origin() const
{
    return m_d->http->v4->origin();
}

Result<quint16, Server::ListenError> DemoBackend::startHttps(quint16 port, bool orAnyFree, const QString &folder)
{
    auto certificates = Certificates::make();
    if (!certificates)
        return fail(Server::ListenError{QString::fromLatin1(certificates.error().step)});
    m_d->certificates = std::move(certificates).value();
    const auto configuration = m_d->certificates->configuration(m_d->faults);
    if (!configuration)
        return fail(Server::ListenError{QString::fromLatin1(configuration.error().step)});
    auto started = m_d->https->listen(port, &*configuration);
    if (!started && orAnyFree && port != 0)
        started = m_d->https->listen(0, &*configuration);
    if (!started)
        return started;
    m_d->httpsPort = *started;

    PlaygroundTls tls;
    tls.origin = m_d->https->v4->origin();
    tls.caPem = m_d->certificates->caPem();
    tls.leafPin = m_d->certificates->leafPin();
    tls.caPin = m_d->certificates->caPin();
    if (!folder.isEmpty()) {
        tls.caFile = folder + QLatin1String("/ca.pem");
        tls.configurationFile = folder + QLatin1String("/krakend.json");
        for (const auto &[name, content] :
             {std::pair(tls.caFile, tls.caPem), std::pair(tls.configurationFile, demoConfigurationOverTls(tls.origin, tls.caFile))}) {
            if (const QString trouble = written(name, content); !trouble.isEmpty()) {
                m_d->https->close();
                m_d->httpsPort = 0;
                return fail(Server::ListenError{name + QLatin1String(": ") + trouble});
            }
        }
    }
    m_d->tls = tls;
    if (const auto opened = m_d->reopen(); !opened)
        return fail(opened.error());
    return started;
}

const std::optional<PlaygroundTls> &DemoBackend::tls() const
{
    return m_d->tls;
}

Result<void, Server::ListenError> DemoBackend::setFaults(const FaultSet &faults)
{
    const bool same = faults == m_d->faults;
    if (same && m_d->isOpen())
        return {};
    const bool portsChange = m_d->faults.of(FaultGroup::Certificate) != faults.of(FaultGroup::Certificate) ||
                             m_d->faults.of(FaultGroup::Port) != faults.of(FaultGroup::Port);
    m_d->faults = faults;
    m_d->replies.forget();
    const auto opened = portsChange || same ? m_d->reopen() : Result<void, Server::ListenError>();
    if (!same)
        Q_EMIT faultsChanged();
    return opened;
}

Result<void, Server::ListenError> DemoBackend::setFault(Fault fault, bool on)
{
    FaultSet changed = m_d->faults;
    on ? changed.add(fault) : changed.remove(fault);
    return setFaults(changed);
}

const FaultSet &DemoBackend::faults() const
{
    return m_d->faults;
}

bool DemoBackend::keysRotated() const
{
    return m_d->replies.keysRotated(m_d->faults);
}

void DemoBackend::setPace(const FaultPace &pace)
{
    m_d->replies.setPace(pace.slowMs, pace.dripMs, pace.rotateMs);
}

QByteArray demoConfiguration()
{
    return resource("krakend.json");
}

std::vector<std::pair<QByteArray, QByteArray>> demoBindings(const QByteArray &origin)
{
    return {{"https://backend", origin}, {"http://your-backend", origin}};
}

QByteArray demoConfigurationOverTls(const QByteArray &origin, const QString &caFile)
{
    const QByteArray quoted = QJsonDocument(QJsonArray{caFile}).toJson(QJsonDocument::Compact); // `["…"]`
    QByteArray text = demoConfiguration();
    text.replace("https://backend", origin);
    text.replace("http://your-backend/", origin + '/');
    text.replace("\"disable_jwk_security\": true", "\"jwk_local_ca\": " + quoted.sliced(1, quoted.size() - 2));
    text.replace("\"endpoints\": [",
                 "\"client_tls\": {\n    \"ca_certs\": " + quoted + ",\n    \"min_version\": \"TLS12\"\n  },\n  \"endpoints\": [");
    return text;
}

QByteArray demoRequestBody()
{
    return resource("login.json");
}

} // namespace tokenlab::playground
