#include "core/net/qtmanager.h"

#include <QIODevice>
#include <QNetworkAccessManager>
#include <QThread>

#include <algorithm>

namespace tokenlab::net {

namespace {

class OneTimeBody : public QIODevice
{
public:
    OneTimeBody(QByteArray bytes, QObject *parent) : QIODevice(parent), m_bytes(std::move(bytes))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }
    bool isSequential() const override { return true; }
    qint64 bytesAvailable() const override { return m_bytes.size() - m_at + QIODevice::bytesAvailable(); }
    bool atEnd() const override { return m_at == m_bytes.size(); }
    bool seek(qint64) override { return false; } // silently: the base class warns

protected:
    qint64 readData(char *data, qint64 most) override
    {
        const qint64 n = std::min<qint64>(most, m_bytes.size() - m_at);
        if (n == 0)
            return -1;
        std::copy_n(m_bytes.constData() + m_at, n, data);
        m_at += n;
        return n;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_bytes;
    qint64 m_at = 0;
};

} // namespace

QIODevice *oneTimeBody(const QByteArray &bytes, QObject *parent)
{
    return new OneTimeBody(bytes, parent);
}

void bury(QNetworkAccessManager *manager)
{
    manager->setParent(nullptr);
    QThread *thread = QThread::create([manager] { delete manager; });
    manager->moveToThread(thread);
    QObject::connect(thread, &QThread::finished, thread, &QObject::deleteLater);
    thread->start();
}

QNetworkProxy qtProxy(const Url &proxy, bool secure)
{
    QNetworkProxy out;
    if (proxy.scheme.startsWith("socks5"))
        out.setType(QNetworkProxy::Socks5Proxy);
    else
        out.setType(secure ? QNetworkProxy::HttpProxy : QNetworkProxy::HttpCachingProxy);
    out.setHostName(QString::fromUtf8(proxy.hostName()));
    out.setPort(quint16(std::max(0, proxy.portText().isEmpty() && proxy.scheme.startsWith("socks5") ? 1080 : proxy.port())));
    if (proxy.user) {
        out.setUser(QString::fromUtf8(proxy.user->name));
        out.setPassword(QString::fromUtf8(proxy.user->password.value_or(QByteArray())));
    }
    return out;
}

} // namespace tokenlab::net
