// The text of a key set at a URL that a user names: over the gateway's key client with its TLS rules, but a status other than 2xx and an
// answer that breaks off are errors.
#pragma once

#include "core/http/fetcherror.h"
#include "core/lab/keydownload.h"

namespace tokenlab::lab {

struct KeyUrl {
    QByteArray url;
    std::vector<QByteArray> extraRoots; // contents of PEM files
    std::vector<QByteArray> pins;       // decoded
    bool insecure = false;              // http, and whoever answers over https, as disable_jwk_security allows
};

[[nodiscard]] bool isKeyUrl(const QString &text); // http or https, in any case

class KeyText : public QObject
{
    Q_OBJECT
public:
    KeyText(const KeyUrl &url, const Bindings &bindings, const RunLimits &limits, QObject *parent = nullptr);
    void start();
    void abort();

Q_SIGNALS:
    // Once, from the event loop, unless it was aborted or destroyed.
    void finished(const tokenlab::Result<QByteArray, tokenlab::http::FetchError> &text);

private:
    void take(const twin::DownloadSupply &supply);

    KeyUrl m_url;
    Bindings m_bindings;
    RunLimits m_limits;
    QPointer<KeyDownload> m_download;
    bool m_aborted = false;
};

} // namespace tokenlab::lab
