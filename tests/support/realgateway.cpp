#include "tests/support/realgateway.h"

#include <QFile>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>

#ifdef Q_OS_LINUX
#include <csignal>
#include <sys/prctl.h>
#endif

namespace tokenlab::testsupport {
namespace {

int freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

QByteArray joinedChunks(QByteArrayView text, bool &whole)
{
    QByteArray out;
    whole = false;
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype end = text.indexOf("\r\n", at);
        if (end < 0)
            return out;
        bool ok = false;
        const int size = text.sliced(at, end - at).toByteArray().toInt(&ok, 16);
        if (!ok || end + 2 + size > text.size())
            return out;
        if (size == 0) {
            whole = true;
            return out;
        }
        out.append(text.data() + end + 2, size);
        at = end + 2 + size + 2;
    }
    return out;
}

} // namespace

QString RealGateway::find()
{
    const QString named = qEnvironmentVariable("TOKENLAB_KRAKEND");
    return named.isEmpty() ? QStandardPaths::findExecutable(QStringLiteral("krakend")) : named;
}

RealGateway::RealGateway(QObject *parent) : QObject(parent), m_port(freePort())
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : environment.keys())
        if (name.startsWith(QLatin1String("KRAKEND_")) || name.startsWith(QLatin1String("FC_")))
            environment.remove(name);
    environment.insert(QStringLiteral("USAGE_DISABLE"), QStringLiteral("1"));
    environment.insert(QStringLiteral("GIN_MODE"), QStringLiteral("release"));
    m_process.setProcessEnvironment(environment);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setWorkingDirectory(m_folder.path());
#ifdef Q_OS_LINUX
    // Also where this process is killed.
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
#endif
    connect(&m_process, &QProcess::readyRead, this, [this] {
        m_output += m_process.readAll();
        m_listening = m_listening || m_output.contains("Listening on port");
        Q_EMIT changed();
    });
    connect(&m_process, &QProcess::finished, this, &RealGateway::changed);
}

RealGateway::~RealGateway()
{
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished(5000);
}

bool RealGateway::start(const QByteArray &configuration)
{
    QFile file(m_folder.filePath(QStringLiteral("krakend.json")));
    if (m_port == 0 || !file.open(QIODevice::WriteOnly) || file.write(configuration) != configuration.size())
        return false;
    file.close();
    m_process.start(find(), {QStringLiteral("run"), QStringLiteral("-c"), file.fileName()});
    return m_process.waitForStarted();
}

std::map<QByteArray, QByteArrayList> RealGateway::logs() const
{
    static const QRegularExpression entryStart(QStringLiteral(R"(^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d KRAKEND )"),
                                               QRegularExpression::MultilineOption);
    static const QRegularExpression otherLines(QStringLiteral(R"(\n\[GIN\]|\n\d{4}/\d\d/\d\d )"));
    static const QRegularExpression level(QStringLiteral("^(ERROR|WARNING|CRITICAL): (.*)$"),
                                          QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression named(QStringLiteral(R"(/c\d+\b)"));
    std::map<QByteArray, QByteArrayList> lines;
    for (QString entry : QString::fromUtf8(m_output).split(entryStart)) {
        if (const auto other = otherLines.match(entry); other.hasMatch())
            entry.truncate(other.capturedStart());
        while (entry.endsWith(QLatin1Char('\n')))
            entry.chop(1);
        const auto match = level.match(entry);
        if (!match.hasMatch())
            continue;
        const QString text = match.captured(2);
        if (const auto path = named.match(text); path.hasMatch())
            lines[path.captured().toUtf8()].append((match.captured(1) + QLatin1Char(' ') + text).toUtf8());
    }
    return lines;
}

RawExchange::RawExchange(int port, const twin::ClientRequest &request, QObject *parent) : QObject(parent)
{
    auto *socket = new QTcpSocket(this);
    QByteArray head = request.method + ' ' + request.target + " HTTP/1.1\r\nHost: " + request.host + "\r\nConnection: close\r\n";
    for (const http::Header &header : request.headers)
        head += header.name + ": " + header.value + "\r\n";
    if (!request.body.isEmpty())
        head += "Content-Length: " + QByteArray::number(request.body.size()) + "\r\n";
    const QByteArray message = head + "\r\n" + request.body;
    connect(socket, &QTcpSocket::connected, this, [socket, message] { socket->write(message); });
    connect(socket, &QTcpSocket::readyRead, this, [this, socket] { m_received += socket->readAll(); });
    const auto finish = [this, socket] {
        if (m_done)
            return;
        m_received += socket->readAll();
        m_done = true;
        Q_EMIT done();
    };
    connect(socket, &QTcpSocket::disconnected, this, finish);
    connect(socket, &QTcpSocket::errorOccurred, this, finish);
    socket->connectToHost(QStringLiteral("127.0.0.1"), quint16(port));
}

Answer RawExchange::answer() const
{
    Answer answer;
    const qsizetype end = m_received.indexOf("\r\n\r\n");
    if (end < 0)
        return answer;
    const QByteArray body = m_received.mid(end + 4);
    const auto lines = m_received.first(end).replace("\r\n", "\n").split('\n');
    answer.status = lines.first().mid(9, 3).toInt();
    qint64 length = -1;
    bool chunked = false;
    for (const QByteArray &line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        const QByteArray name = line.first(std::max<qsizetype>(0, colon)).toLower();
        const QByteArray value = line.mid(colon + 1).trimmed();
        if (name == "content-type")
            answer.contentType = value;
        else if (name == "content-length")
            length = value.toLongLong();
        else if (name == "transfer-encoding")
            chunked = value == "chunked";
    }
    if (chunked) {
        bool whole = false;
        answer.body = joinedChunks(body, whole);
        answer.brokenOff = !whole;
    } else {
        answer.body = length >= 0 ? body.first(std::min<qsizetype>(body.size(), length)) : body;
        answer.brokenOff = length > body.size() && answer.status != 304;
    }
    return answer;
}

} // namespace tokenlab::testsupport
