#include "core/net/exchange.h"

#include "core/net/environment.h"
#include "core/net/qtmanager.h"
#include "core/net/qtrequest.h"
#include "core/net/redirect.h"
#include "core/net/replyhead.h"
#include "core/net/tlsclient.h"
#include "core/support/address.h"
#include "core/support/logging.h"
#include "core/support/url.h"

#include <QElapsedTimer>
#include <QHostInfo>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPointer>
#include <QTcpSocket>
#include <QTimer>

#include <algorithm>

namespace tokenlab::net {

using http::TransportError;

namespace {

constexpr qsizetype ReadBuffer = qsizetype{1024} * 1024;
constexpr std::chrono::milliseconds ProbeTime{2000};

QByteArray bracketed(const QByteArray &address)
{
    return address.contains(':') ? '[' + address + ']' : address;
}

} // namespace

struct Exchange::Private {
    Exchange *q;
    http::Request request;
    ExchangePolicy policy;

    QTimer deadline;
    QTimer stage; // dialling or shaking hands
    QElapsedTimer elapsed;
    int lookup = -1;
    bool started = false;
    bool done = false;

    std::optional<RedirectRules> redirects;
    Hop hop;
    std::optional<Url> proxy;
    QByteArray dialled; // host:port as the gateway names it in an error
    QPointer<QNetworkAccessManager> manager;
    QPointer<QNetworkReply> reply;
    QPointer<QTcpSocket> probe;
    std::optional<TransportError> trouble; // why we aborted the reply
    std::vector<QByteArray> peerCertificates;
    bool encrypted = false;
    bool wantsGunzip = false;
    QByteArray body;

    explicit Private(Exchange *owner) : q(owner) {}

    void begin();
    void startHop();
    void dial();
    void send();
    void resolved(const QHostInfo &info);
    void startStages();
    void onStage();
    void onAsked();
    void onEncrypted();
    void onMetaData();
    void onReadyRead();
    void onFinished();
    void dropReply();
    void probeForHttp();
    void fail(TransportError::Kind kind, const QByteArray &text);
    void finish(Result<http::Reply, TransportError> result);
    [[nodiscard]] TransportError networkError() const;
    [[nodiscard]] QByteArray dialText() const { return (proxy ? "proxyconnect tcp: dial tcp " : "dial tcp ") + dialled + ": "; }
    [[nodiscard]] http::Reply takeReply(int status, ReplyHead head);
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
    stage.stop();
    if (lookup >= 0)
        QHostInfo::abortHostLookup(lookup);
    dropReply();
    if (probe)
        probe->deleteLater();
    ExchangeResult out{std::move(result), double(elapsed.isValid() ? elapsed.nsecsElapsed() : 0) / 1e6, std::move(peerCertificates)};
    if (!out.reply)
        qCDebug(logNet) << "exchange failed, kind" << int(out.reply.error().kind);
    // Never from inside the caller's own call, nor from inside a signal of the reply.
    QMetaObject::invokeMethod(
        q, [owner = q, out = std::move(out)] { Q_EMIT owner->finished(out); }, Qt::QueuedConnection);
}

void Exchange::Private::dropReply()
{
    bool headless = false;
    if (reply) {
        headless = !reply->isFinished() && !reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).isValid();
        reply->disconnect(q);
        QNetworkReply *old = reply;
        reply.clear();
        old->abort();
        old->deleteLater();
    }
    if (!manager)
        return;
    QNetworkAccessManager *old = manager;
    manager.clear();
    if (headless) {
        bury(old);
    } else {
        old->setParent(nullptr);
        old->deleteLater();
    }
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
    if (hop.url.scheme != "http" && hop.url.scheme != "https")
        return fail(TransportError::UnsupportedScheme, "unsupported protocol scheme " + quoted(hop.url.scheme));
    if (const auto why = badHeader(hop.headers))
        return fail(TransportError::Other, *why);
    if (hop.url.host.isEmpty())
        return fail(TransportError::NoHost, "http: no Host in request URL");
    const auto found = policy.proxy.isEmpty() ? proxyFor(hop.url, processEnvironment()) : parseProxy(policy.proxy);
    if (!found)
        return fail(TransportError::Other, found.error().text);
    proxy = *found;
    if (proxy && proxy->scheme != "http" && !proxy->scheme.startsWith("socks5"))
        return fail(TransportError::Other, "unsupported proxy scheme " + quoted(proxy->scheme));
    dial();
}

// The gateway's rules for what may be dialled; Qt would accept more.
void Exchange::Private::dial()
{
    const Url &target = proxy ? *proxy : hop.url;
    const QByteArray host = target.hostName();
    const int port = target.port();
    const QByteArray portText = target.portText().isEmpty() ? QByteArray::number(port) : target.portText();
    if (port < 0)
        return fail(TransportError::Other, "dial tcp: address " + portText + ": invalid port");
    if (host.isEmpty() || isIpv4(host) || isIpv6(host)) {
        QByteArray plain = host;
        if (plain.startsWith("::ffff:") && isIpv4(plain.sliced(7)))
            plain = plain.sliced(7);
        dialled = bracketed(plain) + ':' + portText;
        if (port == 0)
            return fail(TransportError::Refused, "dial tcp " + dialled + ": connect: connection refused");
        return send();
    }
    const QString unicode = QString::fromUtf8(host);
    const bool isAscii = std::all_of(host.cbegin(), host.cend(), [](char c) { return uchar(c) < 0x80; });
    const QByteArray name = isAscii ? host : QUrl::toAce(unicode);
    if (!isDomainName(name))
        return fail(TransportError::Dns, "dial tcp: lookup " + (name.isEmpty() ? host : name) + ": no such host");
    // `0x7f.1` is an address to Qt and to the system, and a name to the gateway.
    QUrl asQt;
    asQt.setHost(QString::fromLatin1(name));
    if (name == "." || isIpv4(asQt.host().toLatin1()))
        return fail(TransportError::Dns, "dial tcp: lookup " + name + nameServerSuffix() + ": no such host");
    dialled = name + ':' + portText;
    lookup = QHostInfo::lookupHost(QString::fromLatin1(name), q, [this](const QHostInfo &info) { resolved(info); });
}

void Exchange::Private::resolved(const QHostInfo &info)
{
    lookup = -1;
    if (done)
        return;
    const Url &target = proxy ? *proxy : hop.url;
    const QByteArray name = dialled.first(dialled.lastIndexOf(':'));
    if (info.error() != QHostInfo::NoError || info.addresses().isEmpty())
        return fail(TransportError::Dns, "dial tcp: lookup " + name + nameServerSuffix() + ": no such host");
    const QByteArray portText = target.portText().isEmpty() ? QByteArray::number(target.port()) : target.portText();
    dialled = bracketed(info.addresses().constFirst().toString().toLatin1()) + ':' + portText;
    if (target.port() == 0)
        return fail(TransportError::Refused, "dial tcp " + dialled + ": connect: connection refused");
    send();
}

void Exchange::Private::send()
{
    encrypted = false;
    trouble.reset();
    body.clear();
    wantsGunzip = policy.acceptGzip && !hop.headers.contains("Accept-Encoding") && !hop.headers.contains("Range") && hop.method != "HEAD";
    QNetworkRequest qt = qtRequest(hop, policy, wantsGunzip);
    if (!qt.url().isValid())
        return fail(TransportError::BadUrl, "parse " + quoted(request.url) + ": " + qt.url().errorString().toUtf8());

    // A fresh manager a request: its connection cache knows nothing of TLS policies.
    manager = new QNetworkAccessManager(q);
    manager->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    manager->setProxy(proxy ? qtProxy(*proxy, hop.url.scheme == "https") : QNetworkProxy(QNetworkProxy::NoProxy));
    if (hop.method == "GET" && hop.body.isEmpty()) {
        reply = manager->get(qt);
    } else if (hop.method == "HEAD" && hop.body.isEmpty()) {
        reply = manager->head(qt);
    } else {
        qt.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
        qt.setHeader(QNetworkRequest::ContentLengthHeader, hop.body.size());
        reply = manager->sendCustomRequest(qt, hop.method, oneTimeBody(hop.body, manager));
    }
    reply->setReadBufferSize(ReadBuffer);
    QObject::connect(
        reply, &QNetworkReply::encrypted, q, [this] { onEncrypted(); }, Qt::DirectConnection);
    QObject::connect(reply, &QNetworkReply::metaDataChanged, q, [this] { onMetaData(); });
    QObject::connect(reply, &QNetworkReply::readyRead, q, [this] { onReadyRead(); });
    QObject::connect(reply, &QNetworkReply::finished, q, [this] { onFinished(); });
    if (policy.stages)
        startStages();
}

void Exchange::Private::startStages()
{
    deadline.stop(); // of the request before, when this one is a redirect's
    const bool secure = hop.url.scheme == "https";
    if (!secure)
        QObject::connect(reply, &QNetworkReply::requestSent, q, [this] { onAsked(); });
    const bool handshakeAlone = secure && policy.tls.pins.empty();
    stage.start(handshakeAlone ? std::min(policy.stages->handshake, policy.stages->dial) : policy.stages->dial);
}

void Exchange::Private::onAsked()
{
    stage.stop();
    if (!done)
        deadline.start(policy.stages->silence);
}

// Nothing has been sent yet. Qt does not tell whether the connection stands: a second one does.
void Exchange::Private::onStage()
{
    if (done)
        return;
    const bool secure = hop.url.scheme == "https";
    if (secure && !policy.tls.pins.empty())
        return fail(TransportError::TlsHandshake, "context deadline exceeded");
    if (!secure || probe)
        return fail(TransportError::Unreachable, dialText() + "i/o timeout");
    probe = new QTcpSocket(q);
    probe->setProxy(QNetworkProxy::NoProxy);
    QObject::connect(probe, &QTcpSocket::connected, q, [this] { fail(TransportError::TlsHandshake, "net/http: TLS handshake timeout"); });
    const Url &target = proxy ? *proxy : hop.url;
    const QByteArray host = target.hostName();
    stage.start(std::max(policy.stages->dial - policy.stages->handshake, std::chrono::milliseconds(0)));
    probe->connectToHost(host.isEmpty() ? QStringLiteral("127.0.0.1") : QString::fromUtf8(host), quint16(target.port()));
}

// Nothing of the request has been sent yet; abort() here sends nothing at all.
void Exchange::Private::onEncrypted()
{
    if (trouble)
        return;
    if (encrypted) {
        // The manager is about to send the request once more behind our back.
        trouble = TransportError{TransportError::ClosedEarly, "EOF", {}};
    } else {
        encrypted = true;
        if (policy.stages)
            onAsked();
        const QList<QSslCertificate> sent = reply->sslConfiguration().peerCertificateChain();
        peerCertificates.clear();
        for (const QSslCertificate &certificate : sent)
            peerCertificates.push_back(certificate.toDer());
        trouble = peerTrouble(sent, policy.tls, hop.url.hostName(), !proxy);
    }
    if (trouble)
        reply->abort();
}

void Exchange::Private::onMetaData()
{
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (trouble || done)
        return;
    // A body that is not coming or does not matter is not waited for: the connection may stay open for ever. The reply still has to say
    // what it is about to say, so not within its own signal.
    const auto head = readReplyHead(reply->rawHeaderPairs());
    const bool isRedirect = status >= 300 && status <= 399;
    if (!head || (status >= 200 && !isRedirect && (hop.method == "HEAD" || reply->rawHeaderPairs().isEmpty()))) {
        QMetaObject::invokeMethod(
            q, [this] { onFinished(); }, Qt::QueuedConnection);
        return;
    }
    if (!isRedirect)
        return;
    std::optional<QByteArray> location;
    if (reply->hasRawHeader("Location"))
        location = reply->rawHeader("Location");
    auto decision = redirects->decide(hop, status, location);
    if (auto *error = std::get_if<TransportError>(&decision))
        return finish(tokenlab::fail(std::move(*error)));
    if (auto *next = std::get_if<Hop>(&decision)) {
        hop = std::move(*next);
        // The body of a redirect is nobody's business; the reply goes outside of its own signal.
        QNetworkReply *old = reply;
        old->disconnect(q);
        QMetaObject::invokeMethod(
            q,
            [this] {
                if (done)
                    return;
                dropReply();
                startHop();
            },
            Qt::QueuedConnection);
    }
}

void Exchange::Private::onReadyRead()
{
    while (!trouble && reply && reply->bytesAvailable() > 0) {
        const qsizetype room = policy.maxBody + 1 - body.size();
        const QByteArray piece = reply->read(std::min<qint64>(room, ReadBuffer));
        if (piece.isEmpty())
            return;
        body += piece;
        if (body.size() > policy.maxBody) {
            fail(TransportError::TooLarge, "the body is larger than " + QByteArray::number(policy.maxBody) + " bytes");
            return;
        }
    }
}

TransportError Exchange::Private::networkError() const
{
    const QNetworkReply::NetworkError error = reply->error();
    const QString text = reply->errorString();
    const QByteArray lower = text.toUtf8().toLower();
    switch (error) {
    case QNetworkReply::ConnectionRefusedError:
    case QNetworkReply::ProxyConnectionRefusedError:
        return {TransportError::Refused, dialText() + "connect: connection refused", {}};
    case QNetworkReply::HostNotFoundError:
    case QNetworkReply::ProxyNotFoundError: {
        const QByteArray name = (proxy ? *proxy : hop.url).hostName();
        return {TransportError::Dns, "dial tcp: lookup " + name + nameServerSuffix() + ": no such host", {}};
    }
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::ContentReSendError:
    case QNetworkReply::ProxyConnectionClosedError:
        if (lower.contains("reset"))
            return {TransportError::ClosedEarly, "read tcp: read: connection reset by peer", {}};
        return {TransportError::ClosedEarly, "EOF", {}};
    case QNetworkReply::SslHandshakeFailedError:
        return handshakeError(text, policy.tls);
    case QNetworkReply::TimeoutError:
    case QNetworkReply::ProxyTimeoutError:
        return {TransportError::Unreachable, dialText() + "i/o timeout", {}};
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
    case QNetworkReply::ProtocolFailure:
        return {TransportError::NotHttp, "net/http: HTTP/1.x transport connection broken: malformed HTTP response", {}};
    default:
        break;
    }
    // With TLS 1.3 a server complains about the client's certificate when the handshake is over for the client.
    if (lower.contains("ssl routines") && lower.contains("alert "))
        return handshakeError(text, policy.tls);
    if (lower.contains("unreachable"))
        return {TransportError::Unreachable,
                dialText() + (lower.contains("network") ? "connect: network is unreachable" : "connect: no route to host"),
                {}};
    return {TransportError::Other, text.toUtf8(), {}};
}

http::Reply Exchange::Private::takeReply(int status, ReplyHead head)
{
    http::Reply out;
    out.status = status;
    out.reason = reply->attribute(QNetworkRequest::HttpReasonPhraseAttribute).toByteArray();
    out.unseen = unseenPart(status, !reply->rawHeaderPairs().isEmpty());
    out.headers = std::move(head.headers);
    out.body = std::move(body);
    out.finalUrl = hop.url.toString();
    const bool bodiless = hop.method == "HEAD" || status == 204 || status == 304;
    const QNetworkReply::NetworkError error = reply->error();
    // Errors from 201 on only repeat the status.
    const bool broken = error != QNetworkReply::NoError && error <= QNetworkReply::UnknownNetworkError;
    out.cut = !bodiless && (broken || head.announced.value_or(0) > out.body.size());
    if (out.cut)
        out.bodyError = "unexpected EOF";
    const bool isGzip = out.headers.first("Content-Encoding").value_or(QByteArray()).compare("gzip", Qt::CaseInsensitive) == 0;
    if (wantsGunzip && isGzip && !bodiless && head.announced != 0) {
        auto unpacked = http::gunzip(out.body, policy.maxBody);
        if (unpacked) {
            out.body = *std::move(unpacked);
        } else {
            out.body = unpacked.error().produced;
            if (out.bodyError.isEmpty() || unpacked.error().tooLarge)
                out.bodyError = unpacked.error().text;
            if (unpacked.error().tooLarge)
                trouble = TransportError{
                    TransportError::TooLarge, "the unpacked body is larger than " + QByteArray::number(policy.maxBody) + " bytes", {}};
        }
        out.headers.remove("Content-Encoding");
        out.headers.remove("Content-Length");
    }
    out.durationMs = double(elapsed.nsecsElapsed()) / 1e6;
    return out;
}

void Exchange::Private::onFinished()
{
    if (done || !reply)
        return;
    onReadyRead();
    if (done)
        return;
    if (!trouble) {
        const QVariant status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute);
        if (status.isValid() && reply->error() != QNetworkReply::OperationCanceledError) {
            auto head = readReplyHead(reply->rawHeaderPairs());
            if (!head)
                return fail(TransportError::NotHttp, head.error());
            http::Reply answer = takeReply(status.toInt(), std::move(*head));
            if (!trouble)
                return finish(std::move(answer));
        } else {
            trouble = networkError();
        }
    }
    if (trouble->kind == TransportError::TlsNotTls && !proxy)
        return probeForHttp();
    fail(trouble->kind, QByteArray(trouble->text));
}

// The gateway says when what answered the handshake was HTTP, and OpenSSL does not: see how the server begins to answer the same noise.
void Exchange::Private::probeForHttp()
{
    probe = new QTcpSocket(q);
    probe->setProxy(QNetworkProxy::NoProxy);
    const auto decide = [this] {
        if (done)
            return;
        if (probe->peek(5) == "HTTP/")
            fail(TransportError::TlsNotTls, "http: server gave HTTP response to HTTPS client");
        else
            fail(trouble->kind, QByteArray(trouble->text));
    };
    QObject::connect(probe, &QTcpSocket::connected, q, [this] { probe->write("\x16\x03\x01\r\n\r\n"); });
    QObject::connect(probe, &QTcpSocket::readyRead, q, [this, decide] {
        if (probe->bytesAvailable() >= 5)
            decide();
    });
    QObject::connect(probe, &QTcpSocket::disconnected, q, decide);
    QObject::connect(probe, &QTcpSocket::errorOccurred, q, decide);
    QTimer::singleShot(ProbeTime, probe, decide);
    const QByteArray host = hop.url.hostName();
    probe->connectToHost(host.isEmpty() ? QStringLiteral("127.0.0.1") : QString::fromUtf8(host), quint16(hop.url.port()));
}

Exchange::Exchange(const http::Request &request, const ExchangePolicy &policy, QObject *parent)
    : QObject(parent), m_d(std::make_unique<Private>(this))
{
    m_d->request = request;
    m_d->policy = policy;
    m_d->deadline.setSingleShot(true);
    m_d->stage.setSingleShot(true);
    connect(&m_d->stage, &QTimer::timeout, this, [this] { m_d->onStage(); });
    connect(&m_d->deadline, &QTimer::timeout, this, [this] { m_d->fail(TransportError::Timeout, "context deadline exceeded"); });
}

Exchange::~Exchange()
{
    m_d->done = true;
    if (m_d->lookup >= 0)
        QHostInfo::abortHostLookup(m_d->lookup);
    m_d->dropReply();
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
