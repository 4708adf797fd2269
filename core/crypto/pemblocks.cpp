#include "core/crypto/certificate_p.h"

#include <QList>

#include <algorithm>

namespace tokenlab::crypto {

namespace {

constexpr QByteArrayView Begin("-----BEGIN ");
constexpr QByteArrayView End("\n-----END ");
constexpr QByteArrayView Dashes("-----");

struct Line {
    QByteArrayView text; // without what is blank at its end
    qsizetype size = 0;  // with its line feed
};

Line lineAt(QByteArrayView bytes, qsizetype at)
{
    const qsizetype feed = bytes.indexOf('\n', at);
    Line out;
    out.text = bytes.sliced(at, (feed < 0 ? bytes.size() : feed) - at);
    out.size = (feed < 0 ? bytes.size() : feed + 1) - at;
    if (feed >= 0 && out.text.endsWith('\r'))
        out.text.chop(1);
    while (out.text.endsWith(' ') || out.text.endsWith('\t'))
        out.text.chop(1);
    return out;
}

// Standard base64 with its padding; what is blank is passed over.
std::optional<QByteArray> decoded(QByteArrayView text)
{
    QByteArray plain;
    for (const char c : text) {
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            plain += c;
    }
    qsizetype padding = 0;
    while (padding < 2 && plain.size() > padding && plain[plain.size() - 1 - padding] == '=')
        ++padding;
    if (plain.size() % 4 != 0 || plain.first(plain.size() - padding).contains('='))
        return std::nullopt;
    const auto bytes = QByteArray::fromBase64Encoding(plain, QByteArray::AbortOnBase64DecodingErrors);
    return bytes ? std::optional(bytes.decoded) : std::nullopt;
}

// What lies between the last beginning before an end and that end; nothing where they do not make a block without headers.
std::optional<QByteArray> certificateIn(QByteArrayView pem, qsizetype from, qsizetype end)
{
    const qsizetype begin = pem.first(end).lastIndexOf(Begin);
    if (begin < from || (begin > 0 && pem[begin - 1] != '\n'))
        return std::nullopt;
    const Line type = lineAt(pem, begin + Begin.size());
    // A begin line that is not ended before the end's own may share its line feed.
    const qsizetype body = begin + Begin.size() + type.size;
    if (type.text != QByteArrayView("CERTIFICATE-----") || body > end + 1)
        return std::nullopt;
    if (body < pem.size() && lineAt(pem, body).text.contains(':'))
        return std::nullopt;
    const qsizetype trailer = end + End.size();
    const QByteArrayView last = lineAt(pem, trailer).text;
    if (last != type.text)
        return std::nullopt;
    return body > end ? QByteArray() : decoded(pem.sliced(body, end - body));
}

} // namespace

std::vector<QByteArray> pemCertificates(QByteArrayView pem)
{
    std::vector<QByteArray> out;
    qsizetype from = 0;
    for (qsizetype end = pem.indexOf(End); end >= 0; end = pem.indexOf(End, end + 1)) {
        if (auto der = certificateIn(pem, from, end); der && !der->isEmpty())
            out.push_back(*std::move(der));
        from = end + 1;
    }
    return out;
}

} // namespace tokenlab::crypto
