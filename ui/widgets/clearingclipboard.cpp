#include "ui/widgets/clearingclipboard.h"

#include "core/crypto/hash.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>

namespace tokenlab::ui {

ClearingClipboard::ClearingClipboard(QClipboard *clipboard, std::chrono::milliseconds delay, QObject *parent)
    : QObject(parent),
      m_clipboard(clipboard),
      m_isApplications(clipboard == QGuiApplication::clipboard()),
      m_salt(crypto::SecretBytes::random(16).view().toByteArray())
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(delay);
    connect(&m_timer, &QTimer::timeout, this, &ClearingClipboard::clear);
    connect(m_clipboard, &QClipboard::dataChanged, this, &ClearingClipboard::look);
}

ClearingClipboard::~ClearingClipboard()
{
    const QSignalBlocker quiet(this);
    // The application's clipboard is gone before the last objects are.
    if (!m_isApplications || (qGuiApp && !QCoreApplication::closingDown()))
        clear();
}

void ClearingClipboard::copy(const QString &secret)
{
    m_trace = trace(secret);
    auto *data = new QMimeData;
    data->setText(secret);
    data->setData(QStringLiteral("x-kde-passwordManagerHint"), QByteArrayLiteral("secret"));
    m_clipboard->setMimeData(data);
    m_timer.start();
    Q_EMIT changed();
}

void ClearingClipboard::copy(const crypto::SecretBytes &utf8)
{
    QString text = QString::fromUtf8(utf8.view());
    copy(text);
    text.fill(QChar(u' ')); // the clipboard has its own
}

void ClearingClipboard::clear()
{
    if (!holds())
        return;
    const bool ours = trace(m_clipboard->text()) == m_trace;
    forget();
    if (!ours)
        return;
    m_clipboard->clear();
    Q_EMIT cleared();
}

bool ClearingClipboard::holds() const
{
    return !m_trace.isEmpty();
}

std::chrono::milliseconds ClearingClipboard::remaining() const
{
    return std::chrono::milliseconds(holds() ? qBound(0, m_timer.remainingTime(), m_timer.interval()) : 0);
}

void ClearingClipboard::look()
{
    if (holds() && trace(m_clipboard->text()) != m_trace)
        forget();
}

void ClearingClipboard::forget()
{
    if (!holds())
        return;
    m_trace.clear();
    m_timer.stop();
    Q_EMIT changed();
}

QByteArray ClearingClipboard::trace(const QString &text) const
{
    QByteArray bytes = m_salt + text.toUtf8();
    QByteArray digest = crypto::digest(crypto::Hash::Sha256, bytes);
    crypto::wipe(bytes);
    return digest;
}

} // namespace tokenlab::ui
