// A look at a host from the window: what is asked and by which configuration, and what was seen, without the secrets that came with it.
#pragma once

#include "core/keys/survey.h"
#include "core/lab/probe.h"
#include "core/text/connection.h"
#include "ui/session.h"

#include <QElapsedTimer>
#include <QPointer>

namespace tokenlab::ui {

struct ConnectionChoice {
    enum Kind { KeyHost, BackendHost, AnyUrl };
    Kind kind = AnyUrl;
    QByteArray host; // the signer's jwk_url, a backend's host, or the URL that was typed
    friend bool operator==(const ConnectionChoice &, const ConnectionChoice &) = default;
};

// Of the chosen endpoint; a URL can always be typed.
[[nodiscard]] std::vector<ConnectionChoice> connectionChoices(const LabSession &session);
[[nodiscard]] QString shownUrl(const QByteArray &url); // a password as ***, inert

// How a URL alone is asked.
struct UrlSettings {
    QString caFile;
    QStringList pins; // as texts
    bool verify = true;
};

struct LookRequest {
    ConnectionChoice choice;
    UrlSettings settings;
    QByteArray endpoint;      // `POST /token`: whose signer or backend it is
    QByteArray configuration; // what the document and the bindings said of it, to be compared
    lab::ProbeTarget target;
    std::vector<lab::Binding> bindings; // those that act
    bool caIsRead = true;               // where a CA file is named: it holds a certificate
    [[nodiscard]] text::GatewayClient client() const;
};

// Why nobody is asked at all.
struct LookRefusal {
    QString sentence;
    QByteArray words; // the gateway's, where there are any
};
// endpoint: `POST /token`; of a key host that is asked again its URL may have become another one.
[[nodiscard]] Result<LookRequest, LookRefusal> lookRequest(const LabSession &session, const ConnectionChoice &choice,
                                                           const QByteArray &endpoint, const UrlSettings &settings);
[[nodiscard]] QByteArray endpointName(const gateway::EndpointConfig *endpoint); // `POST /token`
// Of the same host as now; equal to the request's as long as nothing that it depends on has changed.
[[nodiscard]] QByteArray configurationOf(const LabSession &session, const ConnectionChoice &choice, const QByteArray &endpoint,
                                         const UrlSettings &settings);
// By `POST /token`; nullptr where it is no more.
[[nodiscard]] const gateway::EndpointConfig *endpointNamed(const LabSession &session, const QByteArray &name);

struct SeenAnswer {
    int status = 0;
    QByteArray contentType;
    qsizetype size = 0;
    QByteArray kid; // the signer's
    std::vector<keys::Row> keys;
    std::optional<twin::StartError> refusal; // of the set, or of the signer that is built from it
    bool ofSet = false;                      // the refusal is of the answer, whoever asks
};

struct Seen {
    LookRequest request;
    std::vector<net::SeenHop> hops;
    std::optional<http::TransportError> error;
    QByteArray words; // the gateway's, of what stopped it; empty where nothing did
    bool hangs = false;
    double ms = 0;
    std::optional<twin::StartError> startError; // key hosts of the document
    std::optional<SeenAnswer> answer;
    [[nodiscard]] const net::TlsPolicy &policy() const { return request.target.policy.tls; }
    [[nodiscard]] std::optional<http::TransportError> errorAt(std::size_t hop) const;
};

// Runs one look at a time. The result of an earlier one never comes.
class ConnectionLook : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    ~ConnectionLook() override;
    void start(const LookRequest &request);
    void cancel(); // nothing comes
    [[nodiscard]] bool isRunning() const { return m_probe != nullptr; }
    [[nodiscard]] qint64 elapsedMs() const { return m_since.elapsed(); }

Q_SIGNALS:
    void finished(const tokenlab::ui::Seen &seen);

private:
    QPointer<lab::Probe> m_probe;
    QElapsedTimer m_since;
};

} // namespace tokenlab::ui
