#include "core/text/advice.h"
#include "core/text/text.h"

#include <QCoreApplication>

namespace tokenlab::text {

namespace {

struct Errors {
    Q_DECLARE_TR_FUNCTIONS(Errors)
};

QString place(const QString &file, const QByteArray &source, qsizetype offset)
{
    const json::Position at = json::positionOf(source, offset);
    return Errors::tr("%1, line %2, column %3").arg(file, QString::number(at.line), QString::number(at.column));
}

bool looksBinary(const QByteArray &source)
{
    return source.left(4096).contains('\0');
}

// What a person would want to know first about a file that is no JSON at all.
QString oddity(const QByteArray &source)
{
    if (source.trimmed().isEmpty())
        return Errors::tr("the file is empty");
    if (source.startsWith("\xef\xbb\xbf"))
        return Errors::tr("the file begins with a byte order mark, which the gateway refuses: save it as UTF-8 without BOM");
    if (source.startsWith("\xff\xfe") || source.startsWith("\xfe\xff"))
        return Errors::tr("the file is UTF-16: save it as UTF-8");
    if (looksBinary(source))
        return Errors::tr("the file is binary, not JSON");
    return {};
}

QString syntax(const QString &words, qsizetype offset, const QString &file, const QByteArray &source)
{
    const QString odd = oddity(source);
    if (!odd.isEmpty())
        return Errors::tr("%1: %2 (%3)").arg(place(file, source, offset), odd, words);
    return Errors::tr("%1: %2").arg(place(file, source, offset), words);
}

} // namespace

QString sentence(const twin::StartError &error)
{
    const QString words = oneLine(error.text);
    if (error.hangs)
        return Errors::tr(
            "The key host stays silent: the gateway would wait for it for ever and never open its port. Make it answer, or bind it to "
            "another host.");
    if (error.unknown)
        return Errors::tr("What the gateway would get from the key host cannot be told: %1.").arg(words);
    if (error.crash)
        return Errors::tr("The gateway would crash at its start (%1). Look at the key's kid and file.").arg(words);
    return join(signerAdvice(error.text));
}

QString sentence(const http::TransportError &error)
{
    const QString url = inert(error.url), words = inert(error.text);
    const auto at = [&](const QString &what) {
        const QString told = words.isEmpty() ? what : Errors::tr("%1 (%2)").arg(what, words);
        return url.isEmpty() ? Errors::tr("%1.").arg(told) : Errors::tr("%1: %2.").arg(url, told);
    };
    using Kind = http::TransportError;
    switch (error.kind) {
    case Kind::BadUrl:
        return at(Errors::tr("this is no URL"));
    case Kind::UnsupportedScheme:
        return at(Errors::tr("only http:// and https:// can be fetched"));
    case Kind::NoHost:
        return at(Errors::tr("the URL has no host"));
    case Kind::Dns:
        return at(Errors::tr("the host name is not known"));
    case Kind::Refused:
        return at(Errors::tr("nothing listens there"));
    case Kind::Unreachable:
        return at(Errors::tr("the host cannot be reached"));
    case Kind::Timeout:
        return at(Errors::tr("no answer within the time allowed"));
    case Kind::ClosedEarly:
        return at(Errors::tr("the connection was closed before the answer was complete"));
    case Kind::NotHttp:
        return at(Errors::tr("the answer is not HTTP"));
    case Kind::TooLarge:
        return at(Errors::tr("the answer is larger than Token Lab takes"));
    case Kind::TooManyRedirects:
        return at(Errors::tr("it redirects for ever"));
    case Kind::BadRedirect:
        return at(Errors::tr("it redirects to an address that cannot be followed"));
    case Kind::BadEncoding:
        return at(Errors::tr("the answer says gzip and is not"));
    case Kind::TlsUntrusted:
        return at(Errors::tr("its certificate is not trusted"));
    case Kind::TlsHandshake:
        return at(Errors::tr("the TLS handshake failed"));
    case Kind::TlsNotTls:
        return at(Errors::tr("it does not speak TLS on that port"));
    case Kind::PinMismatch:
        return at(Errors::tr("none of its certificates matches a pin"));
    case Kind::Cancelled:
        return at(Errors::tr("cancelled"));
    case Kind::Other:
        break;
    }
    return at(Errors::tr("the exchange failed"));
}

QString sentence(const json::SyntaxError &error, const QString &file, const QByteArray &source)
{
    return syntax(inert(json::gatewayText(error)), error.offset, file, source);
}

QString sentence(const gateway::ConfigError &error, const QString &file, const QByteArray &source)
{
    const QString words = oneLine(error.text);
    switch (error.kind) {
    case gateway::ConfigError::Unreadable:
        return Errors::tr("%1: cannot be read (%2).").arg(file, words);
    case gateway::ConfigError::NotReadYet:
        return Errors::tr("%1: YAML and TOML files are not read yet; convert it to JSON.").arg(file);
    case gateway::ConfigError::Crash:
        return error.pointer.isEmpty()
                   ? Errors::tr("%1: the gateway would crash on this file (%2).").arg(file, words)
                   : Errors::tr("%1, %2: the gateway would crash on this file (%3).").arg(file, inert(error.pointer), words);
    case gateway::ConfigError::Parse:
        break;
    }
    if (error.offset >= 0)
        return syntax(words, error.offset, file, source);
    if (source.trimmed().isEmpty())
        return syntax(words, 0, file, source);
    return error.pointer.isEmpty() ? Errors::tr("%1: %2").arg(file, words)
                                   : Errors::tr("%1, %2: %3").arg(file, inert(error.pointer), words);
}

QString sentence(const http::MessageError &error, const QString &file, const QByteArray &source)
{
    return Errors::tr("%1: not an HTTP response as curl -i prints it (%2)").arg(place(file, source, error.offset), inert(error.what));
}

QString sentence(const jose::KeySetError &error, const QString &source)
{
    const QString words = oneLine(error.text);
    if (error.index < 0)
        return Errors::tr("%1: %2").arg(source, words);
    const QString where = error.member.isEmpty() ? QStringLiteral("/keys/%1").arg(error.index)
                                                 : QStringLiteral("/keys/%1/").arg(error.index) + inert(error.member);
    return Errors::tr("%1, %2: %3").arg(source, where, words);
}

} // namespace tokenlab::text
