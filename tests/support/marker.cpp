#include "marker.h"

#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

namespace tokenlab::testsupport {
namespace {

// Base64 of bytes that begin at an offset of a group: the characters that depend on nothing else.
QByteArray base64At(const QByteArray &bytes, int offset, QByteArray::Base64Options options)
{
    const QByteArray text = (QByteArray(offset, '\0') + bytes).toBase64(options | QByteArray::OmitTrailingEquals);
    const int before = offset == 0 ? 0 : offset + 1;
    const qsizetype whole = (offset + bytes.size()) / 3 * 4;
    return text.sliced(before, whole - before);
}

} // namespace

Marker::Marker(const QByteArray &secret)
{
    const QByteArray core = secret.size() > 16 ? secret.sliced((secret.size() - 16) / 2, 16) : secret;
    m_spellings = {{"raw", core},
                   {"hex", core.toHex()},
                   {"HEX", core.toHex().toUpper()},
                   {"percent", core.toPercentEncoding({}, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")}};
    for (int offset = 0; offset < 3; ++offset) {
        m_spellings.push_back({"base64", base64At(core, offset, QByteArray::Base64Encoding)});
        m_spellings.push_back({"base64url", base64At(core, offset, QByteArray::Base64UrlEncoding)});
    }
}

QByteArray Marker::foundIn(const QByteArray &text) const
{
    for (const Spelling &spelling : m_spellings)
        if (text.contains(spelling.text))
            return spelling.name;
    // UTF-16, as QString holds it and QDataStream writes it.
    QByteArray narrow;
    for (qsizetype first = 0; first < 2; ++first) {
        narrow.clear();
        for (qsizetype i = first; i < text.size(); i += 2)
            narrow += text[i];
        for (const Spelling &spelling : m_spellings)
            if (narrow.contains(spelling.text))
                return QByteArray("UTF-16 of ") + spelling.name;
    }
    return {};
}

QStringList Marker::foundBelow(const QString &folder, const QStringList &except) const
{
    QStringList found;
    QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        if (except.contains(path))
            continue;
        QByteArray where = foundIn(path.toUtf8());
        QFile file(path);
        if (where.isEmpty() && QFileInfo(path).isFile() && file.open(QIODevice::ReadOnly))
            where = foundIn(file.readAll());
        if (!where.isEmpty())
            found.append(path + QStringLiteral(": ") + QString::fromUtf8(where));
    }
    return found;
}

} // namespace tokenlab::testsupport
