#include "core/net/exchange.h"

#include "core/net/connection.h"
#include "core/net/environment.h"
#include "core/net/redirect.h"
#include "core/net/replyreader.h"
#include "core/net/requestwriter.h"
#include "core/support/logging.h"

#include <QElapsedTimer>
#include <QTimer>

namespace tokenlab::net {

using http::TransportError;

namespace {

constexpr qsizetype Piece = qsizetype{256} * 1024;

} // namespace

struct Exchange::Private {
    Exchange *q;
    http::Request request;
    ExchangePolicy policy;

    QTimer deadline;
    QTimer headLimit; // of the answer's head
    QElapsedTimer elapsed;
    bool started = false;
    bool done = false;

    std::optional<RedirectRules> redirects;
    Hop hop;
    Connection *connection = nullptr; // a fresh one for each request, so nothing is ever sent twice
    std::optional<ReplyReader> reader;
    std::vector<HopReport> hops;
    QElapsedTimer asked;
    double answerMs = -1;
    bool wantsGunzip = false;

    explicit Private(Exchange *owner) : q(owner) {}

    void begin();
    void startHop();
    void send(const std::optional<Url> &proxy);
    void onReadable();
    void onEnded(const TransportError &why);
    void onDeadline();
    void onAnswer();
    [[nodiscard]] bool followsRedirect();
    void dropConnection();
    void fail(TransportError::Kind kind, const QByteArray &text);
    void finish(Result<http::Reply, TransportError> result);
    [[nodiscard]] Result<http::Reply, TransportError> takeReply(const QByteArray &brokenBy = {});
};

void Exchange::Private::fail(TransportError::Kind kind, const QByteArray &text)
{
    finish(tokenlab::fail(TransportError{kind, text, hop.url.redacted()}));
}

void Exchange::Private::finish(Result<http::Reply, TransportError> result)
{
    if (done)
        return;
    done = true;
    deadline.stop();
    headLimit.stop();
    dropConnection();
    ExchangeResult out{std::move(result), double(elapsed.isValid() ? elapsed.nsecsElapsed() : 0) / 1e6, std::move(hops)};
    if (!out.reply)
        qCDebug(logNet) << "exchange failed, kind" << int(out.reply.error().kind);
    // Never from inside the caller's own call, nor from inside a signal of the connection.
    QMetaObject::invokeMethod(
        q, [owner = q, out = std::move(out)] { Q_EMIT owner->finished(out); }, Qt::QueuedConnection);
}

void Exchange::Private::dropConnection()
{
    if (!connection)
        return;
    HopReport report = connection->report();
    report.answerMs = std::exchange(answerMs, -1);
    if (reader && reader->hasHead()) {
        report.status = reader->status().status;
        report.location = reader->headers().first("Location").value_or(QByteArray());
    }
    hops.push_back(std::move(report));
    // Not within its own signal.
    connection->disconnect(q);
    std::exchange(connection, nullptr)->deleteLater();
}

void Exchange::Private::begin()
{
    if (done)
        return;
    auto url = Url::parse(request.url);
    if (!url)
        return finish(tokenlab::fail(TransportError{TransportError::BadUrl, url.error().text, request.url}));
    url->dropEmptyPort();
    hop = Hop{request.method.isEmpty() ? QByteArray("GET") : request.method, *std::move(url), request.headers, request.body};
    redirects.emplace(hop, policy.maxRedirects);
    startHop();
}

void Exchange::Private::startHop()
{
    if (done)
        return;
    if (hop.url.scheme != "http" && hop.url.scheme != "https")
        return fail(TransportError::UnsupportedScheme, "unsupported protocol scheme " + quoted(hop.url.scheme));
    if (const auto why = badHeader(hop.headers))
        return fail(TransportError::Other, *why);
    if (hop.url.host.isEmpty())
        return fail(TransportError::NoHost, "http: no Host in request URL");
    const auto proxy = policy.proxy.isEmpty() ? proxyFor(hop.url, processEnvironment()) : parseProxy(policy.proxy);
    if (!proxy)
        return fail(TransportError::Other, proxy.error().text);
    if (*proxy && (*proxy)->scheme != "http" && !(*proxy)->scheme.startsWith("socks5"))
        return fail(TransportError::Other, "unsupported proxy scheme " + quoted((*proxy)->scheme));

    if (policy.stages)
        deadline.stop(); // of the request before, when this one is a redirect's
    wantsGunzip = policy.acceptGzip && asksForGzip(hop.method, hop.headers);
    reader.emplace(hop.method == "HEAD" ? ReplyReader::HeadAlone : ReplyReader::Body, policy.maxBody);
    connection = new Connection(hop.url, *proxy, policy, q);
    QObject::connect(connection, &Connection::ready, q, [this, through = *proxy] { send(through); });
    QObject::connect(connection, &Connection::failed, q, [this](const TransportError &error) { fail(error.kind, error.text); });
    QObject::connect(connection, &Connection::readable, q, [this] { onReadable(); });
    QObject::connect(connection, &Connection::ended, q, [this](const TransportError &why) { onEnded(why); });
    connection->open();
}

void Exchange::Private::send(const std::optional<Url> &proxy)
{
    WireOptions options;
    options.addGzip = wantsGunzip;
    options.addClose = !policy.keepAlive;
    if (hop.url.scheme == "http" && proxy && proxy->scheme == "http")
        options.proxy = proxy;
    connection->write(requestBytes(hop, options));
    asked.start();
    if (policy.stages)
        deadline.start(policy.stages->silence);
    if (policy.responseHeader.count() > 0)
        headLimit.start(std::chrono::ceil<std::chrono::milliseconds>(policy.responseHeader));
}

void Exchange::Private::onReadable()
{
    while (connection) {
        const QByteArray bytes = connection->read(Piece);
        if (bytes.isEmpty())
            return;
        const bool hadHead = reader->hasHead();
        const auto state = reader->feed(bytes);
        if (state == ReplyReader::Refused)
            return fail(TransportError::NotHttp, reader->error());
        if (!hadHead && reader->hasHead()) {
            answerMs = double(asked.nsecsElapsed()) / 1e6;
            headLimit.stop();
            if (followsRedirect())
                return;
        }
        if (state == ReplyReader::Complete || state == ReplyReader::TooLarge)
            return onAnswer();
    }
}

// The body of a redirect is nobody's business.
bool Exchange::Private::followsRedirect()
{
    const int status = reader->status().status;
    if (status < 300 || status > 399)
        return false;
    auto decision = redirects->decide(hop, status, reader->headers().first("Location"));
    if (std::holds_alternative<RedirectRules::Stay>(decision))
        return false;
    dropConnection();
    if (auto *error = std::get_if<TransportError>(&decision)) {
        finish(tokenlab::fail(std::move(*error)));
        return true;
    }
    hop = std::get<Hop>(std::move(decision));
    QMetaObject::invokeMethod(
        q, [this] { startHop(); }, Qt::QueuedConnection);
    return true;
}

void Exchange::Private::onEnded(const TransportError &why)
{
    if (reader->isUntouched())
        return fail(why.kind, why.text);
    const bool hadHead = reader->hasHead();
    if (reader->end(why.text == "EOF" ? QByteArray() : why.text) == ReplyReader::Refused)
        return fail(TransportError::NotHttp, reader->error());
    if (hadHead || !followsRedirect())
        onAnswer();
}

void Exchange::Private::onDeadline()
{
    // What has come of a body is the backend's answer all the same: a JSON value may be complete.
    if (!policy.stages && reader && reader->state() == ReplyReader::NeedsBody)
        return finish(takeReply("context deadline exceeded"));
    fail(TransportError::Timeout, "context deadline exceeded");
}

void Exchange::Private::onAnswer()
{
    if (reader->state() == ReplyReader::TooLarge)
        return fail(TransportError::TooLarge, "the body is larger than " + QByteArray::number(policy.maxBody) + " bytes");
    finish(takeReply());
}

Result<http::Reply, TransportError> Exchange::Private::takeReply(const QByteArray &brokenBy)
{
    http::Reply out;
    out.status = reader->status().status;
    out.reason = reader->status().reason;
    out.headers = reader->headers();
    out.body = reader->takeBody();
    out.finalUrl = hop.url.toString();
    out.bodyError = brokenBy.isEmpty() ? reader->bodyError() : brokenBy;
    out.cut = !out.bodyError.isEmpty();
    const bool isGzip = out.headers.first("Content-Encoding").value_or(QByteArray()).compare("gzip", Qt::CaseInsensitive) == 0;
    if (wantsGunzip && isGzip && reader->framing().kind != Framing::None) {
        auto unpacked = http::gunzip(out.body, policy.maxBody);
        if (unpacked) {
            out.body = *std::move(unpacked);
        } else {
            if (unpacked.error().tooLarge)
                return tokenlab::fail(TransportError{TransportError::TooLarge,
                                                     "the unpacked body is larger than " + QByteArray::number(policy.maxBody) + " bytes",
                                                     hop.url.redacted()});
            // Where the packed bytes end too early, what ended them is what is seen; nothing packed is nothing.
            const QByteArray text = unpacked.error().text;
            out.body = unpacked.error().produced;
            if (text != "EOF" && (text != "unexpected EOF" || out.bodyError.isEmpty()))
                out.bodyError = text;
        }
        out.headers.remove("Content-Encoding");
        out.headers.remove("Content-Length");
    }
    out.durationMs = double(elapsed.nsecsElapsed()) / 1e6;
    return out;
}

std::vector<QByteArray> ExchangeResult::peerCertificates() const
{
    for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
        if (!hop->certificates.empty())
            return hop->certificates;
    }
    return {};
}

Exchange::Exchange(const http::Request &request, const ExchangePolicy &policy, QObject *parent)
    : QObject(parent), m_d(std::make_unique<Private>(this))
{
    m_d->request = request;
    m_d->policy = policy;
    m_d->deadline.setSingleShot(true);
    connect(&m_d->deadline, &QTimer::timeout, this, [this] { m_d->onDeadline(); });
    m_d->headLimit.setSingleShot(true);
    connect(&m_d->headLimit, &QTimer::timeout, this,
            [this] { m_d->fail(TransportError::Other, "net/http: timeout awaiting response headers"); });
}

Exchange::~Exchange()
{
    m_d->done = true;
    if (m_d->connection)
        m_d->connection->disconnect(this);
}

void Exchange::start()
{
    if (m_d->started || m_d->done)
        return;
    m_d->started = true;
    m_d->elapsed.start();
    if (m_d->policy.timeout.count() > 0)
        m_d->deadline.start(m_d->policy.timeout);
    QMetaObject::invokeMethod(
        this, [this] { m_d->begin(); }, Qt::QueuedConnection);
}

void Exchange::abort()
{
    m_d->fail(TransportError::Cancelled, "context canceled");
}

} // namespace tokenlab::net
