#include "core/lab/keytext.h"

namespace tokenlab::lab {

using http::FetchError;

bool isKeyUrl(const QString &text)
{
    return text.startsWith(QLatin1String("http://"), Qt::CaseInsensitive) ||
           text.startsWith(QLatin1String("https://"), Qt::CaseInsensitive);
}

KeyText::KeyText(const KeyUrl &url, const Bindings &bindings, const RunLimits &limits, QObject *parent)
    : QObject(parent), m_url(url), m_bindings(bindings), m_limits(limits)
{
}

void KeyText::start()
{
    if (!m_url.insecure && !m_url.url.startsWith("https://")) {
        QMetaObject::invokeMethod(
            this,
            [this] {
                if (!m_aborted)
                    Q_EMIT finished(fail(FetchError{FetchError::Unprotected, m_url.url, 0, {}}));
            },
            Qt::QueuedConnection);
        return;
    }
    twin::NeedDownload need;
    need.url = m_url.url;
    need.verify = !m_url.insecure;
    need.pins = m_url.pins;
    need.extraRoots = m_url.extraRoots;
    m_download = new KeyDownload(need, m_bindings, m_limits, this);
    // Queued: what is bound to a file is there at once.
    connect(
        m_download, &KeyDownload::finished, this, [this](const twin::DownloadSupply &supply, bool) { take(supply); }, Qt::QueuedConnection);
    m_download->start();
}

void KeyText::take(const twin::DownloadSupply &supply)
{
    if (m_download)
        m_download->deleteLater();
    if (m_aborted)
        return;
    if (!supply) {
        Q_EMIT finished(fail(FetchError{FetchError::Transport, m_url.url, 0, supply.error()}));
        return;
    }
    const http::Reply &reply = *supply;
    if (reply.status < 200 || reply.status > 299)
        Q_EMIT finished(fail(FetchError{FetchError::Status, reply.finalUrl, reply.status, {}}));
    else if (reply.cut || !reply.bodyError.isEmpty())
        Q_EMIT finished(fail(FetchError{FetchError::Cut, reply.finalUrl, reply.status, {}}));
    else
        Q_EMIT finished(reply.body);
}

void KeyText::abort()
{
    m_aborted = true;
    if (m_download) {
        m_download->disconnect(this);
        m_download->abort();
    }
}

} // namespace tokenlab::lab
