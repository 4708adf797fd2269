#include "core/net/connection.h"

#include "core/net/closewitness.h"
#include "core/net/environment.h"
#include "core/net/firstrecord.h"
#include "core/net/replyreader.h"
#include "core/net/requestwriter.h"
#include "core/net/tlsclient.h"
#include "core/support/address.h"

#include <QElapsedTimer>
#include <QHostInfo>
#include <QNetworkProxy>
#include <QSslCertificate>
#include <QSslCipher>
#include <QSslSocket>
#include <QTimer>

#include <algorithm>

namespace tokenlab::net {

using http::TransportError;

namespace {

constexpr qint64 ReadBuffer = qint64{256} * 1024;
constexpr std::chrono::milliseconds ProbeTime{2000};
constexpr qint64 ProbeBytes = qint64{64} * 1024;
constexpr std::chrono::milliseconds HandshakeTime{10000}; // the gateway's, of every client of it
constexpr std::chrono::microseconds ShortestDial{200};    // what is shorter is over before a connection can be made

QByteArray bracketed(const QByteArray &address)
{
    return address.contains(':') ? '[' + address + ']' : address;
}

QByteArray printed(const QHostAddress &address)
{
    bool isIpv4 = false;
    const quint32 number = address.toIPv4Address(&isIpv4);
    return bracketed((isIpv4 ? QHostAddress(number) : address).toString().toLatin1());
}

QByteArray hostAndPort(const Url &url)
{
    return bracketed(url.hostName()) + ':' + QByteArray::number(url.port());
}

double milliseconds(const QElapsedTimer &timer)
{
    return double(timer.nsecsElapsed()) / 1e6;
}

QByteArray protocolName(QSsl::SslProtocol protocol)
{
    switch (protocol) {
    case QSsl::TlsV1_3:
        return QByteArrayLiteral("TLSv1.3");
    case QSsl::TlsV1_2:
        return QByteArrayLiteral("TLSv1.2");
    default:
        return {};
    }
}

bool isSocks(const std::optional<Url> &proxy)
{
    return proxy && proxy->scheme.startsWith("socks5");
}

} // namespace

struct Connection::Private {
    enum class Phase { Idle, Dialling, Asking, Handshake, Ready, Over };

    Connection *q;
    Url url;
    std::optional<Url> proxy;
    ExchangePolicy policy;
    QTcpSocket *socket = nullptr; // a QSslSocket for https
    CloseWitness witness;
    HopReport report;
    QElapsedTimer phaseTime;
    QByteArray ends; // `local->peer`, for errors of reading
    QTcpSocket *probe = nullptr;
    QTimer limit; // of the phase
    int lookup = -1;
    Phase phase = Phase::Idle;
    QList<QHostAddress> addresses;
    qsizetype next = 0;
    quint16 port = 0;
    QByteArray dialled;                      // host:port as the gateway names it in an error
    std::optional<TransportError> dialError; // the first address's, which is the one that counts
    std::unique_ptr<ReplyReader> tunnel;     // the proxy's answer to CONNECT

    [[nodiscard]] bool isSecure() const { return url.scheme == "https"; }
    // The configured limit of dialling; only backends have one.
    [[nodiscard]] bool limitsDialling() const { return !policy.stages && policy.dial.count() != 0; }
    [[nodiscard]] QByteArray lookupTimeout() const
    {
        return (proxy ? "proxyconnect tcp: dial tcp: lookup " : "dial tcp: lookup ") + dialled.first(dialled.lastIndexOf(':')) +
               ": i/o timeout";
    }
    [[nodiscard]] QByteArray dialText() const { return (proxy ? "proxyconnect tcp: dial tcp " : "dial tcp ") + dialled + ": "; }

    void fail(TransportError::Kind kind, const QByteArray &text)
    {
        if (phase == Phase::Over)
            return;
        shut();
        Q_EMIT q->failed(TransportError{kind, text, {}});
    }

    void shut()
    {
        phase = Phase::Over;
        limit.stop();
        if (lookup >= 0)
            QHostInfo::abortHostLookup(lookup);
        lookup = -1;
        for (QTcpSocket *one : {std::exchange(socket, nullptr), std::exchange(probe, nullptr)}) {
            if (!one)
                continue;
            one->disconnect();
            one->abort();
            one->deleteLater();
        }
        witness.drop();
    }

    [[nodiscard]] QByteArray resetText() const { return "read tcp " + ends + ": read: connection reset by peer"; }

    void dial();
    void resolved(const QHostInfo &info);
    void connectNext();
    void onConnected();
    void onTunnel();
    void shakeHands();
    void onEncrypted();
    void becomeReady();
    void onError(QAbstractSocket::SocketError error);
    void onLimit();
    void onReadable();
    void finishReading(QAbstractSocket::SocketError error, const QString &text);
    void probeFirstRecord(const TransportError &otherwise);
};

// The gateway's rules for what may be dialled; Qt would accept more.
void Connection::Private::dial()
{
    const Url &target = proxy ? *proxy : url;
    const QByteArray host = target.hostName();
    const bool plainSocks = isSocks(proxy) && target.portText().isEmpty();
    const int number = plainSocks ? 1080 : target.port();
    const QByteArray portText = target.portText().isEmpty() ? QByteArray::number(number) : target.portText();
    if (number < 0)
        return fail(TransportError::Other, "dial tcp: address " + portText + ": invalid port");
    port = quint16(number);
    if (policy.stages)
        limit.start(policy.stages->dial);
    const bool tooLate = limitsDialling() && policy.dial < ShortestDial;
    if (limitsDialling() && !tooLate)
        limit.start(std::chrono::ceil<std::chrono::milliseconds>(policy.dial));
    if (host.isEmpty() || isIpv4(host) || isIpv6(host)) {
        QByteArray plain = host;
        if (plain.startsWith("::ffff:") && isIpv4(plain.sliced(7)))
            plain = plain.sliced(7);
        dialled = bracketed(plain) + ':' + portText;
        addresses = {host.isEmpty() ? QHostAddress(QHostAddress::LocalHost) : QHostAddress(QString::fromLatin1(plain))};
        if (tooLate)
            return fail(TransportError::Unreachable, dialText() + "i/o timeout");
        return connectNext();
    }
    const bool isAscii = std::all_of(host.cbegin(), host.cend(), [](char c) { return uchar(c) < 0x80; });
    const QByteArray name = isAscii ? host : QUrl::toAce(QString::fromUtf8(host));
    if (!isDomainName(name))
        return fail(TransportError::Dns, "dial tcp: lookup " + (name.isEmpty() ? host : name) + ": no such host");
    // `0x7f.1` is an address to Qt and to the system, and a name to the gateway.
    QUrl asQt;
    asQt.setHost(QString::fromLatin1(name));
    if (name == "." || isIpv4(asQt.host().toLatin1()))
        return fail(TransportError::Dns, "dial tcp: lookup " + name + nameServerSuffix() + ": no such host");
    dialled = name + ':' + portText;
    if (tooLate)
        return fail(TransportError::Dns, lookupTimeout());
    phaseTime.start();
    lookup = QHostInfo::lookupHost(QString::fromLatin1(name), q, [this](const QHostInfo &info) { resolved(info); });
}

void Connection::Private::resolved(const QHostInfo &info)
{
    lookup = -1;
    if (phase == Phase::Over)
        return;
    const QByteArray name = dialled.first(dialled.lastIndexOf(':'));
    if (info.error() != QHostInfo::NoError || info.addresses().isEmpty())
        return fail(TransportError::Dns, "dial tcp: lookup " + name + nameServerSuffix() + ": no such host");
    report.lookupMs = milliseconds(phaseTime);
    addresses = info.addresses();
    connectNext();
}

void Connection::Private::connectNext()
{
    if (next == addresses.size()) {
        const TransportError error = *dialError;
        return fail(error.kind, error.text);
    }
    const QHostAddress address = addresses[next++];
    if (!dialError) {
        const QByteArray portText = dialled.sliced(dialled.lastIndexOf(':') + 1);
        if (!(proxy ? *proxy : url).hostName().isEmpty())
            dialled = printed(address) + ':' + portText;
    }
    if (port == 0) {
        dialError = TransportError{TransportError::Refused, dialText() + "connect: connection refused", {}};
        next = addresses.size();
        return connectNext();
    }
    if (socket) {
        socket->disconnect();
        socket->deleteLater();
    }
    socket = isSecure() ? new QSslSocket(q) : new QTcpSocket(q);
    socket->setReadBufferSize(ReadBuffer);
    QNetworkProxy through(QNetworkProxy::NoProxy);
    if (isSocks(proxy)) {
        through = QNetworkProxy(QNetworkProxy::Socks5Proxy, address.toString(), port);
        if (proxy->user) {
            through.setUser(QString::fromUtf8(proxy->user->name));
            through.setPassword(QString::fromUtf8(proxy->user->password.value_or(QByteArray())));
        }
    }
    socket->setProxy(through);
    report.peer = printed(address) + ':' + QByteArray::number(port);
    phaseTime.start();
    QObject::connect(socket, &QTcpSocket::connected, q, [this] { onConnected(); });
    QObject::connect(socket, &QTcpSocket::readyRead, q, [this] { onReadable(); });
    QObject::connect(socket, &QTcpSocket::errorOccurred, q, [this](QAbstractSocket::SocketError error) { onError(error); });
    if (auto *tls = qobject_cast<QSslSocket *>(socket))
        QObject::connect(
            tls, &QSslSocket::encrypted, q, [this] { onEncrypted(); }, Qt::DirectConnection);
    if (isSocks(proxy))
        socket->connectToHost(QString::fromUtf8(url.hostName()), quint16(std::max(0, url.port())));
    else
        socket->connectToHost(address, port);
}

void Connection::Private::onConnected()
{
    if (phase != Phase::Dialling)
        return;
    if (limitsDialling())
        limit.stop();
    report.connectMs = milliseconds(phaseTime);
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    witness.watch(socket->socketDescriptor());
    ends = printed(socket->localAddress()) + ':' + QByteArray::number(socket->localPort()) + "->" + dialled;
    if (!isSecure())
        return becomeReady();
    if (proxy && !isSocks(proxy)) {
        phase = Phase::Asking;
        tunnel = std::make_unique<ReplyReader>(ReplyReader::Tunnel, 0);
        socket->write(connectBytes(hostAndPort(url), *proxy));
        return;
    }
    shakeHands();
}

void Connection::Private::onTunnel()
{
    // Not a byte more than the head: what follows is TLS.
    while (tunnel->state() == ReplyReader::NeedsHead && socket->bytesAvailable() > 0) {
        const QByteArray seen = socket->peek(ReadBuffer);
        const qsizetype lineEnd = seen.indexOf('\n');
        tunnel->feed(socket->read(lineEnd < 0 ? seen.size() : lineEnd + 1));
    }
    if (tunnel->state() == ReplyReader::NeedsHead)
        return;
    if (tunnel->state() == ReplyReader::Refused)
        return fail(TransportError::NotHttp, tunnel->error());
    if (const StatusLine &status = tunnel->status(); status.status != 200)
        return fail(TransportError::Other, status.hasReason ? status.reason : QByteArray("unknown status code"));
    shakeHands();
}

void Connection::Private::shakeHands()
{
    phase = Phase::Handshake;
    phaseTime.start();
    // With pins the gateway dials and shakes hands within one limit.
    const bool shared = policy.stages && !policy.tls.pins.empty() && !proxy;
    if (!shared)
        limit.start(policy.stages ? policy.stages->handshake : HandshakeTime);
    auto *tls = qobject_cast<QSslSocket *>(socket);
    tls->setSslConfiguration(clientConfiguration(policy.tls));
    tls->setPeerVerifyName(QString::fromUtf8(url.hostName()));
    tls->startClientEncryption();
}

// Nothing of the request has been sent yet.
void Connection::Private::onEncrypted()
{
    if (phase != Phase::Handshake)
        return;
    const auto *tls = qobject_cast<QSslSocket *>(socket);
    const QSslCipher cipher = tls->sessionCipher();
    report.protocol = protocolName(tls->sessionProtocol());
    if (report.protocol.isEmpty())
        report.protocol = cipher.protocolString().toLatin1();
    report.suite = cipher.name().toLatin1();
    const auto chain = tls->peerCertificateChain();
    for (const QSslCertificate &certificate : chain)
        report.certificates.push_back(certificate.toDer());
    report.pinsChecked = !proxy && !policy.tls.pins.empty();
    const auto trouble = peerTrouble(chain, policy.tls, url.hostName(), !proxy);
    report.handshakeMs = milliseconds(phaseTime);
    if (trouble)
        return fail(trouble->kind, trouble->text);
    becomeReady();
}

void Connection::Private::becomeReady()
{
    limit.stop();
    phase = Phase::Ready;
    Q_EMIT q->ready();
}

void Connection::Private::onReadable()
{
    if (phase == Phase::Asking)
        onTunnel();
    else if (phase == Phase::Ready)
        Q_EMIT q->readable();
}

void Connection::Private::onLimit()
{
    if (phase == Phase::Handshake && policy.stages && !policy.tls.pins.empty() && !proxy)
        return fail(TransportError::TlsHandshake, "context deadline exceeded");
    if (phase == Phase::Handshake)
        return fail(TransportError::TlsHandshake, "net/http: TLS handshake timeout");
    if (isSecure() && !policy.tls.pins.empty() && !proxy)
        return fail(TransportError::TlsHandshake, "context deadline exceeded");
    if (limitsDialling() && lookup >= 0)
        return fail(TransportError::Dns, lookupTimeout());
    fail(TransportError::Unreachable, dialText() + "i/o timeout");
}

void Connection::Private::onError(QAbstractSocket::SocketError error)
{
    const QString text = socket->errorString();
    switch (phase) {
    case Phase::Ready:
        return finishReading(error, text);
    case Phase::Asking:
        onTunnel();
        if (phase == Phase::Asking) {
            tunnel->end(witness.wasReset() ? resetText() : QByteArray());
            fail(TransportError::ClosedEarly, tunnel->error());
        }
        return;
    case Phase::Handshake: {
        if (witness.wasReset())
            return fail(TransportError::ClosedEarly, resetText());
        const TransportError trouble = handshakeError(text, policy.tls);
        // Where something came before the end, the gateway says whether it was a whole record.
        if (!proxy && (isUncertain(trouble) || (trouble.kind == TransportError::ClosedEarly && witness.bytesReceived() > 0)))
            return probeFirstRecord(trouble);
        return fail(trouble.kind, trouble.text);
    }
    case Phase::Dialling: {
        const QByteArray lower = text.toUtf8().toLower();
        TransportError trouble{TransportError::Unreachable, dialText() + "connect: no route to host", {}};
        if (isSocks(proxy) && error != QAbstractSocket::ProxyConnectionRefusedError)
            trouble = {TransportError::Other, "socks connect tcp " + dialled + "->" + hostAndPort(url) + ": " + text.toUtf8(), {}};
        else if (error == QAbstractSocket::ConnectionRefusedError || error == QAbstractSocket::ProxyConnectionRefusedError)
            trouble = {TransportError::Refused, dialText() + "connect: connection refused", {}};
        else if (error == QAbstractSocket::SocketTimeoutError)
            trouble.text = dialText() + "i/o timeout";
        else if (lower.contains("network"))
            trouble.text = dialText() + "connect: network is unreachable";
        if (!dialError)
            dialError = trouble;
        return connectNext();
    }
    case Phase::Idle:
    case Phase::Over:
        return;
    }
}

// Qt tells of the end while bytes may still wait to be read.
void Connection::Private::finishReading(QAbstractSocket::SocketError error, const QString &text)
{
    TransportError why{TransportError::ClosedEarly, "EOF", {}};
    const QByteArray lower = text.toUtf8().toLower();
    // With TLS 1.3 a server complains about the client's certificate when the handshake is over for the client.
    if (lower.contains("ssl routines") && lower.contains("alert "))
        why = handshakeError(text, policy.tls);
    else if (error != QAbstractSocket::RemoteHostClosedError || witness.wasReset())
        why.text = resetText();
    while (phase == Phase::Ready && socket->bytesAvailable() > 0) {
        const qint64 before = socket->bytesAvailable();
        Q_EMIT q->readable();
        if (phase == Phase::Ready && socket->bytesAvailable() >= before)
            break; // nobody wants it
    }
    if (phase != Phase::Ready)
        return;
    shut();
    Q_EMIT q->ended(why);
}

// The gateway says what answered the handshake when it was not TLS, and OpenSSL does not: see how the server begins to answer once more.
void Connection::Private::probeFirstRecord(const TransportError &otherwise)
{
    limit.stop();
    probe = new QTcpSocket(q);
    probe->setProxy(QNetworkProxy::NoProxy);
    const auto decide = [this, otherwise](bool ended) {
        if (phase == Phase::Over || !probe)
            return;
        const FirstRecord seen = readFirstRecord(probe->peek(ProbeBytes), ended);
        if (seen.state == FirstRecord::NeedsMore && !ended)
            return;
        if (seen.state != FirstRecord::Wrong)
            return fail(otherwise.kind, otherwise.text);
        fail(seen.text.endsWith("EOF") ? TransportError::ClosedEarly : TransportError::TlsNotTls, seen.text);
    };
    const auto giveUp = [this, otherwise] { fail(otherwise.kind, otherwise.text); };
    QObject::connect(probe, &QTcpSocket::connected, q, [this] { probe->write(clientHello()); });
    QObject::connect(probe, &QTcpSocket::readyRead, q, [decide] { decide(false); });
    QObject::connect(probe, &QTcpSocket::disconnected, q, [decide] { decide(true); });
    QObject::connect(probe, &QTcpSocket::errorOccurred, q, [giveUp](QAbstractSocket::SocketError error) {
        if (error != QAbstractSocket::RemoteHostClosedError)
            giveUp();
    });
    QTimer::singleShot(ProbeTime, probe, giveUp);
    probe->connectToHost(addresses[next - 1], port);
}

Connection::Connection(const Url &url, const std::optional<Url> &proxy, const ExchangePolicy &policy, QObject *parent)
    : QObject(parent), m_d(std::make_unique<Private>())
{
    m_d->q = this;
    m_d->url = url;
    m_d->proxy = proxy;
    m_d->policy = policy;
    m_d->report.url = url.redacted();
    m_d->report.proxy = proxy ? proxy->redacted() : QByteArray();
    m_d->limit.setSingleShot(true);
    connect(&m_d->limit, &QTimer::timeout, this, [this] { m_d->onLimit(); });
}

Connection::~Connection()
{
    m_d->shut();
}

void Connection::open()
{
    m_d->phase = Private::Phase::Dialling;
    m_d->dial();
}

void Connection::write(const QByteArray &bytes)
{
    if (m_d->phase == Private::Phase::Ready)
        m_d->socket->write(bytes);
}

const HopReport &Connection::report() const
{
    return m_d->report;
}

QByteArray Connection::read(qsizetype most)
{
    return m_d->socket ? m_d->socket->read(most) : QByteArray();
}

} // namespace tokenlab::net
