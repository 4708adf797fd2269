#include "app/cli/session.h"

#include "app/cli/jsontext.h"

#include <QCoreApplication>

#include <cerrno>
#include <cstdio>

namespace tokenlab::cli {

Session::Session(QObject *parent) : QObject(parent)
{
    // Both stay open when the files go: they belong to the process.
    (void)m_out.open(stdout, QIODevice::WriteOnly, QFileDevice::DontCloseHandle);
    (void)m_err.open(stderr, QIODevice::WriteOnly, QFileDevice::DontCloseHandle);
}

void Session::out(const QByteArray &text)
{
    m_printed = true; // even where it fails: half an object would not be made whole by a second one
    errno = 0;
    if (m_out.write(text) == text.size() && m_out.flush())
        return;
    m_lost = true;
    // A reader that has seen enough (`| head`) is no reason for words.
    if (errno == EPIPE)
        finish(Outside);
    else
        fail(Outside, tr("standard output cannot be written (%1)").arg(m_out.errorString()));
}

void Session::notice(const QString &sentence)
{
    QString line = sentence;
    line.replace(QLatin1Char('\n'), QLatin1Char(' '));
    m_err.write("token-lab: " + line.toUtf8() + '\n');
    m_err.flush();
}

void Session::remark(const QString &sentence)
{
    m_remarks.append(sentence);
    notice(sentence);
}

void Session::fail(int code, const QString &sentence)
{
    notice(sentence);
    if (m_json && !m_printed)
        out(JsonObject().add("error", jsonString(sentence.toUtf8())).text() + '\n');
    finish(code);
}

void Session::finish(int code)
{
    if (m_finished)
        return;
    m_finished = true;
    // A command may end before the event loop has begun.
    QMetaObject::invokeMethod(
        QCoreApplication::instance(), [code] { QCoreApplication::exit(code); }, Qt::QueuedConnection);
}

} // namespace tokenlab::cli
